/* How the devices of a namespace are stacked: VLAN on bond, macvlan on VLAN and so on. */
#ifndef TRACEPKT_LINKS_H
#define TRACEPKT_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One device, as RTM_NEWLINK has it. */
struct link {
	uint32_t ifindex;
	uint32_t lower;  /* IFLA_LINK if that is in the same namespace, or 0 */
	uint32_t master; /* IFLA_MASTER, or 0 */
	bool is_bridge;
};

/*
 * All devices of the namespace this thread is in: *links is to be freed. Their number, or -1 with
 * errno set (nothing is said).
 */
int links_read(struct link **links);

/*
 * The devices between a device that took a packet in and one on top of it, lowest first, neither of
 * them included; at most max. Returns how many; 0 too if there is no way from one to the other. -1:
 * the one on top is a bridge, which takes nothing over unseen: what it does take in shows as its
 * own.
 */
int links_between(const struct link *links, size_t n, uint32_t bottom, uint32_t top,
		  uint32_t *between, size_t max);

#endif
