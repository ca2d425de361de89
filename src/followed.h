/* Forgets skbs that the probes follow although they have ended: the kernel frees some unseen. */
#ifndef TRACEPKT_FOLLOWED_H
#define TRACEPKT_FOLLOWED_H

#include "loader.h"

#include <stdint.h>

struct followed {
	uint64_t forgotten[PROBE_PLAN_UNITS];
};

/* To be called about once a second; now_ns as in struct event. */
void followed_forget(struct followed *f, const struct loaded *l, uint64_t now_ns);

/* How many there were in all. */
uint64_t followed_forgotten(const struct followed *f);

#endif
