/*
 * Tells our ping from every other by its contents: compares id and cookie of the ICMP header with
 * those that user space has put into the map `wanted`. An ICMP error is ours if the packet that it
 * quotes is.
 */
#ifndef TRACEPKT_ECHO_H
#define TRACEPKT_ECHO_H

#include "packet.h"

TP_HELD(event_wanted);
BPF_ARRAY(wanted, struct event_wanted_held, 1);

struct echo_header {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__u16 id;
	__u16 seq;
	__u64 cookie; /* start of the payload */
};

static __always_inline struct event_wanted *get_wanted(void)
{
	int zero = 0;

	return (struct event_wanted *)wanted.lookup(&zero);
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

#endif
