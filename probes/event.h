/*
 * The record that the probes hand to user space. Both sides include this file: user space when it
 * is built, the probes when they are compiled on the host that is traced.
 */
#ifndef TRACEPKT_EVENT_H
#define TRACEPKT_EVENT_H

#include <linux/types.h>

/* Where the event was seen. The attach points in src/attach_points.c carry the same numbers. */
enum event_probe {
	PROBE_net_dev_queue = 1,
	PROBE_netif_rx = 2,
	PROBE_napi_gro_receive_entry = 3,
	PROBE_napi_gro_frags_entry = 4,
	PROBE_netif_receive_skb_entry = 5,
	PROBE_netif_receive_skb_list_entry = 6,
	PROBE_consume_skb = 7,
	PROBE_kfree_skb = 8,
	PROBE_ipt_do_table = 9,
	PROBE_ip6t_do_table = 10,
	PROBE_nft_do_chain = 11,
};

enum event_dir {
	EVENT_TX = 1,    /* a device is asked to send the packet */
	EVENT_RX = 2,    /* a device hands the packet to the stack */
	EVENT_END = 3,   /* the skb is freed: delivered, sent for good or dropped */
	EVENT_CHAIN = 4, /* a netfilter chain has come to its verdict */
};

/* Families of netfilter tables: NFPROTO_* of include/uapi/linux/netfilter.h. */
enum event_pf {
	EVENT_PF_INET = 1,
	EVENT_PF_IPV4 = 2,
	EVENT_PF_NETDEV = 5,
	EVENT_PF_BRIDGE = 7,
	EVENT_PF_IPV6 = 10,
};

enum event_type {
	EVENT_REQUEST = 1, /* ICMP or ICMPv6 echo request */
	EVENT_REPLY = 2,   /* echo reply */
};

#define EVENT_IFNAMSIZ 16 /* IFNAMSIZ of include/uapi/linux/if.h */
#define EVENT_SIZE     96

#define EVENT_TABLE_LEN  256 /* NFT_NAME_MAXLEN of include/uapi/linux/netfilter/nf_tables.h */
#define EVENT_CHAIN_LEN  256
#define EVENT_CHAIN_SIZE 616

struct event {
	__u64 time_ns;  /* CLOCK_MONOTONIC, taken in the probe */
	__u64 skb;      /* address of the struct sk_buff, an identity only */
	__u32 size;     /* of the whole record, as the probe was compiled */
	__u32 cpu;      /* that ran the probe */
	__u32 netns;    /* inode number of the device's network namespace */
	__u32 ifindex;  /* of the device, in that namespace */
	__u32 iif;      /* skb->skb_iif: device that last took the packet in, or 0 */
	__u32 extra;    /* free for edited probes; shown when it is not 0 */
	__u16 id;       /* ICMP identifier, host order */
	__u16 seq;      /* ICMP sequence number, host order */
	__u8 probe;     /* enum event_probe */
	__u8 dir;       /* enum event_dir */
	__u8 type;      /* enum event_type */
	__u8 family;    /* 4 or 6 */
	__u8 saddr[16]; /* network order; IPv4 uses the first four bytes */
	__u8 daddr[16];
	char ifname[EVENT_IFNAMSIZ]; /* of the device; not to be trusted, may lack the NUL */
};

/* A verdict: dir is EVENT_CHAIN, ifindex and ifname are those that the hook's state names. */
struct event_chain {
	struct event e;
	__u32 verdict;     /* as the function returned it: NF_* in the low byte */
	__u8 hook;         /* enum nf_inet_hooks, or NF_NETDEV_* for EVENT_PF_NETDEV */
	__u8 pf;           /* of the hook; enum event_pf */
	__u8 table_family; /* nftables: of the table; enum event_pf */
	__u8 spare;
	char table[EVENT_TABLE_LEN];
	char name[EVENT_CHAIN_LEN]; /* nftables: of the base chain */
};

/* What the probes count for user space: the elements of the map `counters`. */
enum event_counter {
	COUNTER_LOST,   /* events that found no room */
	COUNTER_OPEN,   /* calls of netfilter's functions that are under way, with a ping of ours */
	COUNTER_MISSED, /* those whose return we were not told of */
	COUNTERS,
};

/*
 * What user space tells the probes, in the only element of the map `wanted`: the echo packets that
 * are ours. Values are as a load from the packet has them.
 */
struct event_wanted {
	__u64 cookie;      /* the first eight bytes of the payload */
	__u64 cookie_mask; /* which of them the payload has; a small one has fewer */
	__u16 id;          /* ICMP identifier */
	__u16 spare[3];
};

_Static_assert(sizeof(struct event) == EVENT_SIZE, "struct event has a hole or grew");
_Static_assert(sizeof(struct event_chain) == EVENT_CHAIN_SIZE, "struct event_chain grew");

#endif
