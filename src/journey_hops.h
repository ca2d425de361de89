/* Makes hops and facts of the events of one ping. Private to src/journey*.c. */
#ifndef TRACEPKT_JOURNEY_HOPS_H
#define TRACEPKT_JOURNEY_HOPS_H

#include "event.h"
#include "journey.h"
#include "trail.h"

/* Who gets the hops, and who is asked about devices and drops; calls.close and .reopen are not. */
struct hop_maker {
	journey_hop_fn hop;
	journey_ifname_fn ifname;
	struct journey_calls calls;
	void *ctx; /* of all of them */
};

/*
 * Hands on the hops that an event of this ping tells of, if any, and takes note of its facts in the
 * trail. Of the same skb, events must come in the order of their time.
 */
void journey_make_hops(const struct hop_maker *m, struct trail *p, const struct event *e);

#endif
