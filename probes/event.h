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
	PROBE_net_dev_xmit = 12,
};

enum event_dir {
	EVENT_TX = 1,    /* a device is asked to send the packet */
	EVENT_RX = 2,    /* a device hands the packet to the stack */
	EVENT_END = 3,   /* the skb is freed: delivered, sent for good or dropped */
	EVENT_CHAIN = 4, /* a netfilter chain has come to its verdict */
	EVENT_XMIT = 5,  /* a driver freed the packet and returned an error */
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
	EVENT_ERROR = 3,   /* ICMP or ICMPv6 error that quotes one of the two */
};

#define EVENT_TYPES 4 /* the first is none */

enum event_flag {
	EVENT_F_ENCAP = 1,    /* inside a tunnel: the addresses are the outer header's */
	EVENT_F_FRAGMENT = 2, /* not the first fragment; info is its offset in bytes */
	EVENT_F_REPLY = 4,    /* an error that quotes the reply */
};

#define EVENT_IFNAMSIZ 16 /* IFNAMSIZ of include/uapi/linux/if.h */
#define EVENT_SIZE     120

#define EVENT_TABLE_LEN  256 /* NFT_NAME_MAXLEN of include/uapi/linux/netfilter/nf_tables.h */
#define EVENT_CHAIN_LEN  256
#define EVENT_CHAIN_SIZE 640

struct event {
	__u64 time_ns;  /* CLOCK_MONOTONIC, taken in the probe */
	__u64 skb;      /* address of the struct sk_buff, an identity only */
	__u64 location; /* EVENT_END: address of the code that freed the skb, or 0 */
	__u32 size;     /* of the whole record, as the probe was compiled */
	__u32 cpu;      /* that ran the probe */
	__u32 netns;    /* inode number of the device's network namespace */
	__u32 ifindex;  /* of the device, in that namespace */
	__u32 iif;      /* skb->skb_iif: device that last took the packet in, or 0 */
	__u32 extra;    /* free for edited probes; shown when it is not 0 */
	__u32 reason;   /* of kfree_skb: enum skb_drop_reason, or 0 before 5.17; EVENT_XMIT: rc */
	__u32 info;     /* EVENT_F_FRAGMENT: offset; EVENT_ERROR: bytes 4 to 7, host order */
	__u16 id;       /* ICMP identifier, host order */
	__u16 seq;      /* ICMP sequence number, host order */
	__u8 probe;     /* enum event_probe */
	__u8 dir;       /* enum event_dir */
	__u8 type;      /* enum event_type */
	__u8 family;    /* of the addresses: 4 or 6; with EVENT_F_ENCAP also 0, for neither */
	__u8 saddr[16]; /* network order; IPv4 uses the first four bytes */
	__u8 daddr[16];
	char ifname[EVENT_IFNAMSIZ]; /* of the device; not to be trusted, may lack the NUL */
	__u8 flags;                  /* enum event_flag */
	__u8 ttl;                    /* or hop limit, of the header that the addresses are from */
	__u8 proto;                  /* EVENT_F_ENCAP: IPPROTO_* of the outer header */
	__u8 ct;                     /* EVENT_CHAIN: enum event_ct */
	__u8 icmp_type;              /* EVENT_ERROR */
	__u8 icmp_code;
	__u16 port; /* EVENT_F_ENCAP and UDP: destination port, host order */
};

/* What connection tracking has put on the skb. */
enum event_ct {
	EVENT_CT_NONE = 0,      /* nothing: not tracked yet, or found invalid */
	EVENT_CT_TRACKED = 1,   /* a connection */
	EVENT_CT_UNTRACKED = 2, /* told not to track it */
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
	COUNTER_FOLLOWED, /* skbs that were followed by their address, less those that were freed */
	COUNTER_FORGOTTEN, /* skbs that user space no longer follows, for want of news */
	COUNTERS,
};

/*
 * What user space tells the probes, in the only element of the map `wanted`: the echo packets that
 * are ours. Values are as a load from the packet has them.
 */
struct event_wanted {
	__u64 cookie;      /* the payload is this over and over */
	__u64 cookie_mask; /* which of its bytes the first eight of the payload have */
	__u64 socket;      /* SO_COOKIE of the socket that sends; 0: no need to look at sockets */
	__u32 size;        /* bytes of payload */
	__u16 id;          /* ICMP identifier */
	__u16 seq;         /* of the ping that was sent last */
};

/* What is remembered of an skb that is followed: the elements of the map `followed`, by address. */
struct event_follow {
	__u64 time_ns; /* when it was seen last; CLOCK_MONOTONIC */
	__u32 info;
	__u16 cookie;  /* see struct match in packet.h */
	__u16 id, seq; /* network order */
	__u8 type, flags, icmp_type, icmp_code;
	__u8 udp; /* it was handed to a device that may encrypt it into UDP */
	__u8 spare;
};

_Static_assert(sizeof(struct event_follow) == 24, "struct event_follow has a hole");
_Static_assert(sizeof(struct event) == EVENT_SIZE, "struct event has a hole or grew");
_Static_assert(sizeof(struct event_chain) == EVENT_CHAIN_SIZE, "struct event_chain grew");

#endif
