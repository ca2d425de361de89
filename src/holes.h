/* Warns of firewall rules that a ping crosses unseen, because a probe is missing. */
#ifndef TRACEPKT_HOLES_H
#define TRACEPKT_HOLES_H

#include "netns.h"
#include "say.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct holes {
	struct netns_table *netns;
	unsigned int unseen; /* set of enum attach_group that is not attached */
	bool narrowed;       /* unseen has only what is in the kernel */
	enum verbosity verbosity;
	uint32_t *inodes; /* of namespaces on the way */
	size_t n, room;
	size_t told; /* so many of them were looked at */
};

/* A hop is in this namespace. */
void holes_note(struct holes *h, uint32_t inode);

/*
 * Looks at the namespaces noted since the last time, and warns of those that have rules unseen. May
 * take 50 ms, where the kernel's symbols have to be read: one with modules, but without a list of
 * them.
 */
void holes_tell(struct holes *h);

void holes_free(struct holes *h);

#endif
