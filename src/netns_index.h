/*
 * Which names and processes lead to a namespace: /run/netns and /proc are gone through once for
 * many questions, for there may be thousands of each.
 */
#ifndef TRACEPKT_NETNS_INDEX_H
#define TRACEPKT_NETNS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETNS_RUN "/run/netns" /* where ip netns keeps names */

struct netns_place;

struct netns_list {
	struct netns_place *places;
	size_t n, room;
	uint64_t read_ns; /* CLOCK_MONOTONIC; 0: not yet */
};

/* All zero at first. */
struct netns_index {
	struct netns_list names, processes;
};

struct netns_question {
	uint32_t inode;    /* of the namespace */
	uint64_t since_ns; /* when it arose, CLOCK_MONOTONIC: what was read later answers it */
	uint64_t again_ns; /* is set if it is too early to read again: when to ask again */
};

/* The name (ip netns) that leads to the namespace now, or NULL. Valid until the next call. */
const char *netns_index_name(struct netns_index *x, struct netns_question *q);

/*
 * Shows see the processes that are in it now, by pid in text form, until it says true; some twice
 * if it does not.
 */
void netns_index_processes(struct netns_index *x, struct netns_question *q,
			   bool (*see)(void *arg, const char *pid), void *arg);

void netns_index_free(struct netns_index *x);

#endif
