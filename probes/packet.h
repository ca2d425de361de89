/*
 * Tells our ping from every other packet by its contents: finds the network header in an skb, walks
 * to the ICMP header and compares id and cookie with those that user space has put into the map
 * `wanted`. An ICMP error is ours if the packet that it quotes is; a later fragment, if its first
 * one was.
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

/* How long the fragments of one packet may be apart. */
#define FRAGMENTS_NS 2000000000ULL

/*
 * First fragments of ours that were seen lately: what later ones, which have no ICMP header, are
 * recognised by.
 */
struct fragment {
	__u64 time_ns;
	__u8 saddr[16];
	__u8 daddr[16];
	__u32 ident; /* as in the packet */
	__u16 id, seq;
	__u8 family, type;
	__u8 spare[6];
};

#define FRAGMENTS 64 /* a power of two */

BPF_ARRAY(wanted, struct event_wanted, 1);
BPF_ARRAY(fragments, struct fragment, FRAGMENTS);

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

/* Returns 0 if the packet is neither IP nor VLAN-tagged: most others go here. */
static __always_inline int find_stretch(const struct sk_buff *skb, int dir, struct stretch *at)
{
	__u64 words[(SKB_SPAN + 7) / 8];
	const char *span = (const char *)words;

	if (bpf_probe_read_kernel(words, SKB_SPAN, (const char *)skb + SKB_BASE))
		return 0;
	at->protocol = SKB_FIELD(span, protocol);
	at->end = SKB_FIELD(span, head) + SKB_FIELD(span, tail);
	/* On the way in the stack has yet to set network_header; a driver has left data there. */
	at->l3 = dir == EVENT_RX ? SKB_FIELD(span, data)
				 : SKB_FIELD(span, head) + SKB_FIELD(span, network_header);
	return at->protocol == TP_HTONS(TP_ETH_P_IP) || at->protocol == TP_HTONS(TP_ETH_P_IPV6) ||
	       at->protocol == TP_HTONS(TP_ETH_P_8021Q) ||
	       at->protocol == TP_HTONS(TP_ETH_P_8021AD);
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
	__u32 info;   /* see struct event */
	__u32 ident;  /* of a fragment, as in the packet */
	__u16 cookie; /* distance from the end of the stretch to a cookie in it; 0: there is none */
	__u16 offset; /* of a fragment, in bytes */
	__u16 id, seq; /* network order */
	__u8 type;     /* enum event_type */
	__u8 flags;    /* enum event_flag */
	__u8 more;     /* it is a fragment, and not the last one */
	__u8 icmp_type, icmp_code;
	__u8 udp; /* see struct follow */
};

static __always_inline struct event_wanted *get_wanted(void)
{
	int zero = 0;

	return wanted.lookup(&zero);
}

/* There is a cookie of ours at that place, if all of it is before the end of the stretch. */
static __always_inline void note_cookie(struct match *m, const unsigned char *at)
{
	long distance = m->at.end - at;

	m->cookie = distance >= 8 && distance < 0x10000 ? distance : 0;
}

/*
 * Is this echo ours? The cookie decides, for NAT may change the id; where the packet's linear part
 * ends before the cookie (it lies in a page fragment, or an ICMP error quotes less), or our payload
 * has no room for a whole one, the id must match too.
 */
static __always_inline int is_our_echo(const struct echo_header *echo, const unsigned char *l4,
				       struct match *m)
{
	struct event_wanted *w = get_wanted();

	if (!w)
		return 0;
	if (l4 + 16 > m->at.end && w->cookie_mask == ~0ULL) {
		if (echo->id != w->id)
			return 0;
	} else if (((echo->cookie ^ w->cookie) & w->cookie_mask) ||
		   (w->cookie_mask != ~0ULL && echo->id != w->id)) {
		return 0;
	}
	if (w->cookie_mask == ~0ULL)
		note_cookie(m, l4 + 8);
	m->id = echo->id;
	m->seq = echo->seq;
	return 1;
}

static __always_inline int type_of_echo(__u8 type, int v6)
{
	if (type == (v6 ? TP_ECHO6_REQUEST : TP_ECHO_REQUEST))
		return EVENT_REQUEST;
	return type == (v6 ? TP_ECHO6_REPLY : TP_ECHO_REPLY) ? EVENT_REPLY : 0;
}

/* ICMP: unreachable, source quench, redirect, time exceeded, parameter problem. */
static __always_inline int is_error(__u8 type, int v6)
{
	return v6 ? (type >= 1 && type <= 4) || type == TP_REDIRECT6
		  : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Where the packet is that an ICMPv6 redirect quotes: in option 4 (RFC 4861, 4.5). */
static __always_inline const unsigned char *redirected(const unsigned char *l4)
{
	const unsigned char *option = l4 + 40;
	__u8 h[2];

	if (bpf_probe_read_kernel(h, sizeof(h), option))
		return 0;
	if (h[0] != 4) { /* the target's link-layer address comes first, if it is told */
		option += h[1] * 8;
		if (bpf_probe_read_kernel(h, sizeof(h), option) || h[0] != 4)
			return 0;
	}
	return option + 8;
}

/* Where the ICMP header is in the packet that an error quotes, or 0. */
static __always_inline const unsigned char *quoted_message(const unsigned char *l4, __u8 type,
							   int v6)
{
	const unsigned char *l3 = l4 + 8;
	__u8 h[10];

	if (v6 && type == TP_REDIRECT6)
		l3 = redirected(l4);
	if (!l3 || bpf_probe_read_kernel(h, sizeof(h), l3))
		return 0;
	if (!v6) {
		if ((h[0] >> 4) != 4 || h[9] != TP_PROTO_ICMP || ((h[6] << 8 | h[7]) & TP_OFFSET))
			return 0;
		return l3 + (h[0] & 15) * 4;
	}
	if ((h[0] >> 4) != 6)
		return 0;
	l3 += sizeof(struct ipv6_start);
	if (h[6] == TP_PROTO_FRAGMENT) {
		if (bpf_probe_read_kernel(h, 8, l3) || h[2] || (h[3] & 0xf8))
			return 0;
		h[6] = h[0];
		l3 += 8;
	}
	return h[6] == TP_PROTO_ICMPV6 ? l3 : 0;
}

/* Is this ICMP message an echo of ours, or an error about one? */
static __always_inline int is_our_message(const unsigned char *l4, int v6, struct match *m)
{
	struct echo_header echo;
	const unsigned char *inner;
	int type;

	if (l4 + 8 > m->at.end || bpf_probe_read_kernel(&echo, sizeof(echo), l4))
		return 0;
	type = type_of_echo(echo.type, v6);
	if (type) {
		m->type = type;
		return is_our_echo(&echo, l4, m);
	}
	if (!is_error(echo.type, v6))
		return 0;
	m->icmp_type = echo.type;
	m->icmp_code = echo.code;
	m->info = (__u32)TP_HTONS(echo.id) << 16 | TP_HTONS(echo.seq);
	inner = quoted_message(l4, echo.type, v6);
	if (!inner || inner + 8 > m->at.end || bpf_probe_read_kernel(&echo, sizeof(echo), inner))
		return 0;
	type = type_of_echo(echo.type, v6);
	if (!type || !is_our_echo(&echo, inner, m))
		return 0;
	m->type = EVENT_ERROR;
	if (type == EVENT_REPLY)
		m->flags |= EVENT_F_REPLY;
	return 1;
}

static __always_inline struct fragment *fragment_slot(__u32 ident)
{
	int slot = (ident ^ ident >> 8 ^ ident >> 16 ^ ident >> 24) & (FRAGMENTS - 1);

	return fragments.lookup(&slot);
}

static __always_inline const unsigned char *addresses_of(const struct match *m, int v6)
{
	return m->at.l3 +
	       (v6 ? offsetof(struct ipv6_start, saddr) : offsetof(struct ipv4_start, saddr));
}

static __always_inline void note_fragment(const struct match *m, int v6)
{
	const unsigned char *addresses = addresses_of(m, v6);
	struct fragment *f = fragment_slot(m->ident);

	if (!f)
		return;
	f->time_ns = bpf_ktime_get_ns();
	f->ident = m->ident;
	f->id = m->id;
	f->seq = m->seq;
	f->family = v6 ? 6 : 4;
	f->type = m->type;
	if (v6) {
		bpf_probe_read_kernel(f->saddr, 16, addresses);
		bpf_probe_read_kernel(f->daddr, 16, addresses + 16);
	} else {
		bpf_probe_read_kernel(f->saddr, 4, addresses);
		bpf_probe_read_kernel(f->daddr, 4, addresses + 4);
	}
}

static __always_inline int same_addresses(const struct fragment *f, const struct match *m, int v6)
{
	const __u64 *a = (const __u64 *)f->saddr, *b = (const __u64 *)f->daddr;
	__u64 now[4];

	if (bpf_probe_read_kernel(now, v6 ? 32 : 8, addresses_of(m, v6)))
		return 0;
	if (v6)
		return now[0] == a[0] && now[1] == a[1] && now[2] == b[0] && now[3] == b[1];
	return ((__u32 *)now)[0] == *(__u32 *)a && ((__u32 *)now)[1] == *(__u32 *)b;
}

/*
 * A fragment without an ICMP header, whose payload starts at l4. As the payload repeats the cookie
 * and fragments start at multiples of eight, so does it, where it is long enough and not paged.
 */
static __always_inline int is_our_fragment(const unsigned char *l4, int v6, struct match *m)
{
	struct fragment *f = fragment_slot(m->ident);
	struct event_wanted *w = get_wanted();
	__u64 start;

	if (!f || !w || f->ident != m->ident || f->family != (v6 ? 6 : 4) ||
	    bpf_ktime_get_ns() - f->time_ns > FRAGMENTS_NS || !same_addresses(f, m, v6))
		return 0;
	if (l4 + 8 <= m->at.end) {
		if (bpf_probe_read_kernel(&start, sizeof(start), l4) || start != w->cookie)
			return 0;
		note_cookie(m, l4);
	}
	m->flags |= EVENT_F_FRAGMENT;
	m->info = m->offset;
	m->id = f->id;
	m->seq = f->seq;
	m->type = f->type;
	return 1;
}

static __always_inline int is_our_ipv4(struct match *m)
{
	const unsigned char *l4;
	struct ipv4_start ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), m->at.l3))
		return 0;
	if (ip.protocol != TP_PROTO_ICMP || (ip.version_ihl >> 4) != 4)
		return 0;
	l4 = m->at.l3 + (ip.version_ihl & 15) * 4;
	m->ident = ip.id;
	m->offset = (TP_HTONS(ip.frag_off) & TP_OFFSET) * 8;
	if (m->offset)
		return is_our_fragment(l4, 0, m);
	if (!is_our_message(l4, 0, m))
		return 0;
	if (ip.frag_off & TP_HTONS(TP_MF))
		note_fragment(m, 0);
	return 1;
}

/*
 * One step over an IPv6 extension header. RFC 8200 has at most six kinds before ICMPv6, each once
 * (destination options twice); the steps are written out, for there are no loops before 5.3.
 * Returns 0 when the packet cannot be ours.
 */
static __always_inline int skip_extension(__u8 *nexthdr, const unsigned char **l4, struct match *m)
{
	__u8 h[8];

	if (*nexthdr == TP_PROTO_ICMPV6)
		return 1;
	if (*nexthdr != TP_PROTO_HOPOPTS && *nexthdr != TP_PROTO_ROUTING &&
	    *nexthdr != TP_PROTO_DSTOPTS && *nexthdr != TP_PROTO_FRAGMENT &&
	    *nexthdr != TP_PROTO_AH)
		return 0;
	if (bpf_probe_read_kernel(h, sizeof(h), *l4))
		return 0;
	if (*nexthdr == TP_PROTO_FRAGMENT) {
		m->offset = (h[2] << 8 | h[3]) & 0xfff8;
		m->more = h[3] & 1;
		m->ident = h[4] | h[5] << 8 | h[6] << 16 | (__u32)h[7] << 24;
		*l4 += 8;
		*nexthdr = h[0];
		/* what follows in a later one is no header, whatever it looks like */
		return !m->offset || h[0] == TP_PROTO_ICMPV6;
	}
	if (*nexthdr == TP_PROTO_AH)
		*l4 += (h[1] + 2) * 4;
	else
		*l4 += (h[1] + 1) * 8;
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
	    (!skip_extension(&nexthdr, &l4, m) || !skip_extension(&nexthdr, &l4, m) ||
	     !skip_extension(&nexthdr, &l4, m) || !skip_extension(&nexthdr, &l4, m) ||
	     !skip_extension(&nexthdr, &l4, m) || !skip_extension(&nexthdr, &l4, m) ||
	     nexthdr != TP_PROTO_ICMPV6))
		return 0;
	if (m->offset)
		return is_our_fragment(l4, 1, m);
	if (!is_our_message(l4, 1, m))
		return 0;
	if (m->more)
		note_fragment(m, 1);
	return 1;
}

/* Fills *m and returns 1 if the skb carries our ping, to be seen as it is. m->at is always set. */
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

/* The header of an encapsulated packet: which protocol, and, but in a later fragment, where to. */
static __always_inline void describe_outer(const struct match *m, struct event *e)
{
	const unsigned char *l4 = m->at.l3 + sizeof(struct ipv6_start);
	__u8 start[8];
	__u16 port = 0;
	int later = 0;

	if (bpf_probe_read_kernel(start, sizeof(start), m->at.l3))
		return;
	if (e->family == 4) {
		bpf_probe_read_kernel(&e->proto, 1,
				      m->at.l3 + offsetof(struct ipv4_start, protocol));
		later = (start[6] << 8 | start[7]) & TP_OFFSET;
		l4 = m->at.l3 + (start[0] & 15) * 4;
	} else {
		e->proto = start[offsetof(struct ipv6_start, nexthdr)];
		if (e->proto == TP_PROTO_FRAGMENT && !bpf_probe_read_kernel(start, 8, l4)) {
			e->proto = start[0];
			later = (start[2] << 8 | start[3]) & 0xfff8;
			l4 += 8;
		}
		/* how deep tunnels may be nested (RFC 2473, 4.1.1) */
		if (e->proto == TP_PROTO_DSTOPTS && !later &&
		    !bpf_probe_read_kernel(start, 8, l4)) {
			e->proto = start[0];
			l4 += (start[1] + 1) * 8;
		}
	}
	if (e->proto == TP_PROTO_UDP && !later) {
		bpf_probe_read_kernel(&port, 2, l4 + 2);
		e->port = TP_HTONS(port);
	}
}

/* What a packet found to be ours tells an event. */
static __always_inline void describe_packet(const struct match *m, struct event *e)
{
	const unsigned char *l3 = m->at.l3;

	e->type = m->type;
	e->id = TP_HTONS(m->id);
	e->seq = TP_HTONS(m->seq);
	e->flags = m->flags;
	e->info = m->info;
	e->icmp_type = m->icmp_type;
	e->icmp_code = m->icmp_code;
	if (m->at.protocol == TP_HTONS(TP_ETH_P_IP)) {
		e->family = 4;
		bpf_probe_read_kernel(&e->saddr, 4, l3 + offsetof(struct ipv4_start, saddr));
		bpf_probe_read_kernel(&e->daddr, 4, l3 + offsetof(struct ipv4_start, daddr));
		bpf_probe_read_kernel(&e->ttl, 1, l3 + offsetof(struct ipv4_start, ttl));
	} else if (m->at.protocol == TP_HTONS(TP_ETH_P_IPV6)) {
		e->family = 6;
		bpf_probe_read_kernel(&e->saddr, 16, l3 + offsetof(struct ipv6_start, saddr));
		bpf_probe_read_kernel(&e->daddr, 16, l3 + offsetof(struct ipv6_start, daddr));
		bpf_probe_read_kernel(&e->ttl, 1, l3 + offsetof(struct ipv6_start, hop_limit));
	}
	if ((m->flags & EVENT_F_ENCAP) && e->family)
		describe_outer(m, e);
}

#endif
