/*
 * Puts the events of each ping together into its hops: drops what is no hop, adds the devices that
 * no tracepoint shows, keeps the count of pings sent and answered, and gathers what the outcome of
 * each is decided from.
 */
#ifndef TRACEPKT_JOURNEY_H
#define TRACEPKT_JOURNEY_H

#include "hop.h"
#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journey;

typedef void (*journey_hop_fn)(void *ctx, const struct hop *h);

/* Names the device of an index in a namespace, for one that was inferred. */
typedef void (*journey_ifname_fn)(void *ctx, uint32_t netns, uint32_t ifindex,
				  char name[IF_NAMESIZE]);

/*
 * Tells the devices of a namespace that lie between one that took a packet in (bottom) and one on
 * top of it, lowest first, at most max. Returns how many; -1 if the top is a bridge, which takes
 * nothing over unseen (with br_netfilter it stands in the state of hooks all the same).
 */
typedef int (*journey_between_fn)(void *ctx, uint32_t netns, uint32_t bottom, uint32_t top,
				  uint32_t *between, size_t max);

/* Is this skb, freed by kfree_skb(), lost? It is not if it was delivered, too. */
typedef bool (*journey_is_lost_fn)(void *ctx, const struct event *e);

/*
 * A ping is over: answered, or its time has run out. Returns a number that journey_reopen_fn is
 * called with if an answer comes after all. w is valid during the call.
 */
typedef int (*journey_close_fn)(void *ctx, const struct way *w);
typedef void (*journey_reopen_fn)(void *ctx, int number);

/* What is asked and told besides hops; any may be NULL. */
struct journey_calls {
	journey_between_fn between; /* else only the uppermost of several devices is found */
	journey_is_lost_fn is_lost; /* else every one is */
	journey_close_fn close;
	journey_reopen_fn reopen;
};

/* NULL: out of memory (said). */
struct journey *journey_new(journey_hop_fn hop, journey_ifname_fn ifname, void *ctx);

/* timeout_ns: how long a reply may take; 0: for ever. */
void journey_set_calls(struct journey *j, const struct journey_calls *calls, uint64_t timeout_ns);

/* A ping was sent. seq counts from 1; on the wire are its low 16 bits. */
void journey_sent(struct journey *j, uint64_t seq, uint64_t sent_ns);

/* The ping could not be sent. */
void journey_send_failed(struct journey *j, uint64_t seq, int error);

/* An ICMP error about one came in. Redirects and source quenches do not count as answers. */
void journey_error(struct journey *j, uint16_t wire_seq, const struct heard_error *e);

/* An answer came in. False: to a ping that is not known (any more). */
bool journey_replied(struct journey *j, uint16_t wire_seq, uint64_t received_ns);

/* Events must come in the order of their time. */
void journey_event(struct journey *j, const struct event *e);

/* Lets go of hops that wait for another event and of pings whose time is over. */
void journey_tick(struct journey *j, uint64_t now_ns);

/* When journey_tick() has something to do next, or 0. */
uint64_t journey_deadline(const struct journey *j);

/*
 * Has this ping been answered; and has the last event of its answer been seen, while no hop of any
 * ping waits?
 */
bool journey_is_answered(const struct journey *j, uint64_t seq);
bool journey_is_settled(const struct journey *j, uint64_t seq);

/* Is there a ping that was not answered, not even by an error, and whose time is not over? */
bool journey_is_waiting(const struct journey *j);

/* Pings that got an error instead of a reply. */
uint64_t journey_errors(const struct journey *j);

/* Lets go of everything that waits, and closes every ping. */
void journey_finish(struct journey *j);

const struct summary *journey_summary(const struct journey *j);

void journey_free(struct journey *j);

#endif
