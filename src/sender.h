/* Sends the pings of a run in their rhythm. */
#ifndef TRACEPKT_SENDER_H
#define TRACEPKT_SENDER_H

#include "event.h"
#include "journey.h"
#include "loader.h"
#include "options.h"
#include "ping.h"

#include <stdbool.h>
#include <stdint.h>

struct sender {
	/* set by the caller; they must outlive it */
	const struct options *o;
	struct ping *ping;
	const struct loaded *loaded;
	struct journey *journey; /* is told of each ping */
	/* all times are of CLOCK_MONOTONIC */
	uint64_t seq;          /* of the last ping sent, from 1; 0: none yet */
	uint64_t next_ns;      /* when the next one is due */
	uint64_t last_sent_ns; /* when the last one was sent */
	int last_error;        /* errno, so that each is told once */
	struct event_wanted wanted;
};

/* The first ping is due now. */
void sender_start(struct sender *s, uint64_t now);

/* Has the last ping been sent? Never without --count. */
bool sender_is_done(const struct sender *s);

/* With --interval=0 an answer makes the next ping due: has that come? */
bool sender_is_flood_due(const struct sender *s);

bool sender_is_due(const struct sender *s, uint64_t now);

/* Sends a ping if one is due. One that the kernel did not take is said and counts as sent. */
void sender_send_due(struct sender *s, uint64_t now);

#endif
