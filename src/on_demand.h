/*
 * A tracepoint at which nothing can be learnt while no ping is under way, and which each packet of
 * others passes that a driver takes: net_dev_xmit. It is attached before a ping is sent, and
 * detached when there is none under way for a while. Raw tracepoints only: who closes a perf event
 * waits until all CPUs have passed a grace period (perf_trace_event_unreg() in
 * kernel/trace/trace_event_perf.c), which would hold up rows and pings.
 */
#ifndef TRACEPKT_ON_DEMAND_H
#define TRACEPKT_ON_DEMAND_H

#include "say.h"

#include <stdbool.h>

struct attach_point;

struct on_demand {
	const struct attach_point *point; /* NULL: there is none */
	int *link;                        /* -1: detached; whoever holds it closes it */
	int program;
	bool told; /* it was attached once, and cannot be again */
};

/*
 * Nothing if it is. Should the kernel refuse what it took before, the point is done without until
 * the next time, which is warned of once.
 */
void on_demand_attach(struct on_demand *d, enum verbosity v);

void on_demand_detach(struct on_demand *d);

#endif
