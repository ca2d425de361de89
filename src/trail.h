/* What is remembered of one ping while it is under way. */
#ifndef TRACEPKT_TRAIL_H
#define TRACEPKT_TRAIL_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trail_list {
	void *items;
	size_t n, room;
};

/* An skb on its way. */
struct carrier {
	uint64_t skb;
	struct event last; /* of a device */
};

struct trail {
	uint64_t seq; /* 0: unused */
	uint64_t sent_ns;
	bool answered;
	struct trail_list carriers;         /* struct carrier */
	struct trail_list ingresses;        /* struct ingress: devices that took the packet in */
	struct event last[EVENT_REPLY + 1]; /* of each type, of a device; dir 0: none yet */
	struct trail_list held;             /* union record, that wait for the end of held_for */
	uint64_t held_for;                  /* skb, or 0 */
	uint64_t held_until;                /* CLOCK_MONOTONIC, ns */
};

/* Room for one more item of that size at the end; NULL: out of memory. */
void *trail_list_add(struct trail_list *l, size_t size);

/* The skb of that address, or NULL. */
struct carrier *trail_carrier(const struct trail *t, uint64_t skb);

void trail_remove_carrier(struct trail *t, struct carrier *c);

/* Remembers the event of a device as the last of its skb and of its type. */
void trail_note_device(struct trail *t, const struct event *e);

/* Has the packet, a request or reply as e is one, come in by a device of e's namespace? */
bool trail_came_in_by(const struct trail *t, const struct event *e, uint32_t ifindex);

void trail_note_ingress(struct trail *t, const struct event *e, uint32_t ifindex);

/* Frees all and makes it unused. */
void trail_clear(struct trail *t);

#endif
