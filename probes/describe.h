/* What the headers of a packet tell an event. */
#ifndef TRACEPKT_DESCRIBE_H
#define TRACEPKT_DESCRIBE_H

#include "packet.h"

/* The header of an encapsulated packet: which protocol, and, but in a later fragment, where to. */
static __always_inline void describe_outer(const struct match *m, struct event *e)
{
	const unsigned char *l4 = behind_start(m);
	__u8 start[8];
	__u16 port = 0;
	int later = 0;

	if (m->family == 4) {
		e->proto = m->ip.v4.protocol;
		later = TP_HTONS(m->ip.v4.frag_off) & TP_OFFSET;
	} else {
		e->proto = m->ip.v6.nexthdr;
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
	e->type = m->type;
	e->id = TP_HTONS(m->id);
	e->seq = TP_HTONS(m->seq);
	e->flags = m->flags;
	e->info = m->info;
	e->icmp_type = m->icmp_type;
	e->icmp_code = m->icmp_code;
	e->family = m->family;
	if (m->family == 4) {
		__builtin_memcpy(e->saddr, &m->ip.v4.saddr, 4);
		__builtin_memcpy(e->daddr, &m->ip.v4.daddr, 4);
		e->ttl = m->ip.v4.ttl;
	} else if (m->family) {
		__builtin_memcpy(e->saddr, m->ip.v6.saddr, 16);
		__builtin_memcpy(e->daddr, m->ip.v6.daddr, 16);
		e->ttl = m->ip.v6.hop_limit;
	}
	if ((m->flags & EVENT_F_ENCAP) && e->family)
		describe_outer(m, e);
}

#endif
