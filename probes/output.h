/* The way out: the perf buffer, the count of what it had no room for, and what all events tell. */
#ifndef TRACEPKT_OUTPUT_H
#define TRACEPKT_OUTPUT_H

#include "event.h"
#include "packet.h"

BPF_PERF_OUTPUT(events);
BPF_ARRAY(counters, u64, COUNTERS);

static __always_inline void count_lost(void)
{
	int lost = COUNTER_LOST;
	u64 *n = counters.lookup(&lost);

	if (n)
		__sync_fetch_and_add(n, 1);
}

/* A device, and the namespace it is in. */
static __always_inline void describe(const struct net_device *dev, struct event *e)
{
	struct net *net = 0;

	READ_FIELD(&e->ifindex, net_device, dev, ifindex);
	READ_FIELD(&e->ifname, net_device, dev, name);
	READ_FIELD(&net, net_device, dev, nd_net.net);
	READ_FIELD(&e->netns, net, net, ns.inum);
}

#endif
