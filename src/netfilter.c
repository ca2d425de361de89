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

/* A kernel without modules.builtin was built by hand: does it have the function? */
static bool is_in_kallsyms(const char *function)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *name = strchr(line, ' ');

		name = name ? strchr(name + 1, ' ') : NULL;
		if (!name)
			continue;
		name++;
		name[strcspn(name, "\t\n ")] = '\0';
		found = strcmp(name, function) == 0;
	}
	if (f)
		fclose(f);
	return found;
}

unsigned int netfilter_present(void)
{
	static const struct {
		enum attach_group group;
		const char *module, *function;
	} parts[] = {
		{GROUP_IPTABLES, "ip_tables", "ipt_do_table"},
		{GROUP_IP6TABLES, "ip6_tables", "ip6t_do_table"},
		{GROUP_NFTABLES, "nf_tables", "nft_do_chain"},
	};
	char path[PATH_MAX], *builtin;
	unsigned int groups = 0;
	struct utsname un;

	uname(&un);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", un.release);
	builtin = read_file_at(AT_FDCWD, path, MAX_BUILTIN_BYTES, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", parts[i].module);
		if (access(path, F_OK) == 0 ||
		    (builtin ? netfilter_is_builtin(builtin, parts[i].module)
			     : is_in_kallsyms(parts[i].function)))
			groups |= parts[i].group;
	}
	free(builtin);
	return groups;
}
