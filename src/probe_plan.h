/*
 * Which probes are compiled with which types. As a rule that is one text. Where the kernel's BTF
 * lacks what the netfilter probes need (5.10 has none for modules), these are compiled for
 * themselves, with the installed headers.
 */
#ifndef TRACEPKT_PROBE_PLAN_H
#define TRACEPKT_PROBE_PLAN_H

#include "kernel_types.h"
#include "options.h"
#include "workdir.h"

#include <stdint.h>

#define PROBE_PLAN_UNITS       2
#define PROBE_UNIT_MAX_DEFINES 16
#define PROBE_PLAN_MISSING     512

struct probe_unit {
	char *text;          /* assembled */
	unsigned int groups; /* set of enum attach_group that it has programs for */
	struct kernel_types types;
	char defines[PROBE_UNIT_MAX_DEFINES][48]; /* arguments for the compiler */
	unsigned int n_defines;
	unsigned int n_load_defines; /* the last of them, which can be left out: kernel_loads.h */
	uint32_t rdonly_cast;        /* what they name; 0: nothing */
};

struct probe_plan {
	struct probe_unit units[PROBE_PLAN_UNITS];
	unsigned int n_units;
	char *devices_text;               /* the embedded text without netfilter's part */
	char missing[PROBE_PLAN_MISSING]; /* what of netfilter is left out and why, or empty */
};

/*
 * Makes the plan; by_socket: packets that cannot be read are known by the ping's socket; w is for
 * kheaders, which are unpacked there. 0, or -1 (said). Nothing is given back, for a process that
 * ends soon.
 */
int probe_plan_make(struct probe_plan *plan, const struct options *o, bool by_socket,
		    const struct workdir *w);

#endif
