/* Makes the plan of what is compiled. */
#include "probe_plan.h"
#include "attach_points.h"
#include "kernel_loads.h"
#include "netfilter.h"
#include "netfilter_abi.h"
#include "probe_text.h"
#include "skb_abi.h"
#include "say.h"
#include "util.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void __attribute__((format(printf, 2, 3)))
add_missing(struct probe_plan *plan, const char *fmt, ...)
{
	size_t used = strlen(plan->missing);
	va_list ap;

	if (used)
		used += (size_t)snprintf(plan->missing + used, sizeof(plan->missing) - used, "; ");
	if (used >= sizeof(plan->missing))
		return;
	va_start(ap, fmt);
	/* clang-tidy 14 takes va_start() for missing */
	// NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized)
	vsnprintf(plan->missing + used, sizeof(plan->missing) - used, fmt, ap);
	va_end(ap);
}

static void define(struct probe_unit *u, const char *text)
{
	if (u->n_defines < PROBE_UNIT_MAX_DEFINES)
		snprintf(u->defines[u->n_defines++], sizeof(u->defines[0]), "%s", text);
}

/* The groups for which there are types. */
static unsigned int groups_of(const struct netfilter_abi *abi)
{
	return (abi->has_iptables ? GROUP_IPTABLES | GROUP_IP6TABLES : 0) |
	       (abi->has_nftables ? GROUP_NFTABLES : 0);
}

static void define_abi(struct probe_unit *u, const struct netfilter_abi *abi)
{
	if (u->groups & (GROUP_IPTABLES | GROUP_IP6TABLES))
		define(u, "-DTP_IPTABLES");
	if (u->groups & GROUP_NFTABLES)
		define(u, "-DTP_NFTABLES");
	if (abi->table_last)
		define(u, "-DTP_IPT_TABLE_LAST");
	if (abi->state_in_xt)
		define(u, "-DTP_NFT_STATE_IN_XT");
}

static struct netfilter_abi abi_of_headers(const struct kernel_types *k)
{
	char *ip = kernel_types_header(k, "linux/netfilter_ipv4/ip_tables.h");
	char *nf = kernel_types_header(k, "net/netfilter/nf_tables.h");
	struct netfilter_abi abi = netfilter_abi_from_headers(ip, nf);

	free(ip);
	free(nf);
	return abi;
}

/* What can be traced of netfilter, and why the rest cannot: all but the types. */
static unsigned int traceable(struct probe_plan *plan)
{
	static const struct {
		unsigned int group;
		const char *what, *module;
	} parts[] = {
		{GROUP_IPTABLES, "iptables", "ip_tables"},
		{GROUP_IP6TABLES, "ip6tables", "ip6_tables"},
		{GROUP_NFTABLES, "nftables", "nf_tables"},
	};
	unsigned int present;

	if (!netfilter_have_kprobes()) {
		add_missing(plan, "netfilter chains are not shown: this kernel has no kprobes "
				  "(CONFIG_KPROBE_EVENTS, 4.17 or later)");
		return 0;
	}
	present = netfilter_present();
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!(present & parts[i].group))
			add_missing(plan, "%s chains are not shown: %s is not loaded (modprobe %s)",
				    parts[i].what, parts[i].module, parts[i].module);
	return present;
}

static void say_no_types(struct probe_plan *plan, unsigned int groups)
{
	char package[256];

	kernel_types_package(package, sizeof(package));
	add_missing(
		plan,
		"%s%s%s chains are not shown: the kernel has no BTF of their module; install %s",
		groups & (GROUP_IPTABLES | GROUP_IP6TABLES) ? "iptables" : "",
		groups & (GROUP_IPTABLES | GROUP_IP6TABLES) && groups & GROUP_NFTABLES ? " and "
										       : "",
		groups & GROUP_NFTABLES ? "nftables" : "", package);
}

/* Where kernel and BTF allow it, the probes load from structures without a helper. */
static void define_loads(struct probe_unit *u)
{
	unsigned int before = u->n_defines;
	char text[sizeof(u->defines[0])];
	struct kernel_loads l;

	if (u->types.source != TYPES_BTF)
		return;
	l = kernel_loads_find(&u->types.btf);
	if (!kernel_loads_work(&l))
		return;
	u->rdonly_cast = l.rdonly_cast;
	snprintf(text, sizeof(text), "-DTP_RDONLY_CAST=%u", l.rdonly_cast);
	define(u, text);
	for (size_t i = 0; i < KERNEL_LOADS_STRUCTS; i++) {
		snprintf(text, sizeof(text), "-DTP_BTF_%s=%u", kernel_loads_structs[i],
			 l.structs[i]);
		define(u, text);
	}
	u->n_load_defines = u->n_defines - before;
}

static int finish_unit(struct probe_unit *u, const struct options *o, bool by_socket,
		       const struct netfilter_abi *abi)
{
	struct skb_abi skb = skb_abi_get(&u->types);
	const char *files[3];
	size_t n = 0;

	if (u->groups & GROUP_DEVICES)
		files[n++] = "device.c";
	if (u->groups & GROUPS_NETFILTER)
		files[n++] = "netfilter.c";
	files[n] = NULL;
	define_abi(u, abi);
	if (skb.has_reason)
		define(u, "-DTP_HAVE_REASON");
	if (skb.has_nfct)
		define(u, "-DTP_HAVE_NFCT");
	if (by_socket)
		define(u, "-DTP_SOCKET");
	define_loads(u);
	u->text = probe_text_assemble(probe_files, files, o->probe_dir);
	return u->text ? 0 : -1;
}

int probe_plan_make(struct probe_plan *plan, const struct options *o, bool by_socket,
		    const struct workdir *w)
{
	struct probe_unit *main_unit = &plan->units[0], *extra = &plan->units[1];
	static const char *const devices[] = {"device.c", NULL};
	struct netfilter_abi abi, header_abi = {0};
	unsigned int wanted;

	memset(plan, 0, sizeof(*plan));
	probe_text_warn_of_strays(probe_files, o->probe_dir, o->verbosity);
	if (kernel_types_choose(&main_unit->types, o->types, w, o->verbosity))
		return -1;
	plan->n_units = 1;
	abi = main_unit->types.source == TYPES_BTF ? netfilter_abi_from_btf(&main_unit->types.btf)
						   : abi_of_headers(&main_unit->types);
	wanted = traceable(plan);
	main_unit->groups = GROUP_DEVICES | (wanted & groups_of(&abi));
	wanted &= ~groups_of(&abi);
	if (wanted && main_unit->types.source == TYPES_BTF) {
		extra->types.source = TYPES_HEADERS;
		header_abi = abi_of_headers(&extra->types);
		if (wanted & groups_of(&header_abi)) {
			plan->n_units = 2;
			extra->groups = wanted & groups_of(&header_abi);
			wanted &= ~extra->groups;
		}
	}
	if (wanted)
		say_no_types(plan, wanted);
	if (finish_unit(main_unit, o, by_socket, &abi))
		return -1;
	if (plan->n_units == 2 && finish_unit(extra, o, by_socket, &header_abi))
		return -1;
	plan->devices_text = probe_text_assemble(probe_files, devices, NULL);
	return plan->devices_text ? 0 : -1;
}
