/* Walks from the network header to the ICMP header, and asks whether the packet is ours. */
#ifndef TRACEPKT_OURS_H
#define TRACEPKT_OURS_H

#include "echo.h"
#include "fragment.h"
#include "packet.h"

/*
 * VLAN tags that lie in the payload, up to two. The EtherType in front of the network header tells
 * whether the header is that of the first tag or already that of IP behind the tags.
 */
static __always_inline int skip_tags(struct stretch *at)
{
	__u16 t[5]; /* EtherType, TCI, EtherType, TCI, EtherType */

	if (is_ip(at->protocol))
		return 1;
	if (!is_tag(at->protocol))
		return 0;
	if (bpf_probe_read_kernel(t, sizeof(t), at->l3 - 2))
		return 0;
	if (is_ip(t[0])) {
		at->protocol = t[0];
		return 1;
	}
	at->protocol = t[2];
	at->l3 += 4;
	if (!is_tag(t[2]))
		return 1;
	at->protocol = t[4];
	at->l3 += 4;
	return 1;
}

/* Where what follows the IPv4 header is, if that may be ICMP; else 0. */
static __always_inline const unsigned char *behind_ipv4(struct match *m)
{
	const struct ipv4_start *ip = &m->ip.v4;

	if (ip->protocol != TP_PROTO_ICMP || (ip->version_ihl >> 4) != 4)
		return 0;
	m->ident = ip->id;
	m->offset = (TP_HTONS(ip->frag_off) & TP_OFFSET) * 8;
	m->more = (ip->frag_off & TP_HTONS(TP_MF)) != 0;
	return behind_start(m);
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
	if (!is_extension(*nexthdr))
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

/* The same behind the IPv6 header and its extensions. */
static __always_inline const unsigned char *behind_ipv6(struct match *m)
{
	const unsigned char *l4 = m->at.l3 + sizeof(struct ipv6_start);
	__u8 nexthdr = m->ip.v6.nexthdr;

	TP_REPEAT
	for (int i = 0; i < 6; i++)
		if (!skip_extension(&nexthdr, &l4, m))
			return 0;
	return nexthdr == TP_PROTO_ICMPV6 ? l4 : 0;
}

/*
 * Reads the IP header of m->at, behind tags. The 40 bytes of IPv6 are there to be read in any case,
 * for struct skb_shared_info (linux/skbuff.h) or more of the packet follows.
 */
static __always_inline void read_ip(struct match *m)
{
	if (!skip_tags(&m->at) || !is_ip(m->at.protocol) ||
	    bpf_probe_read_kernel(&m->ip, sizeof(m->ip), m->at.l3))
		return;
	m->family = m->at.protocol == TP_HTONS(TP_ETH_P_IP) ? 4 : 6;
}

/* Is our ping in m->at, to be seen as it is? Then *m is filled in. */
static __always_inline int is_ours(struct match *m)
{
	const unsigned char *l4 = 0;
	int v6 = m->family == 6;

	if (v6)
		l4 = behind_ipv6(m);
	else if (m->family)
		l4 = behind_ipv4(m);
	if (!l4)
		return 0;
	if (m->offset)
		return is_our_fragment(l4, m);
	if (!is_our_message(l4, v6, m))
		return 0;
	if (m->more)
		note_fragment(m);
	return 1;
}

#endif
