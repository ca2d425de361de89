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

BPF_PERCPU_ARRAY(jobs, struct jobs, 1);

/* Keeps the compiler from moving what is written before it behind it, or the other way round. */
#define TP_BARRIER() asm volatile("" : : : "memory")

static __always_inline struct jobs *get_jobs(void)
{
	int zero = 0;

	return jobs.lookup(&zero);
}

/* Is this an ICMP message, a fragment of one, or something that needs a closer look? */
static __always_inline int may_be_icmp(const struct stretch *at)
{
	__u8 start[10];

	if (!is_ip(at->protocol))
		return is_tag(at->protocol);
	if (bpf_probe_read_kernel(start, sizeof(start), at->l3))
		return 0;
	if (at->protocol == TP_HTONS(TP_ETH_P_IP))
		return start[offsetof(struct ipv4_start, protocol)] == TP_PROTO_ICMP;
	start[0] = start[offsetof(struct ipv6_start, nexthdr)];
	return start[0] == TP_PROTO_ICMPV6 || is_extension(start[0]);
}

/* Fills in where the packet is. Returns 0 if it is surely not ours. */
static __always_inline int look_at(struct job *j)
{
	const struct sk_buff *skb = (const struct sk_buff *)j->skb;

	if (find_stretch(skb, j->dir, &j->at))
		return may_be_hidden(j->dir);
	if (j->probe == PROBE_napi_gro_frags_entry)
		look_into_frag0(skb, &j->at);
	return may_be_icmp(&j->at) || may_be_hidden(j->dir);
}

/* Puts the job where the program finds it that is called next. NULL: the kernel is out of order. */
static __always_inline struct jobs *push_job(const struct job *j)
{
	struct jobs *s = get_jobs();
	__u32 depth;

	if (!s)
		return 0;
	depth = s->depth;
	s->depth = depth + 1; /* first, so that what interrupts takes another place */
	TP_BARRIER();
	s->job[depth & (JOBS - 1)] = *j;
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
