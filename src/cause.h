/* Why the kernel dropped a packet at a place: a table of causes, each checked against the system.
 */
#ifndef TRACEPKT_CAUSE_H
#define TRACEPKT_CAUSE_H

#include "outcome.h"

#define CAUSE_TEXT 512

struct cause {
	const char *word; /* for programs */
	/*
	 * Goes on after "the request was dropped in netns web on eth0": starts with ':' or ' '. If
	 * it is whole it is a sentence of its own.
	 */
	char text[CAUSE_TEXT];
	bool whole;
};

/* What is to be explained. */
struct cause_query {
	const struct outcome_context *c;
	const struct way *way;
	const struct passage *passage; /* of the packet that was dropped */
	const struct step *at;         /* where */
	const char *function;          /* that dropped it, or NULL */
	const char *reason;            /* or NULL */
};

/* Why a packet was dropped. There is always a text. */
void cause_of_drop(const struct cause_query *q, struct cause *cause);

/*
 * Why a packet of these addresses is not sent on from a namespace, though nothing dropped it: a
 * neighbour that does not answer. at->ifindex is the device that it came in by, 0 if it was made
 * there. False: no reason found.
 */
bool cause_of_neighbour(const struct cause_query *q, struct cause *cause);

/*
 * Why there is no way for a packet made at a place: "there is no route back to 192.0.2.2 there".
 * False: there is one, or it cannot be told.
 */
bool cause_of_no_way_back(const struct cause_query *q, struct cause *cause);

/* The next hop for a packet at a place; 0, or -1 where it cannot be told. */
int cause_route(const struct cause_query *q, struct system_route *r);

/* "in netns web on eth0", or "on eth0" for the namespace that need not be named. */
void cause_place(const struct outcome_context *c, uint32_t netns, const char *ifname, char *buf,
		 size_t size);

/* "192.0.2.1", of a family of 4 or 6. */
const char *cause_address(int family, const uint8_t *address, char buf[64]);

/* A device's or chain's name made safe, in buf. */
const char *cause_name(const char *name, char *buf, size_t size);

#endif
