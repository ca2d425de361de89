/*
 * Follows skbs that carry our ping by their address, for as long as the ping cannot be recognised
 * by what is in front: behind the headers of a tunnel, or encrypted.
 *
 * The address alone proves nothing, for it is used again at once when an skb is freed, and the
 * kernel frees a few without telling (kfree_skb_partial() and the like). So a packet counts as ours
 * if the cookie is still where it was, counted from the end of the packet, which headers in front
 * do not change. Where encryption hides it, see may_be_encrypted().
 *
 * For foreign packets nothing is looked up while nothing is followed.
 */
#ifndef TRACEPKT_FOLLOW_H
#define TRACEPKT_FOLLOW_H

#include "event.h"
#include "output.h"
#include "ours.h"
#include "packet.h"

#include <net/sock.h>

/* The eight bytes that start at byte i, from 1 to 7, of two words in a row. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TP_SHIFT(w, i) ((w)[0] >> (8 * (i)) | (w)[1] << (64 - 8 * (i)))
#else
#define TP_SHIFT(w, i) ((w)[0] << (8 * (i)) | (w)[1] >> (64 - 8 * (i)))
#endif

#define TP_ARPHRD_NONE 0xfffe /* include/uapi/linux/if_arp.h; WireGuard's devices */

/* What a CPU has seen last of ours. */
struct latest {
	__u64 time_ns;
	__u16 id, seq; /* network order */
	__u8 type;
	__u8 spare[3];
};

/* How long what cannot be recognised may be between two devices. */
#define ENCRYPTED_NS 2000000000ULL

/* A packet is cut into pieces at once, before the CPU does anything else with others of ours. */
#define LATEST_NS 20000000ULL

TP_HELD(event_follow);
BPF_HASH(followed, u64, struct event_follow_held, 8192);

TP_HELD(latest);
BPF_PERCPU_ARRAY(latest, struct latest_held, 1);

static __always_inline void count_followed(int change)
{
	int which = COUNTER_FOLLOWED;
	u64 *n = counters.lookup(&which);

	if (n)
		__sync_fetch_and_add(n, change);
}

/* Is any skb followed? User space must not touch a counter of ours, so it has one of its own. */
static __always_inline int is_any_followed(void)
{
	int which = COUNTER_FOLLOWED, other = COUNTER_FORGOTTEN;
	u64 *n = counters.lookup(&which), *m;

	if (!n || !*n)
		return 0;
	m = counters.lookup(&other);
	return m && *n != *m;
}

static __always_inline void follow(const struct sk_buff *skb, const struct match *m)
{
	struct event_follow f = {
		.time_ns = bpf_ktime_get_ns(),
		.info = m->info,
		.cookie = m->cookie,
		.id = m->id,
		.seq = m->seq,
		.type = m->type,
		.flags = m->flags & ~EVENT_F_ENCAP,
		.icmp_type = m->icmp_type,
		.icmp_code = m->icmp_code,
		.udp = m->udp,
	};
	u64 key = (u64)skb;
	struct latest *l;
	int zero = 0;

	l = (struct latest *)latest.lookup(&zero);
	if (l) {
		l->time_ns = f.time_ns;
		l->id = m->id;
		l->seq = m->seq;
		l->type = m->type;
	}
	if (followed.insert(&key, (struct event_follow_held *)&f) == 0)
		count_followed(1);
	else
		followed.update(&key, (struct event_follow_held *)&f);
}

static __always_inline void unfollow(const struct sk_buff *skb)
{
	u64 key = (u64)skb;

	if (is_any_followed() && followed.delete(&key) == 0)
		count_followed(-1);
}

/* IPPROTO_* of the packet's IP header, or 0. */
static __always_inline __u8 protocol_of(const struct match *m)
{
	if (m->family == 4)
		return m->ip.v4.protocol;
	return m->family ? m->ip.v6.nexthdr : 0;
}

/* ESP in UDP (RFC 3948), by its port. */
static __always_inline int is_esp_in_udp(const struct match *m)
{
	__u16 ports[2];

	return !bpf_probe_read_kernel(ports, sizeof(ports), behind_start(m)) &&
	       (ports[0] == TP_HTONS(TP_PORT_ESP) || ports[1] == TP_HTONS(TP_PORT_ESP));
}

static __always_inline int is_ipsec(const struct match *m)
{
	__u8 proto = protocol_of(m);

	return proto == TP_PROTO_ESP || proto == TP_PROTO_AH ||
	       (proto == TP_PROTO_UDP && is_esp_in_udp(m));
}

/*
 * The cookie is gone from a packet at an address that we follow. IPsec and MACsec say that they
 * encrypt; WireGuard's UDP could be anybody's, so it counts only behind a device of that kind.
 */
static __always_inline int may_be_encrypted(const struct match *m, const struct event_follow *f)
{
	if (bpf_ktime_get_ns() - f->time_ns > ENCRYPTED_NS)
		return 0;
	return is_ipsec(m) || m->at.protocol == TP_HTONS(TP_ETH_P_MACSEC) ||
	       (f->udp && protocol_of(m) == TP_PROTO_UDP);
}

static __always_inline void take_over(struct match *m, const struct event_follow *f)
{
	m->info = f->info;
	m->id = f->id;
	m->seq = f->seq;
	m->type = f->type;
	m->flags = f->flags | EVENT_F_ENCAP;
	m->icmp_type = f->icmp_type;
	m->icmp_code = f->icmp_code;
	m->cookie = f->cookie;
	m->udp = f->udp;
}

/* An skb that was recognised before. */
static __always_inline int is_followed(const struct sk_buff *skb, struct match *m,
				       const struct event_follow *f, const struct event_wanted *w)
{
	__u64 cookie = 0;
	int gone = !f->cookie ||
		   bpf_probe_read_kernel(&cookie, sizeof(cookie), m->at.end - f->cookie) ||
		   cookie != w->cookie;

	if (gone && !may_be_encrypted(m, f)) {
		if (f->cookie)
			unfollow(skb);
		return 0;
	}
	take_over(m, f);
	return 1;
}

/*
 * Our echo, whole, is at the end: one that was recognised before, or a copy of it, a clone or one
 * with room for more headers. Errors that quote it have it there too; they are told by what is in
 * front.
 */
static __always_inline int is_copy(struct match *m, const struct event_wanted *w)
{
	const unsigned char *l4 = m->at.end - w->size - 8;
	struct echo_header echo;
	__u8 before[48];
	int v6;

	if (w->cookie_mask != ~0ULL || w->size > 0x8000 || l4 < m->at.l3 + 20 ||
	    bpf_probe_read_kernel(&echo, sizeof(echo), l4) || echo.cookie != w->cookie || echo.code)
		return 0;
	v6 = type_of_echo(echo.type, 0) == 0;
	if (!type_of_echo(echo.type, v6))
		return 0;
	if (bpf_probe_read_kernel(before, sizeof(before), l4 - sizeof(before)))
		return 0;
	if (v6 ? before[8] >> 4 == 6 && before[14] == TP_PROTO_ICMPV6 && is_error(before[0], 1)
	       : before[28] == 0x45 && before[37] == TP_PROTO_ICMP && is_error(before[20], 0))
		return 0;
	m->type = type_of_echo(echo.type, v6);
	m->flags = EVENT_F_ENCAP;
	m->id = echo.id;
	m->seq = echo.seq;
	m->cookie = w->size;
	m->info = 0;
	m->icmp_type = 0;
	m->icmp_code = 0;
	return 1;
}

/* Where the fragment of an encapsulated packet starts in that, in bytes. */
static __always_inline __u32 outer_offset(const struct match *m)
{
	__u16 offset = 0;

	if (m->family == 4)
		return (TP_HTONS(m->ip.v4.frag_off) & TP_OFFSET) * 8;
	if (protocol_of(m) == TP_PROTO_FRAGMENT)
		bpf_probe_read_kernel(&offset, sizeof(offset),
				      m->at.l3 + sizeof(struct ipv6_start) + 2);
	return TP_HTONS(offset) & 0xfff8;
}

/*
 * A piece of one: a tunnel's packet that was too large for the link below. It ends somewhere in the
 * payload, so there is a whole cookie in its last 15 bytes. Which ping it is of is not in there, so
 * it must have been made here, of the last one: then it has not come in by any device.
 */
static __always_inline int is_piece(const struct sk_buff *skb, int dir, struct match *m,
				    const struct event_wanted *w)
{
	__u64 words[2];
	struct latest *l;
	int zero = 0, distance = 0, iif = 0;

	READ_FIELD(&iif, sk_buff, skb, skb_iif);
	if (dir == EVENT_RX || iif || w->cookie_mask != ~0ULL ||
	    m->at.end - sizeof(words) < m->at.l3 ||
	    bpf_probe_read_kernel(words, sizeof(words), m->at.end - sizeof(words)))
		return 0;
	if (words[1] == w->cookie)
		distance = 8;
#pragma unroll
	for (int i = 1; i < 8; i++)
		if (TP_SHIFT(words, i) == w->cookie)
			distance = 16 - i;
	if (!distance)
		return 0;
	l = (struct latest *)latest.lookup(&zero);
	if (!l || bpf_ktime_get_ns() - l->time_ns > LATEST_NS)
		return 0;
	m->type = l->type;
	m->flags = EVENT_F_ENCAP;
	m->info = outer_offset(m);
	if (m->info)
		m->flags |= EVENT_F_FRAGMENT;
	m->id = l->id;
	m->seq = l->seq;
	m->cookie = distance;
	m->icmp_type = 0;
	m->icmp_code = 0;
	return 1;
}

/* User space defines TP_SOCKET where event_wanted's socket is set: the namespace has IPsec
 * policies. */
#ifdef TP_SOCKET

/* IPsec encrypts before any device shows the packet; what tells is the socket that it is from. */
static __always_inline int is_of_our_socket(const struct sk_buff *skb, struct match *m,
					    const struct event_wanted *w)
{
	struct sock *sk = 0; /* starts with a struct sock_common */
	__u64 cookie = 0;

	READ_FIELD(&sk, sk_buff, skb, sk);
	if (!sk)
		return 0;
	bpf_probe_read_kernel(&cookie, sizeof(cookie),
			      (const char *)sk + offsetof(struct sock_common, skc_cookie));
	if (cookie != w->socket)
		return 0;
	m->type = EVENT_REQUEST;
	m->flags = EVENT_F_ENCAP;
	m->id = w->id;
	m->seq = w->seq;
	m->cookie = 0;
	return 1;
}

#endif

/* Not recognised by its contents: is it ours all the same? */
static __always_inline int is_hidden(const struct sk_buff *skb, int dir, struct match *m)
{
	struct event_wanted *w = get_wanted();
	struct event_follow *f = 0;
	u64 key = (u64)skb;
	int any = is_any_followed();

	if (!w)
		return 0;
	if (any) {
		/* first, as the address may have been that of another packet of ours */
		if (is_copy(m, w))
			return 1;
		f = (struct event_follow *)followed.lookup(&key);
	}
	if (f)
		return is_followed(skb, m, f, w);
	if (any && is_piece(skb, dir, m, w))
		return 1;
#ifdef TP_SOCKET
	if (dir == EVENT_TX && is_ipsec(m) && is_of_our_socket(skb, m, w))
		return 1;
#endif
	return 0;
}

/* Could is_hidden() find any packet to be ours now? */
static __always_inline int may_be_hidden(int dir)
{
#ifdef TP_SOCKET
	if (dir == EVENT_TX)
		return 1;
#endif
	return is_any_followed();
}

/* Is the packet of the job ours? Then *m, which has been cleared, tells how. */
static __always_inline int recognise(const struct job *j, struct match *m)
{
	const struct sk_buff *skb = (const struct sk_buff *)j->skb;
	__u8 type, code;
	__u32 info;

	if (!find_packet(j, &m->at))
		return 0;
	read_ip(m);
	if (is_ours(m))
		return 1;
	type = m->icmp_type;
	code = m->icmp_code;
	info = m->info;
	if (!is_hidden(skb, j->dir, m))
		return 0;
	if (!type)
		return 1;
	/* an error that quotes a tunnel's packet, with ours in it */
	if (m->type == EVENT_REPLY)
		m->flags |= EVENT_F_REPLY;
	m->flags &= ~(EVENT_F_ENCAP | EVENT_F_FRAGMENT);
	m->type = EVENT_ERROR;
	m->icmp_type = type;
	m->icmp_code = code;
	m->info = info;
	return 1;
}

#endif
