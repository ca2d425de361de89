/*
 * Plans, compiles, loads and attaches the probes, in a child process that hands over file
 * descriptors and is gone: what LLVM prints, allocates or breaks stays there, and so do the types
 * of the kernel.
 */
#ifndef TRACEPKT_LOADER_H
#define TRACEPKT_LOADER_H

#include "event.h"
#include "on_demand.h"
#include "options.h"
#include "probe_plan.h"

#include <stdbool.h>
#include <stdint.h>

#define LOADER_MAX_POINTS 32
#define LOADER_MAX_HELD   (3 * LOADER_MAX_POINTS)

struct loader_request {
	const struct options *options;
	const struct workdir *dir; /* of the header tree */
	enum attach_way attach;    /* ATTACH_RAW or ATTACH_TRACEPOINT */
	const struct event_wanted *wanted;
	int stop_fd; /* readable: give up (a signalfd), or -1 */
};

/* The attached probes. Closing the descriptors detaches them. */
struct loaded {
	unsigned int n_units;
	int events_fds[PROBE_PLAN_UNITS]; /* perf event arrays that the probes write to */
	/* -1: the unit uses that of the first one, or it was edited out */
	int counter_fds[PROBE_PLAN_UNITS];  /* arrays of u64: enum event_counter */
	int wanted_fds[PROBE_PLAN_UNITS];   /* arrays of one struct event_wanted */
	int followed_fds[PROBE_PLAN_UNITS]; /* hashes of followed skbs, see follow.h */
	int held[LOADER_MAX_HELD];          /* programs and links */
	unsigned int n_held;
	unsigned int groups; /* set of enum attach_group that is attached */
	struct on_demand on_demand;
};

/* 0; -1 (said); 1: stop_fd became readable, nothing is attached. */
int loader_run(const struct loader_request *r, struct loaded *l);

void loader_close(struct loaded *l);

/* Tells the probes the sequence number (host order) of the ping that is sent next. */
void loader_set_seq(const struct loaded *l, struct event_wanted *wanted, uint16_t seq);

/* ATTACH_RAW where the kernel has raw tracepoints (4.17), else ATTACH_TRACEPOINT. */
enum attach_way loader_choose_attach(enum attach_way wanted);

#endif
