/*
 * What is known of the way of one ping when it is over: the facts that its outcome is decided from.
 * They do not depend on the order in which hops were seen, only on their times.
 */
#ifndef TRACEPKT_WAY_H
#define TRACEPKT_WAY_H

#include "event.h"
#include "hop.h"

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WAY_DROPS   16
#define WAY_ORIGINS 4

/* A place where a packet was, or ended. */
struct step {
	uint64_t time_ns;   /* since the ping was sent */
	enum event_dir dir; /* 0: there is none */
	uint32_t netns, ifindex;
	uint32_t iif; /* device that took the packet in last, in some namespace, or 0 */
	char ifname[IF_NAMESIZE];
	uint8_t family, ttl;
	uint32_t
		fragment; /* of a later fragment: where it starts in the packet, in bytes; else 0 */
	bool in_tunnel;   /* the addresses, family and ttl are those of the header outside */
	uint8_t saddr[16], daddr[16];
	struct hop_drop drop; /* of a drop */
};

/* One of the packets of a ping: its request, its reply, or an error about one of them. */
struct passage {
	struct step first, last;      /* devices */
	struct step drops[WAY_DROPS]; /* the latest ones, in the order of their times */
	size_t n_drops;
	struct step used; /* the last that was freed as delivered or sent for good */
	struct step chain_at;
	struct hop_chain chain; /* the last that stopped the packet, at chain_at */
	uint8_t ct;             /* enum event_ct, when it came to that chain */
	bool waiting;           /* an skb that carries it was not freed */
	bool waiting_to_send;   /* and was given to a device to send */
};

/* An answer that came to the ping's socket and was no reply. */
struct heard_error {
	bool heard;
	uint8_t family;
	uint8_t from[16]; /* network order */
	uint8_t type, code;
	uint32_t info; /* bytes 4 to 7, host order */
};

/* Where a reply was made. */
struct origin {
	uint32_t netns;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
};

struct way {
	uint64_t seq; /* from 1 */
	bool answered;
	uint64_t rtt_ns;
	bool late;      /* answered after the timeout */
	int send_error; /* errno of sending, or 0 */
	struct heard_error error;
	struct origin origins[WAY_ORIGINS]; /* one for each namespace */
	size_t n_origins;
	struct passage passages[EVENT_TYPES]; /* by enum event_type */
};

/* Takes note of a step. The same steps in any order make the same passage. */
void way_device(struct passage *p, const struct step *s);
void way_drop(struct passage *p, const struct step *s);
void way_used(struct passage *p, const struct step *s);

/* A verdict; only those that stop a packet are kept. */
void way_chain(struct passage *p, const struct step *s, const struct hop_chain *c, uint8_t ct);

/* Does this verdict stop the packet? */
bool way_is_stopped(uint32_t verdict);

#endif
