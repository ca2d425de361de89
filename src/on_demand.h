/*
 * A tracepoint at which nothing can be learnt while no ping is under way, and which each packet of
 * others passes that a driver takes: net_dev_xmit. It is attached before a ping is sent, and
 * detached when there is none under way for a while.
 */
#ifndef TRACEPKT_ON_DEMAND_H
#define TRACEPKT_ON_DEMAND_H

#include <stdbool.h>

struct attach_point;

struct on_demand {
	const struct attach_point *point; /* NULL: there is none */
	int *link;                        /* -1: detached; whoever holds it closes it */
	int program;
	bool raw; /* a raw tracepoint */
};

/* Nothing if it is. Should the kernel refuse, what it took before, the point is done without. */
void on_demand_attach(struct on_demand *d);

void on_demand_detach(struct on_demand *d);

#endif
