/*
 * The way in. Each attach point has a small program, a gate, which lets go at once what is surely
 * not ours, as nearly all packets are, and hands the rest over, by a tail call, to one program that
 * has all of the rest. So there is one of that, however many attach points there are: to compile,
 * to have verified, to keep in the caches of the CPU.
 *
 * What a gate knows goes along on a stack for each CPU, since what runs there may be interrupted
 * between gate and program by another of the kind: a task by a softirq, that by a hardirq, that by
 * an NMI. Whatever interrupts is through before what it interrupted goes on.
 */
#ifndef TRACEPKT_GATE_H
#define TRACEPKT_GATE_H

#include "event.h"
#include "output.h"
#include "packet.h"
#include "follow.h"

#define JOBS 4 /* that can interrupt each other; a power of two */

struct jobs {
	__u32 depth;
	__u32 spare;
	struct job job[JOBS];
};

TP_HELD(jobs);
BPF_PERCPU_ARRAY(jobs, struct jobs_held, 1);

/* Keeps the compiler from moving what is written before it behind it, or the other way round. */
#define TP_BARRIER() asm volatile("" : : : "memory")

static __always_inline struct jobs *get_jobs(void)
{
	int zero = 0;

	return (struct jobs *)jobs.lookup(&zero);
}

/* Is this an ICMP message, a fragment of one, or something that needs a closer look? */
static __always_inline int may_be_icmp(__u16 ethertype, __u8 protocol)
{
	if (ethertype == TP_HTONS(TP_ETH_P_IP))
		return protocol == TP_PROTO_ICMP;
	return protocol == TP_PROTO_ICMPV6 || is_extension(protocol);
}

/*
 * A checksum that is still to be made (CHECKSUM_PARTIAL of linux/skbuff.h) tells whose it is by its
 * place in the header. The kernel makes those of ICMP at once.
 */
#define TP_CHECKSUM_PARTIAL 3
#define TP_UDP_CHECK        6  /* offsetof(struct udphdr, check) */
#define TP_TCP_CHECK        16 /* offsetof(struct tcphdr, check) */

static __always_inline int is_udp_or_tcp(__u16 csum_offset)
{
	return csum_offset == TP_UDP_CHECK || csum_offset == TP_TCP_CHECK;
}

#ifdef TP_RDONLY_CAST

/* ip_summed is a bit-field, which has no address; it is in the byte with pkt_type, or is not found.
 */
static __always_inline unsigned int load_ip_summed(const char *skb)
{
	struct skb_span s;

	s.words[0] = 0;
	((__u8 *)s.words)[SKB_FROM - SKB_BASE] = LOAD_BYTE(skb, SKB_FROM);
	return ((const struct sk_buff *)SPAN_START(&s))->ip_summed;
}

static __always_inline int may_be_ours(const struct sk_buff *skb, int probe, int dir)
{
	const char *s = CAST(sk_buff, skb);
	const unsigned char *l3;
	__u16 ethertype;

	/* most packets that are sent are let go by these two loads */
	if (load_ip_summed(s) == TP_CHECKSUM_PARTIAL &&
	    is_udp_or_tcp(LOAD(sk_buff, s, csum_offset)))
		return 0;
	ethertype = LOAD(sk_buff, s, protocol);
	if (!is_ip(ethertype))
		return is_tag(ethertype);
	l3 = dir == EVENT_RX ? LOAD(sk_buff, s, data)
			     : LOAD(sk_buff, s, head) + LOAD(sk_buff, s, network_header);
	/* as look_into_frag0() */
	if (probe == PROBE_napi_gro_frags_entry &&
	    LOAD(sk_buff, s, len) == LOAD(sk_buff, s, data_len))
		l3 = (const unsigned char *)LOAD_WORD(s, offsetof(struct sk_buff, cb));
	if (ethertype == TP_HTONS(TP_ETH_P_IP))
		return may_be_icmp(ethertype, LOAD_BYTE(CAST(iphdr, l3),
							offsetof(struct ipv4_start, protocol)));
	return may_be_icmp(ethertype,
			   LOAD_BYTE(CAST(ipv6hdr, l3), offsetof(struct ipv6_start, nexthdr)));
}

#else

static __always_inline int may_be_ours(const struct sk_buff *skb, int probe, int dir)
{
	struct stretch at;
	struct skb_span s;
	__u8 start[10];

	if (!read_span(&s, skb) ||
	    (((const struct sk_buff *)SPAN_START(&s))->ip_summed == TP_CHECKSUM_PARTIAL &&
	     is_udp_or_tcp(SPAN_FIELD(&s, csum_offset))))
		return 0;
	find_stretch(&s, dir, &at);
	if (!is_ip(at.protocol))
		return is_tag(at.protocol);
	if (probe == PROBE_napi_gro_frags_entry)
		look_into_frag0(skb, &at);
	if (bpf_probe_read_kernel(start, sizeof(start), at.l3))
		return 0;
	if (at.protocol == TP_HTONS(TP_ETH_P_IP))
		return may_be_icmp(at.protocol, start[offsetof(struct ipv4_start, protocol)]);
	return may_be_icmp(at.protocol, start[offsetof(struct ipv6_start, nexthdr)]);
}

#endif

/* Returns 0 if the packet is surely not ours. */
static __always_inline int look_at(u64 skb, int probe, int dir)
{
	return may_be_hidden(dir) || may_be_ours((const struct sk_buff *)skb, probe, dir);
}

/* Puts a job where the program finds it that is called next. NULL: the kernel is out of order. */
static __always_inline struct jobs *push_job(u64 skb, int probe, int dir, u64 location, u32 reason)
{
	struct jobs *s = get_jobs();
	struct job *j;
	__u32 depth;

	if (!s)
		return 0;
	depth = s->depth;
	s->depth = depth + 1; /* first, so that what interrupts takes another place */
	TP_BARRIER();
	j = &s->job[depth & (JOBS - 1)];
	j->skb = skb;
	j->location = location;
	j->reason = reason;
	j->probe = probe;
	j->dir = dir;
	return s;
}

/* The program was not called. */
static __always_inline void drop_job(struct jobs *s)
{
	s->depth--;
	count_lost();
}

static __always_inline int take_job(struct job *to)
{
	struct jobs *s = get_jobs();
	__u32 depth;

	if (!s)
		return 0;
	depth = s->depth - 1;
	*to = s->job[depth & (JOBS - 1)];
	TP_BARRIER();
	s->depth = depth;
	return 1;
}

#endif
