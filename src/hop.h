/* One step of a ping's way, as reports show it. */
#ifndef TRACEPKT_HOP_H
#define TRACEPKT_HOP_H

#include "event.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/* A chain of netfilter and its verdict. */
struct hop_chain {
	bool nftables;
	uint8_t pf;                  /* of the hook; enum event_pf */
	uint8_t table_family;        /* of the table; enum event_pf */
	uint8_t hook;                /* enum nf_inet_hooks, or NF_NETDEV_* for EVENT_PF_NETDEV */
	uint32_t verdict;            /* NF_*, with the queue or errno in the upper half */
	char table[EVENT_TABLE_LEN]; /* terminated, not yet escaped */
	char name[EVENT_CHAIN_LEN];  /* of the base chain; empty for iptables */
};

struct hop {
	uint64_t time_ns; /* since the ping was sent */
	uint64_t seq;     /* 1 for the first ping */
	uint32_t cpu;
	uint32_t netns;         /* inode */
	const char *netns_name; /* or NULL; as the kernel or engine has it, not yet escaped */
	uint32_t ifindex;
	char ifname[IF_NAMESIZE]; /* terminated, not yet escaped */
	const char *probe;  /* what saw it: a tracepoint, or skb_iif for one that was inferred */
	enum event_dir dir; /* EVENT_TX or EVENT_RX */
	enum event_type type;
	int family;        /* 4 or 6 */
	uint8_t saddr[16]; /* network order; IPv4 uses the first four bytes */
	uint8_t daddr[16];
	uint32_t extra; /* what an edited probe put there, or 0 */
	struct hop_chain chain;
};

/* What a run came to. */
struct summary {
	uint64_t sent, received, duplicates;
	uint64_t rtt_min_ns, rtt_max_ns, rtt_sum_ns; /* of those received */
	uint64_t lost_events;
};

#endif
