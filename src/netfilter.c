/* Looks for netfilter's modules and for kprobes. */
#include "netfilter.h"
#include "attach_points.h"
#include "util.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MAX_BUILTIN_BYTES (1 << 20)

bool netfilter_have_kprobes(void)
{
	/* the performance monitoring unit "kprobe" of kernel/events/core.c, since 4.17 */
	return access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0;
}

bool netfilter_is_builtin(const char *modules_builtin, const char *module)
{
	char file[64]; /* kernel/net/ipv4/netfilter/ip_tables.ko */

	snprintf(file, sizeof(file), "/%s.ko\n", module);
	return strstr(modules_builtin, file);
}

static const struct part {
	enum attach_group group;
	const char *module, *function;
} parts[] = {
	{GROUP_IPTABLES, "ip_tables", "ipt_do_table"},
	{GROUP_IP6TABLES, "ip6_tables", "ip6t_do_table"},
	{GROUP_NFTABLES, "nf_tables", "nft_do_chain"},
};

/* A kernel without modules.builtin was built by hand: which of the functions has it? */
static unsigned int find_in_kallsyms(void)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	unsigned int groups = 0;
	char line[512];

	while (f && groups != GROUPS_NETFILTER && fgets(line, sizeof(line), f)) {
		char *name = strchr(line, ' '); /* address type name */

		name = name ? strchr(name + 1, ' ') : NULL;
		if (!name)
			continue;
		name++;
		name[strcspn(name, "\t\n ")] = '\0';
		for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
			if (strcmp(name, parts[i].function) == 0)
				groups |= parts[i].group;
	}
	if (f)
		fclose(f);
	return groups;
}

/* The list of modules that are built in, which the caller frees; NULL: there is none. */
static char *read_builtin(void)
{
	char path[PATH_MAX];
	struct utsname un;

	uname(&un);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", un.release);
	return read_file_at(AT_FDCWD, path, MAX_BUILTIN_BYTES, NULL);
}

bool netfilter_module_is_there(const char *module)
{
	char path[PATH_MAX], *builtin;
	bool there;

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (access(path, F_OK) == 0)
		return true;
	builtin = read_builtin();
	there = !builtin || netfilter_is_builtin(builtin, module);
	free(builtin);
	return there;
}

bool netfilter_has_modules(void)
{
	/* a /proc that is mounted with subset=pid has neither, whatever the kernel is */
	return access("/proc/modules", F_OK) == 0 || access("/proc/version", F_OK) != 0;
}

unsigned int netfilter_present(void)
{
	char path[PATH_MAX], *builtin = read_builtin();
	unsigned int groups = 0;

	if (!builtin)
		groups = find_in_kallsyms();
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", parts[i].module);
		if (access(path, F_OK) == 0 ||
		    (builtin && netfilter_is_builtin(builtin, parts[i].module)))
			groups |= parts[i].group;
	}
	free(builtin);
	return groups;
}
