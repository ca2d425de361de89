/* What is remembered of one ping while it is under way. */
#ifndef TRACEPKT_TRAIL_H
#define TRACEPKT_TRAIL_H

#include "event.h"
#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct trail_list {
	void *items;
	size_t n, room;
};

/* An skb on its way. */
struct carrier {
	uint64_t skb;
	struct event last;        /* of a device */
	char tunnel[IF_NAMESIZE]; /* device that put it into a tunnel, or empty */
};

/* The packet as it was seen last outside of a tunnel. */
struct plain {
	uint8_t family; /* 0: it was not */
	uint8_t saddr[16], daddr[16];
	uint32_t tx_netns;           /* of the last device that it was to leave by, or 0 */
	char tx_ifname[IF_NAMESIZE]; /* that device */
	char tunnel[IF_NAMESIZE];    /* device that put a copy of it into a tunnel, or empty */
};

struct trail {
	uint64_t seq; /* 0: unused */
	uint64_t sent_ns;
	bool waiting; /* for an answer */
	bool answered, late;
	bool closed; /* its outcome was told, as number outcome */
	int outcome;
	int send_error; /* errno, or 0 */
	uint64_t rtt_ns;
	struct heard_error error;
	struct way *way;                /* facts, while the ping is not answered; or NULL */
	struct trail_list carriers;     /* struct carrier */
	struct trail_list ingresses;    /* struct ingress: devices that took the packet in */
	struct event last[EVENT_TYPES]; /* of each type, of a device; dir 0: none yet */
	struct plain plain[EVENT_TYPES];
	struct origin origins[WAY_ORIGINS]; /* where replies were made */
	size_t n_origins;
	struct trail_list held;     /* union record, that wait for the end of held_for */
	uint64_t held_for;          /* skb, or 0 */
	uint64_t held_until;        /* CLOCK_MONOTONIC, ns */
	TAILQ_ENTRY(trail) holding; /* while held_for is set */
};

/* Room for one more item of that size at the end; NULL: out of memory. */
void *trail_list_add(struct trail_list *l, size_t size);

/* The skb of that address, or NULL. */
struct carrier *trail_carrier(const struct trail *t, uint64_t skb);

void trail_remove_carrier(struct trail *t, struct carrier *c);

/* Remembers the event of a device as the last of its skb and of its type. */
void trail_note_device(struct trail *t, const struct event *e);

/* The passage of e's packet, to be filled in; NULL: the ping is answered, or out of memory. */
struct passage *trail_passage(struct trail *t, const struct event *e);

/* The device that put e, which is inside a tunnel, there; "" if it is not known. Before e is noted.
 */
const char *trail_tunnel(struct trail *t, const struct event *e);

/* A reply was made in e's namespace, and leaves by e's device. */
void trail_note_origin(struct trail *t, const struct event *e);

/* Has the packet, a request or reply as e is one, come in by a device of e's namespace? */
bool trail_came_in_by(const struct trail *t, const struct event *e, uint32_t ifindex);

void trail_note_ingress(struct trail *t, const struct event *e, uint32_t ifindex);

/* Frees all and makes it unused. */
void trail_clear(struct trail *t);

#endif
