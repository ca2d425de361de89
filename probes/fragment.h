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
	__u8 saddr[16];
	__u8 daddr[16];
	__u32 ident; /* as in the packet */
	__u16 id, seq;
	__u8 family, type;
	__u8 spare[6];
};

#define FRAGMENTS 64 /* a power of two */

BPF_ARRAY(fragments, struct fragment, FRAGMENTS);

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

#endif
