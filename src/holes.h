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
	uint32_t *inodes; /* of namespaces that were looked at */
	size_t n, room;
};

/* A hop is in this namespace: looks at it, the first time, and warns if there are rules unseen. */
void holes_look(struct holes *h, uint32_t inode);

void holes_free(struct holes *h);

#endif
