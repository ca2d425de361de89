/*
 * The stretch of an skb that holds packet, where its headers are, and what is found out of them.
 *
 * What old kernels ask of a program holds in all probes: no loops, little stack, constant sizes.
 */
#ifndef TRACEPKT_PACKET_H
#define TRACEPKT_PACKET_H

#include "event.h"
#include "load.h"

#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>

/* Numbers from include/uapi/linux/{if_ether,in,in6,icmp,icmpv6}.h, which BTF does not carry. */
#define TP_ETH_P_IP       0x0800
#define TP_ETH_P_IPV6     0x86dd
#define TP_ETH_P_8021Q    0x8100
#define TP_ETH_P_8021AD   0x88a8
#define TP_ETH_P_MACSEC   0x88e5
#define TP_PROTO_HOPOPTS  0
#define TP_PROTO_ICMP     1
#define TP_PROTO_UDP      17
#define TP_PROTO_ROUTING  43
#define TP_PROTO_FRAGMENT 44
#define TP_PROTO_ESP      50
#define TP_PROTO_AH       51
#define TP_PROTO_ICMPV6   58
#define TP_PROTO_DSTOPTS  60
#define TP_PORT_ESP       4500 /* UDP */
#define TP_ECHO_REPLY     0
#define TP_ECHO_REQUEST   8
#define TP_ECHO6_REQUEST  128
#define TP_ECHO6_REPLY    129
#define TP_REDIRECT6      137
#define TP_MF             0x2000 /* IP_MF of include/net/ip.h: more fragments */
#define TP_OFFSET         0x1fff

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TP_HTONS(x) ((__u16)__builtin_bswap16(x))
#else
#define TP_HTONS(x) ((__u16)(x))
#endif

/* Kernels since 5.3 take loops, as those do for sure that let programs load; others are unrolled.
 */
#ifdef TP_RDONLY_CAST
#define TP_REPEAT _Pragma("nounroll")
#else
#define TP_REPEAT _Pragma("unroll")
#endif

/*
 * The structure as words, which is how maps hold it: for each member of what a map holds, libbcc
 * has LLVM make code that prints it and code that reads it, though nobody calls that.
 */
#define TP_HELD(type)                                 \
	struct type##_held {                          \
		__u64 words[sizeof(struct type) / 8]; \
	};                                            \
	_Static_assert(sizeof(struct type) % 8 == 0, #type)

struct ipv4_start {
	__u8 version_ihl;
	__u8 tos;
	__u16 tot_len;
	__u16 id;
	__u16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__u32 saddr;
	__u32 daddr;
};

struct ipv6_start {
	__u32 version_class_flow;
	__u16 payload_len;
	__u8 nexthdr;
	__u8 hop_limit;
	__u64 saddr[2];
	__u64 daddr[2];
};

/*
 * The fields of an skb that are needed for every packet lie together since 3.11, from the bits of
 * pkt_type and ip_summed to data (include/linux/skbuff.h): one helper call brings them all. What a
 * call costs does not depend on how many bytes it brings.
 */
#define SKB_FROM offsetof(struct sk_buff, __pkt_type_offset)
#define SKB_TO   (offsetof(struct sk_buff, data) + sizeof(void *))
#define SKB_BASE (SKB_FROM & ~7UL)
#define SKB_SPAN (SKB_TO - SKB_BASE)

_Static_assert(SKB_TO > SKB_FROM && SKB_SPAN <= 160, "sk_buff: pkt_type .. data not together");
_Static_assert(offsetof(struct sk_buff, csum_offset) > SKB_FROM &&
		       offsetof(struct sk_buff, csum_offset) < SKB_TO &&
		       offsetof(struct sk_buff, protocol) > SKB_FROM &&
		       offsetof(struct sk_buff, protocol) < SKB_TO &&
		       offsetof(struct sk_buff, network_header) > SKB_FROM &&
		       offsetof(struct sk_buff, network_header) < SKB_TO &&
		       offsetof(struct sk_buff, tail) > SKB_FROM &&
		       offsetof(struct sk_buff, tail) < SKB_TO &&
		       offsetof(struct sk_buff, head) > SKB_FROM &&
		       offsetof(struct sk_buff, head) < SKB_TO,
	       "sk_buff: csum_offset, protocol, network_header, tail, head, data not together");

struct skb_span {
	__u64 words[(SKB_SPAN + 7) / 8];
};

#define SPAN_START(s) ((const char *)(s)->words - SKB_BASE)

#define SPAN_FIELD(s, field)                                             \
	(*(const typeof(((struct sk_buff *)0)->field) *)(SPAN_START(s) + \
							 offsetof(struct sk_buff, field)))

/* 0: it cannot be read. */
static __always_inline int read_span(struct skb_span *s, const struct sk_buff *skb)
{
	return !bpf_probe_read_kernel(s->words, SKB_SPAN, (const char *)skb + SKB_BASE);
}

/* A stretch of packet: from its network header to the end of what is not in page fragments. */
struct stretch {
	const unsigned char *l3;
	const unsigned char *end;
	__u16 protocol; /* as in skb->protocol, network order */
};

/* What an attach point knows of a packet. */
struct job {
	__u64 skb;
	__u64 location; /* see struct event */
	__u32 reason;
	/*
	 * Read anew wherever it matters: the verifier would follow each value by itself through all
	 * that comes behind the first place that asks for it.
	 */
	volatile __u8 probe; /* enum event_probe */
	volatile __u8 dir;   /* enum event_dir */
	__u8 spare[2];
};

static __always_inline int is_ip(__u16 protocol)
{
	return protocol == TP_HTONS(TP_ETH_P_IP) || protocol == TP_HTONS(TP_ETH_P_IPV6);
}

static __always_inline int is_tag(__u16 protocol)
{
	return protocol == TP_HTONS(TP_ETH_P_8021Q) || protocol == TP_HTONS(TP_ETH_P_8021AD);
}

/* What may stand between the IPv6 header and ICMPv6: RFC 8200 and IPsec's AH. */
static __always_inline int is_extension(__u8 nexthdr)
{
	return nexthdr == TP_PROTO_HOPOPTS || nexthdr == TP_PROTO_ROUTING ||
	       nexthdr == TP_PROTO_DSTOPTS || nexthdr == TP_PROTO_FRAGMENT ||
	       nexthdr == TP_PROTO_AH;
}

static __always_inline void find_stretch(const struct skb_span *s, int dir, struct stretch *at)
{
	const unsigned char *head = SPAN_FIELD(s, head);

	at->protocol = SPAN_FIELD(s, protocol);
	at->end = head + SPAN_FIELD(s, tail);
	/* On the way in the stack has yet to set network_header; a driver has left data there. */
	at->l3 = dir == EVENT_RX ? SPAN_FIELD(s, data) : head + SPAN_FIELD(s, network_header);
}

/*
 * napi_gro_frags(): drivers that fill page fragments only. napi_frags_skb() has pulled the Ethernet
 * header and left the address of what follows in NAPI_GRO_CB(skb): frag0, frag0_len, the first two
 * members since 2.6.30 (include/net/gro.h, before 5.16 include/linux/netdevice.h).
 */
static __always_inline void look_into_frag0(const struct sk_buff *skb, struct stretch *at)
{
	struct {
		const unsigned char *frag0;
		__u32 frag0_len;
		__u32 pad;
	} gro = {};

	if (at->l3 < at->end)
		return;
	bpf_probe_read_kernel(&gro, sizeof(gro), (const char *)skb + offsetof(struct sk_buff, cb));
	at->l3 = gro.frag0;
	at->end = gro.frag0 + gro.frag0_len;
}

/* Finds the stretch of the packet of a job. 0: its skb cannot be read. */
static __always_inline int find_packet(const struct job *j, struct stretch *at)
{
	const struct sk_buff *skb = (const struct sk_buff *)j->skb;
	struct skb_span s;

	if (!read_span(&s, skb))
		return 0;
	find_stretch(&s, j->dir, at);
	if (j->probe == PROBE_napi_gro_frags_entry)
		look_into_frag0(skb, at);
	return 1;
}

/* What recognise() finds out. */
struct match {
	union {
		struct ipv4_start v4;
		struct ipv6_start v6;
	} ip; /* the start of its IP header */
	struct stretch at;
	__u32 info;   /* see struct event */
	__u32 ident;  /* of a fragment, as in the packet */
	__u16 cookie; /* distance from the end of the stretch to a cookie in it; 0: there is none */
	__u16 offset; /* of a fragment, in bytes */
	__u16 id, seq; /* network order */
	__u8 type;     /* enum event_type */
	__u8 flags;    /* enum event_flag */
	__u8 family;   /* of ip: 4 or 6; 0: it has none, or it cannot be read */
	__u8 more;     /* it is a fragment, and not the last one */
	__u8 icmp_type, icmp_code;
	__u8 udp; /* see struct event_follow */
};

/* What follows the IP header, options and all, but not IPv6 extensions. */
static __always_inline const unsigned char *behind_start(const struct match *m)
{
	return m->at.l3 +
	       (m->family == 4 ? (m->ip.v4.version_ihl & 15) * 4 : sizeof(struct ipv6_start));
}

#endif
