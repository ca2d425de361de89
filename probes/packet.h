/*
 * Tells our ping from every other packet: finds the network header in an skb, walks to the ICMP
 * header and compares id and cookie with those that user space has put into the map `wanted`.
 *
 * What old kernels ask of a program holds here: no loops, little stack, constant sizes.
 */
#ifndef TRACEPKT_PACKET_H
#define TRACEPKT_PACKET_H

#include "event.h"

#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>

/* Numbers from include/uapi/linux/{if_ether,in,in6,icmp,icmpv6}.h, which BTF does not carry. */
#define TP_ETH_P_IP       0x0800
#define TP_ETH_P_IPV6     0x86dd
#define TP_ETH_P_8021Q    0x8100
#define TP_ETH_P_8021AD   0x88a8
#define TP_PROTO_HOPOPTS  0
#define TP_PROTO_ICMP     1
#define TP_PROTO_ROUTING  43
#define TP_PROTO_FRAGMENT 44
#define TP_PROTO_AH       51
#define TP_PROTO_ICMPV6   58
#define TP_PROTO_DSTOPTS  60
#define TP_ECHO_REPLY     0
#define TP_ECHO_REQUEST   8
#define TP_ECHO6_REQUEST  128
#define TP_ECHO6_REPLY    129

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TP_HTONS(x) ((__u16)__builtin_bswap16(x))
#else
#define TP_HTONS(x) ((__u16)(x))
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/*
 * Reads a member of a kernel structure: READ_FIELD(&mark, sk_buff, skb, mark). An address in the
 * form &skb->mark would do in most places, but libbcc 0.26 rewrites some of these wrongly (seen
 * with net->ns.inum on 7.2, where struct ns_common has members without a name).
 */
#define READ_FIELD(to, type, from, field)          \
	bpf_probe_read_kernel((to), sizeof(*(to)), \
			      (const char *)(from) + offsetof(struct type, field))

BPF_ARRAY(wanted, struct event_wanted, 1);

struct echo_header {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__u16 id;
	__u16 seq;
	__u64 cookie; /* start of the payload */
};

struct ipv4_start {
	__u8 version_ihl;
	__u8 tos;
	__u16 tot_len;
	__u16 id;
	__u16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__u8 saddr[4];
	__u8 daddr[4];
};

struct ipv6_start {
	__u32 version_class_flow;
	__u16 payload_len;
	__u8 nexthdr;
	__u8 hop_limit;
	__u8 saddr[16];
	__u8 daddr[16];
};

/*
 * The fields of an skb that are needed for every packet lie together since 3.11, from protocol to
 * data (include/linux/skbuff.h): one helper call brings them all.
 */
#define SKB_FROM offsetof(struct sk_buff, protocol)
#define SKB_TO   (offsetof(struct sk_buff, data) + sizeof(void *))
#define SKB_BASE (SKB_FROM & ~7UL)
#define SKB_SPAN (SKB_TO - SKB_BASE)

_Static_assert(SKB_TO > SKB_FROM && SKB_SPAN <= 96, "sk_buff: protocol .. data not together");
_Static_assert(offsetof(struct sk_buff, network_header) > SKB_FROM &&
		       offsetof(struct sk_buff, network_header) < SKB_TO &&
		       offsetof(struct sk_buff, tail) > SKB_FROM &&
		       offsetof(struct sk_buff, tail) < SKB_TO &&
		       offsetof(struct sk_buff, head) > SKB_FROM &&
		       offsetof(struct sk_buff, head) < SKB_TO,
	       "sk_buff: protocol, network_header, tail, head, data not together");

#define SKB_FIELD(span, field)                                                                \
	(*(typeof(((struct sk_buff *)0)->field) *)((span) + offsetof(struct sk_buff, field) - \
						   SKB_BASE))

/* A stretch of packet: from its network header to the end of what is not in page fragments. */
struct stretch {
	const unsigned char *l3;
	const unsigned char *end;
	__u16 protocol; /* as in skb->protocol, network order */
};

/* Leaves *at alone and returns 0 if the packet is neither IP nor VLAN-tagged: most others go here.
 */
static __always_inline int find_stretch(const struct sk_buff *skb, int dir, struct stretch *at)
{
	__u64 words[(SKB_SPAN + 7) / 8];
	const char *span = (const char *)words;

	if (bpf_probe_read_kernel(words, SKB_SPAN, (const char *)skb + SKB_BASE))
		return 0;
	at->protocol = SKB_FIELD(span, protocol);
	if (at->protocol != TP_HTONS(TP_ETH_P_IP) && at->protocol != TP_HTONS(TP_ETH_P_IPV6) &&
	    at->protocol != TP_HTONS(TP_ETH_P_8021Q) && at->protocol != TP_HTONS(TP_ETH_P_8021AD))
		return 0;
	at->end = SKB_FIELD(span, head) + SKB_FIELD(span, tail);
	/* On the way in the stack has yet to set network_header; a driver has left data there. */
	at->l3 = dir == EVENT_RX ? SKB_FIELD(span, data)
				 : SKB_FIELD(span, head) + SKB_FIELD(span, network_header);
	return 1;
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

/*
 * VLAN tags that lie in the payload, up to two. The EtherType in front of the network header tells
 * whether the header is that of the first tag or already that of IP behind the tags.
 */
static __always_inline int skip_tags(struct stretch *at)
{
	__u16 t[5]; /* EtherType, TCI, EtherType, TCI, EtherType */

	if (at->protocol == TP_HTONS(TP_ETH_P_IP) || at->protocol == TP_HTONS(TP_ETH_P_IPV6))
		return 1;
	if (bpf_probe_read_kernel(t, sizeof(t), at->l3 - 2))
		return 0;
	if (t[0] == TP_HTONS(TP_ETH_P_IP) || t[0] == TP_HTONS(TP_ETH_P_IPV6)) {
		at->protocol = t[0];
		return 1;
	}
	at->protocol = t[2];
	at->l3 += 4;
	if (t[2] != TP_HTONS(TP_ETH_P_8021Q) && t[2] != TP_HTONS(TP_ETH_P_8021AD))
		return 1;
	at->protocol = t[4];
	at->l3 += 4;
	return 1;
}

/* What is_ours() finds out; little, for it is there for every packet. */
struct match {
	struct stretch at;
	__u16 id, seq; /* network order */
	__u8 type;     /* enum event_type */
};

/*
 * Is this echo ours? The cookie decides, for NAT may change the id; where the packet's linear part
 * ends before the cookie (it lies in a page fragment), or our payload has no room for a whole one,
 * the id must match too.
 */
static __always_inline int is_our_echo(const unsigned char *l4, int request, int reply,
				       struct match *m)
{
	struct event_wanted *w;
	struct echo_header echo;
	int zero = 0;

	if (l4 + 8 > m->at.end || bpf_probe_read_kernel(&echo, sizeof(echo), l4))
		return 0;
	if (echo.type == request)
		m->type = EVENT_REQUEST;
	else if (echo.type == reply)
		m->type = EVENT_REPLY;
	else
		return 0;
	w = wanted.lookup(&zero);
	if (!w)
		return 0;
	if (l4 + 16 > m->at.end && w->cookie_mask == ~0ULL) {
		if (echo.id != w->id)
			return 0;
	} else if (((echo.cookie ^ w->cookie) & w->cookie_mask) ||
		   (w->cookie_mask != ~0ULL && echo.id != w->id)) {
		return 0;
	}
	m->id = echo.id;
	m->seq = echo.seq;
	return 1;
}

static __always_inline int is_our_ipv4(struct match *m)
{
	struct ipv4_start ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), m->at.l3))
		return 0;
	if (ip.protocol != TP_PROTO_ICMP || (ip.version_ihl >> 4) != 4)
		return 0;
	if (ip.frag_off & TP_HTONS(0x1fff)) /* a later fragment has no ICMP header */
		return 0;
	return is_our_echo(m->at.l3 + (ip.version_ihl & 15) * 4, TP_ECHO_REQUEST, TP_ECHO_REPLY, m);
}

/*
 * One step over an IPv6 extension header. RFC 8200 has at most six kinds before ICMPv6, each once
 * (destination options twice); the steps are written out, for there are no loops before 5.3.
 * Returns 0 when the packet cannot be ours.
 */
static __always_inline int skip_extension(__u8 *nexthdr, const unsigned char **l4)
{
	__u8 h[4];

	if (*nexthdr == TP_PROTO_ICMPV6)
		return 1;
	if (*nexthdr != TP_PROTO_HOPOPTS && *nexthdr != TP_PROTO_ROUTING &&
	    *nexthdr != TP_PROTO_DSTOPTS && *nexthdr != TP_PROTO_FRAGMENT &&
	    *nexthdr != TP_PROTO_AH)
		return 0;
	if (bpf_probe_read_kernel(h, sizeof(h), *l4))
		return 0;
	if (*nexthdr == TP_PROTO_FRAGMENT) {
		if (h[2] || (h[3] & 0xf8)) /* not the first fragment: no ICMPv6 header */
			return 0;
		*l4 += 8;
	} else if (*nexthdr == TP_PROTO_AH) {
		*l4 += (h[1] + 2) * 4;
	} else {
		*l4 += (h[1] + 1) * 8;
	}
	*nexthdr = h[0];
	return 1;
}

static __always_inline int is_our_ipv6(struct match *m)
{
	const unsigned char *l4 = m->at.l3 + sizeof(struct ipv6_start);
	__u8 start[8], nexthdr;

	if (bpf_probe_read_kernel(start, sizeof(start), m->at.l3))
		return 0;
	nexthdr = start[offsetof(struct ipv6_start, nexthdr)];
	if (nexthdr != TP_PROTO_ICMPV6 &&
	    (!skip_extension(&nexthdr, &l4) || !skip_extension(&nexthdr, &l4) ||
	     !skip_extension(&nexthdr, &l4) || !skip_extension(&nexthdr, &l4) ||
	     !skip_extension(&nexthdr, &l4) || !skip_extension(&nexthdr, &l4) ||
	     nexthdr != TP_PROTO_ICMPV6))
		return 0;
	return is_our_echo(l4, TP_ECHO6_REQUEST, TP_ECHO6_REPLY, m);
}

/* Fills *m and returns 1 if the skb carries our ping. */
static __always_inline int is_ours(const struct sk_buff *skb, int probe, int dir, struct match *m)
{
	if (!find_stretch(skb, dir, &m->at))
		return 0;
	if (probe == PROBE_napi_gro_frags_entry)
		look_into_frag0(skb, &m->at);
	if (!skip_tags(&m->at))
		return 0;
	if (m->at.protocol == TP_HTONS(TP_ETH_P_IP))
		return is_our_ipv4(m);
	if (m->at.protocol == TP_HTONS(TP_ETH_P_IPV6))
		return is_our_ipv6(m);
	return 0;
}

/* What a packet found to be ours tells an event. */
static __always_inline void describe_packet(const struct match *m, struct event *e)
{
	e->type = m->type;
	e->id = TP_HTONS(m->id);
	e->seq = TP_HTONS(m->seq);
	if (m->at.protocol == TP_HTONS(TP_ETH_P_IP)) {
		e->family = 4;
		bpf_probe_read_kernel(&e->saddr, 4, m->at.l3 + offsetof(struct ipv4_start, saddr));
		bpf_probe_read_kernel(&e->daddr, 4, m->at.l3 + offsetof(struct ipv4_start, daddr));
	} else {
		e->family = 6;
		bpf_probe_read_kernel(&e->saddr, 16, m->at.l3 + offsetof(struct ipv6_start, saddr));
		bpf_probe_read_kernel(&e->daddr, 16, m->at.l3 + offsetof(struct ipv6_start, daddr));
	}
}

#endif
