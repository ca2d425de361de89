/* What the probes are attached to: one line a point. */
#ifndef TRACEPKT_ATTACH_POINTS_H
#define TRACEPKT_ATTACH_POINTS_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

/* Points that come and go together; also the parts of netfilter that they show. */
enum attach_group {
	GROUP_DEVICES = 1,
	GROUP_IPTABLES = 2,
	GROUP_IP6TABLES = 4,
	GROUP_NFTABLES = 8,
};

#define GROUPS_NETFILTER (GROUP_IPTABLES | GROUP_IP6TABLES | GROUP_NFTABLES)

enum attach_need {
	POINT_NEEDED,   /* without it there is no trace */
	POINT_EXPECTED, /* every kernel since 4.7 has it */
	POINT_NEWER,    /* an older kernel has neither it nor what it shows */
};

struct attach_point {
	enum event_probe probe;
	enum attach_group group;
	const char *category; /* tracepoint: its directory below events/ in tracefs; NULL: kprobe */
	const char *name;     /* of the tracepoint or function; the program is on_<name> */
	enum attach_need need;
	const char *loss;    /* what the user does not see if it is missing */
	bool only_under_way; /* it tells nothing when no ping is: see on_demand.h */
	bool shared;         /* without a program of its own it gets a copy of SHARED_PROGRAM */
};

/*
 * The program of several points: a copy for each, in which a map that holds the number of the
 * point (enum event_probe) takes the place of SHARED_PROGRAM_MAP.
 */
#define SHARED_PROGRAM     "on_receive"
#define SHARED_PROGRAM_MAP "point"

extern const struct attach_point attach_points[];
extern const size_t n_attach_points;

/* A program that those of whole groups call (probes/gate.h). Edited probes may do without. */
struct called_program {
	unsigned int groups; /* set of enum attach_group */
	const char *function;
	const char *map; /* where they find it, as the first element; of type PROG_ARRAY */
};

extern const struct called_program called_programs[];
extern const size_t n_called_programs;

/* Attaches a loaded program to a tracepoint. A descriptor, whose closing detaches it; -1 and errno.
 */
int attach_point_tracepoint(const struct attach_point *p, int program, bool raw);

/* The name of a probe as users see it, or NULL. */
const char *attach_point_name(unsigned int probe);

#endif
