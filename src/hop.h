/* One step of a ping's way, as reports show it. */
#ifndef TRACEPKT_HOP_H
#define TRACEPKT_HOP_H

#include "event.h"

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
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

/* The header around a ping that is inside a tunnel. */
struct hop_tunnel {
	char ifname[IF_NAMESIZE]; /* device that put it there; empty: none (IPsec), or unknown */
	int family;               /* of the outer header: 4, 6, or 0 for neither */
	uint8_t saddr[16], daddr[16];
	uint8_t proto; /* IPPROTO_* */
	uint16_t port; /* destination port for UDP */
};

/* The end of a packet that was not delivered. */
struct hop_drop {
	uint64_t location; /* address of the code that freed it, or 0 */
	uint32_t reason;   /* enum skb_drop_reason of the running kernel; 0 before 5.17 */
	int error;         /* what the driver's ndo_start_xmit returned, or 0 */
	/* both or NULL until names.h has been asked; valid during the call */
	const char *reason_name;   /* NETFILTER_DROP */
	const char *location_name; /* nf_hook_slow+0xa1 */
};

/* What an ICMP error says. */
struct hop_error {
	uint8_t type, code;
	uint32_t info;    /* bytes 4 to 7, host order: MTU, pointer, of a redirect the gateway */
	bool about_reply; /* it quotes the reply, not the request */
};

struct hop {
	uint64_t time_ns; /* since the ping was sent */
	uint64_t gap_ns;  /* since the row before, with -v */
	bool longest;     /* of the gaps of this ping, with -v */
	uint64_t seq;     /* 1 for the first ping */
	uint32_t cpu;
	uint32_t netns;         /* inode */
	const char *netns_name; /* or NULL; as the kernel or engine has it, not yet escaped */
	uint32_t ifindex;
	char ifname[IF_NAMESIZE]; /* terminated, not yet escaped */
	const char *probe;  /* what saw it: a tracepoint, or skb_iif for one that was inferred */
	enum event_dir dir; /* EVENT_TX, EVENT_RX; EVENT_CHAIN: chain; EVENT_END, _XMIT: drop */
	enum event_type type;
	uint8_t ttl; /* or hop limit; 0: not known */
	bool in_tunnel;
	bool is_fragment;         /* not the first one */
	uint32_t fragment_offset; /* bytes */
	int family;               /* 4 or 6 */
	uint8_t saddr[16];        /* network order; IPv4 uses the first four bytes */
	uint8_t daddr[16];
	uint32_t extra; /* what an edited probe put there, or 0 */
	struct hop_chain chain;
	struct hop_tunnel tunnel; /* if in_tunnel; saddr and daddr are then those inside */
	struct hop_drop drop;
	struct hop_error error; /* if type is EVENT_ERROR */
};

/* What became of pings: one line of the report's end. */
struct outcome_line {
	const char *outcome; /* a word for programs: answered, request_lost, ...; see outcomes.md */
	const char *cause;   /* a word for programs: ip_forward, ...; or NULL */
	const char *text;    /* for people, without a newline; names in it are escaped */
	uint64_t pings;      /* of which this is true */
	uint64_t first_seq;  /* the first of them */
};

/* What a run came to. */
struct summary {
	uint64_t sent, received, duplicates;
	uint64_t rtt_min_ns, rtt_max_ns, rtt_sum_ns; /* of those received */
	uint64_t lost_events;
	const struct outcome_line *lines; /* what is to be said beyond the counts */
	size_t n_lines;
};

#endif
