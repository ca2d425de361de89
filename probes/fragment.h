/* Later fragments, which have no ICMP header: one is ours if its first one was. */
#ifndef TRACEPKT_FRAGMENT_H
#define TRACEPKT_FRAGMENT_H

#include "echo.h"
#include "packet.h"

/* How long the fragments of one packet may be apart. */
#define FRAGMENTS_NS 2000000000ULL

/*
 * First fragments of ours that were seen lately: what later ones, which have no ICMP header, are
 * recognised by.
 */
struct fragment {
	__u64 time_ns;
	__u32 addresses[8]; /* of source and destination, IPv4 uses the first two */
	__u32 ident;        /* as in the packet */
	__u16 id, seq;
	__u8 family, type;
	__u8 spare[6];
};

#define FRAGMENTS 64 /* a power of two */

TP_HELD(fragment);
BPF_ARRAY(fragments, struct fragment_held, FRAGMENTS);

static __always_inline struct fragment *fragment_slot(__u32 ident)
{
	int slot = (ident ^ ident >> 8 ^ ident >> 16 ^ ident >> 24) & (FRAGMENTS - 1);

	return (struct fragment *)fragments.lookup(&slot);
}

static __always_inline void note_fragment(const struct match *m)
{
	struct fragment *f = fragment_slot(m->ident);

	if (!f)
		return;
	f->time_ns = bpf_ktime_get_ns();
	f->ident = m->ident;
	f->id = m->id;
	f->seq = m->seq;
	f->family = m->family;
	f->type = m->type;
	if (m->family == 6)
		__builtin_memcpy(f->addresses, m->ip.v6.saddr, sizeof(f->addresses));
	else
		__builtin_memcpy(f->addresses, &m->ip.v4.saddr, 8);
}

static __always_inline int same_addresses(const struct fragment *f, const struct match *m)
{
	const __u64 *a = (const __u64 *)f->addresses;

	if (m->family == 6)
		return a[0] == m->ip.v6.saddr[0] && a[1] == m->ip.v6.saddr[1] &&
		       a[2] == m->ip.v6.daddr[0] && a[3] == m->ip.v6.daddr[1];
	return f->addresses[0] == m->ip.v4.saddr && f->addresses[1] == m->ip.v4.daddr;
}

/*
 * A fragment without an ICMP header, whose payload starts at l4. As the payload repeats the cookie
 * and fragments start at multiples of eight, so does it, where it is long enough and not paged.
 */
static __always_inline int is_our_fragment(const unsigned char *l4, struct match *m)
{
	struct fragment *f = fragment_slot(m->ident);
	struct event_wanted *w = get_wanted();
	__u64 start;

	if (!f || !w || f->ident != m->ident || f->family != m->family ||
	    bpf_ktime_get_ns() - f->time_ns > FRAGMENTS_NS || !same_addresses(f, m))
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

#endif
