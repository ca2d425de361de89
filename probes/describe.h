/* What the headers of a packet tell an event. */
#ifndef TRACEPKT_DESCRIBE_H
#define TRACEPKT_DESCRIBE_H

#include "packet.h"

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
