/* Capabilities, checked before anything is set up. */
#include "privileges.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* include/uapi/linux/capability.h of 5.8, in case the headers are older */
#define BIT_PERFMON 38
#define BIT_BPF     39

static bool has(uint64_t effective, unsigned int bit)
{
	return effective >> bit & 1;
}

const char *privileges_missing(uint64_t effective, bool enters_netns, bool perf_refused)
{
	bool admin = has(effective, CAP_SYS_ADMIN);

	if (!has(effective, CAP_NET_RAW))
		return "CAP_NET_RAW";
	if (enters_netns && !admin)
		return "CAP_SYS_ADMIN";
	/* kernel/bpf/syscall.c: CAP_SYS_ADMIN stands for both, and is the only one before 5.8 */
	if (!admin && !has(effective, BIT_BPF))
		return "CAP_BPF (or CAP_SYS_ADMIN)";
	if (!admin && !has(effective, BIT_PERFMON))
		return "CAP_PERFMON (or CAP_SYS_ADMIN)";
	if (!admin && perf_refused)
		return "CAP_SYS_ADMIN (as kernel.perf_event_paranoid is above 2)";
	return NULL;
}

/*
 * Debian's kernels have a level of paranoia beyond those of Linux, at which perf_event_open() fails
 * for whoever lacks CAP_SYS_ADMIN; elsewhere the same number means no more than 2.
 */
static bool perf_is_refused(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_BPF_OUTPUT};
	char paranoid[16];
	long fd;

	if (read_line("/proc/sys/kernel/perf_event_paranoid", paranoid, sizeof(paranoid)) ||
	    strtol(paranoid, NULL, 10) <= 2)
		return false;
	fd = syscall(SYS_perf_event_open, &attr, -1, sched_getcpu(), -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0)
		close((int)fd);
	return fd < 0 && errno == EACCES;
}

int privileges_check(bool enters_netns)
{
	uint64_t effective = 0;
	const char *missing;
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	bool found = false;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "CapEff:", 7) == 0) {
			effective = strtoull(line + 7, NULL, 16);
			found = true;
		}
	if (f)
		fclose(f);
	if (!found) /* no /proc: the kernel will tell later */
		return 0;
	missing = privileges_missing(effective, enters_netns, perf_is_refused());
	if (!missing)
		return 0;
	say_error(geteuid() == 0 ? "this root lacks %s; give it to the container or service"
				 : "not root and without %s; run it with sudo",
		  missing);
	return -1;
}
