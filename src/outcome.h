/*
 * What became of a ping, in a sentence: decided from the facts of its way, checked against what the
 * namespaces concerned say of themselves. Only what was verified is stated as a fact.
 */
#ifndef TRACEPKT_OUTCOME_H
#define TRACEPKT_OUTCOME_H

#include "system.h"
#include "way.h"

#include <stdbool.h>
#include <stdint.h>

struct outcome_context {
	const struct system_ops *system;
	void *system_ctx;
	uint32_t netns;               /* of the ping */
	uint32_t here;                /* that texts need not name */
	struct system_address target; /* of the ping */
	uint32_t oif;                 /* that the ping is bound to, or 0 */
	uint32_t mark;
	uint8_t tos;
	uint32_t packet_bytes; /* of the request, with its IP header */
	uint64_t timeout_ns;
	unsigned int groups; /* parts of netfilter whose chains are seen: enum attach_group */
	bool events_lost;    /* so nothing follows from what was not seen */
	void *names_ctx;
	const char *(*netns_name)(void *ctx, uint32_t netns); /* not yet escaped; NULL: none */
	/* The function that an address of code is in, without offset; NULL: not known. */
	const char *(*function)(void *ctx, uint64_t location);
	/* The name of a reason for a drop; NULL: the kernel has none. */
	const char *(*reason)(void *ctx, uint32_t reason);
};

#define OUTCOME_TEXT 1536

struct outcome {
	const char *outcome;     /* a word for programs: docs/outcomes.md lists them */
	const char *cause;       /* the same, or NULL */
	char text[OUTCOME_TEXT]; /* names in it are escaped; empty: there is nothing to tell */
};

void outcome_decide(const struct way *w, const struct outcome_context *c, struct outcome *o);

/* Was an skb that kfree_skb() freed delivered all the same? (Sockets had a copy.) */
bool outcome_was_delivered(const struct outcome_context *c, const struct event *e);

#endif
