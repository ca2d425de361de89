/*
 * The probes at network devices and where packets end: one program for what may be ours, and for
 * each attach point a gate to it (gate.h). TP_RAW says whether they are raw tracepoints, whose
 * context holds the tracepoint's arguments, or perf tracepoints, whose context holds the record
 * that the format file in tracefs describes; TP_SKBADDR_<name> is the offset of skbaddr therein,
 * defined for those the kernel has, TP_LOCATION, TP_REASON and TP_RC those of further fields.
 * TP_HAVE_REASON: the tracepoint kfree_skb has a reason (5.17).
 *
 * Raw tracepoints at which a device hands a packet to the stack have one gate, on_receive(), of
 * which user space loads a copy for each, with a map of its own in the place of `point`.
 *
 * Two processes can compile the text, each its part: TP_PART_PACKET is on_packet(), TP_PART_REST
 * all else, here and in netfilter.c.
 */
#include "event.h"
#include "output.h"
#include "packet.h"
#include "follow.h"
#include "describe.h"
#include "gate.h"

#include <net/dst.h>

/* A driver returns at once after it has freed the packet; later the address is another one's. */
#define XMIT_NS 100000ULL

/* The last of our packets that a CPU has freed as used up, for on_net_dev_xmit(). */
TP_HELD(event);
BPF_PERCPU_ARRAY(ended, struct event_held, 1);

BPF_PROG_ARRAY(on_packet_call, 1);

#ifdef TP_RAW
BPF_ARRAY(point, u32, 1); /* enum event_probe: where this copy of on_receive() is attached */
#endif

/* The device that the skb is at, or 0: it left the stack. */
static __always_inline struct net_device *device_of(const struct sk_buff *skb)
{
	struct net_device *dev = 0;

	READ_FIELD(&dev, sk_buff, skb, dev);
	return dev;
}

/* The device that it is routed to: a packet that is dropped on its way out may have no other yet.
 */
static __always_inline struct net_device *device_of_route(const struct sk_buff *skb)
{
	struct net_device *dev = 0;
	const struct dst_entry *dst;
	unsigned long ref = 0;

	READ_FIELD(&ref, sk_buff, skb, _skb_refdst);
	dst = (const struct dst_entry *)(ref & ~1UL); /* SKB_DST_NOREF of linux/skbuff.h */
	if (dst)
		READ_FIELD(&dev, dst_entry, dst, dev);
	return dev;
}

/* The namespace of its socket, if it has one. */
static __always_inline void describe_socket(const struct sk_buff *skb, struct event *e)
{
	struct sock *sk = 0; /* starts with a struct sock_common */
	struct net *net = 0;

	READ_FIELD(&sk, sk_buff, skb, sk);
	if (!sk)
		return;
	bpf_probe_read_kernel(&net, sizeof(net),
			      (const char *)sk + offsetof(struct sock_common, skc_net.net));
	READ_FIELD(&e->netns, net, net, ns.inum);
}

static __always_inline void describe_event(const struct sk_buff *skb, const struct match *m,
					   struct event *e)
{
	describe_packet(m, e);
	e->time_ns = bpf_ktime_get_ns();
	e->skb = (u64)skb;
	e->size = sizeof(*e);
	e->cpu = bpf_get_smp_processor_id();
	READ_FIELD(&e->iif, sk_buff, skb, skb_iif);
}

static __always_inline void submit(void *ctx, struct event *e)
{
	if (events.perf_submit(ctx, e, sizeof(*e)))
		count_lost();
}

/* May this device encrypt what it sends and put it into UDP? */
static __always_inline int sends_udp(const struct net_device *dev)
{
	unsigned short type = 0;

	READ_FIELD(&type, net_device, dev, type);
	return type == TP_ARPHRD_NONE;
}

/* Tells of the packet of a job, which is ours, and follows it, or does so no longer. */
static __always_inline void report(void *ctx, const struct job *j, struct match *m)
{
	const struct sk_buff *skb = (const struct sk_buff *)j->skb;
	struct net_device *dev = device_of(skb);
	struct event e = {};
	int zero = 0;

	/* what a socket has read has no device any more */
	if (!dev && j->probe != PROBE_kfree_skb)
		return;
	if (j->dir == EVENT_TX && sends_udp(dev))
		m->udp = 1;
	if (j->dir != EVENT_END && (m->cookie || (m->flags & EVENT_F_ENCAP)))
		follow(skb, m);
	if (!dev)
		dev = device_of_route(skb);
	if (dev)
		describe(dev, &e);
	else
		describe_socket(skb, &e);
	describe_event(skb, m, &e);
	e.probe = j->probe;
	e.dir = j->dir;
	e.location = j->location;
	e.reason = j->reason;
	submit(ctx, &e);
	if (j->probe == PROBE_consume_skb)
		ended.update(&zero, (struct event_held *)&e);
}

#ifndef TP_PART_REST
/* Called by all gates. */
int on_packet(void *ctx)
{
	const struct sk_buff *skb;
	struct match m = {};
	struct job j;

	if (!take_job(&j))
		return 0;
	skb = (const struct sk_buff *)j.skb;
#ifdef TP_RAW
	/* a kernel that lets tracepoints be preempted can mix up the jobs of two tasks */
	if (j.skb != ((struct bpf_raw_tracepoint_args *)ctx)->args[0]) {
		count_lost();
		return 0;
	}
#endif
	if (!recognise(&j, &m))
		return 0;
	report(ctx, &j, &m);
	if (j.dir == EVENT_END)
		unfollow(skb);
	return 0;
}
#endif

#ifndef TP_PART_PACKET
static __always_inline int call_on_packet(void *ctx, u64 skb, int probe, int dir, u64 location,
					  u32 reason)
{
	struct jobs *s = push_job(skb, probe, dir, location, reason);

	if (s) {
		on_packet_call.call(ctx, 0); /* does not return */
		drop_job(s);
	}
	return 0;
}

static __always_inline int gate(void *ctx, u64 skb, int probe, int dir, u64 location, u32 reason)
{
	return look_at(skb, probe, dir) ? call_on_packet(ctx, skb, probe, dir, location, reason)
					: 0;
}

static __always_inline int on_device(void *ctx, u64 skb, int probe, int dir)
{
	return gate(ctx, skb, probe, dir, 0, 0);
}

static __always_inline int on_end(void *ctx, u64 skb, int probe, u64 location, u32 reason)
{
	return gate(ctx, skb, probe, EVENT_END, location, reason);
}

/*
 * A driver has returned. Most that take a packet and lose it free it by kfree_skb(); some use it up
 * as if it were sent and return an error.
 */
static __always_inline int on_xmit(void *ctx, u64 skb, int rc)
{
	struct event *last, e;
	int zero = 0;

	last = (struct event *)ended.lookup(&zero);
	if (!last || last->skb != skb || bpf_ktime_get_ns() - last->time_ns > XMIT_NS)
		return 0;
	e = *last;
	last->time_ns = 0;
	e.time_ns = bpf_ktime_get_ns();
	e.probe = PROBE_net_dev_xmit;
	e.dir = EVENT_XMIT;
	e.reason = rc;
	submit(ctx, &e);
	return 0;
}

#ifdef TP_RAW
#define DEVICE_PROBE(name, dir)                                         \
	int on_##name(struct bpf_raw_tracepoint_args *ctx)              \
	{                                                               \
		return on_device(ctx, ctx->args[0], PROBE_##name, dir); \
	}
#else
#define DEVICE_PROBE(name, dir)                                                              \
	int on_##name(void *ctx)                                                             \
	{                                                                                    \
		return on_device(ctx, *(u64 *)(ctx + TP_SKBADDR_##name), PROBE_##name, dir); \
	}
#endif

#if defined(TP_RAW) || defined(TP_SKBADDR_net_dev_queue)
DEVICE_PROBE(net_dev_queue, EVENT_TX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_napi_gro_frags_entry)
DEVICE_PROBE(napi_gro_frags_entry, EVENT_RX)
#endif
#ifdef TP_SKBADDR_netif_rx
DEVICE_PROBE(netif_rx, EVENT_RX)
#endif
#ifdef TP_SKBADDR_napi_gro_receive_entry
DEVICE_PROBE(napi_gro_receive_entry, EVENT_RX)
#endif
#ifdef TP_SKBADDR_netif_receive_skb_entry
DEVICE_PROBE(netif_receive_skb_entry, EVENT_RX)
#endif
#ifdef TP_SKBADDR_netif_receive_skb_list_entry
DEVICE_PROBE(netif_receive_skb_list_entry, EVENT_RX)
#endif

#ifdef TP_RAW
int on_receive(struct bpf_raw_tracepoint_args *ctx)
{
	u64 skb = ctx->args[0];
	int zero = 0;
	u32 *probe;

	if (!look_at(skb, PROBE_netif_rx, EVENT_RX))
		return 0;
	probe = point.lookup(&zero);
	return probe ? call_on_packet(ctx, skb, *probe, EVENT_RX, 0, 0) : 0;
}

int on_consume_skb(struct bpf_raw_tracepoint_args *ctx)
{
	return on_end(ctx, ctx->args[0], PROBE_consume_skb, 0, 0);
}

int on_kfree_skb(struct bpf_raw_tracepoint_args *ctx)
{
#ifdef TP_HAVE_REASON
	u32 reason = ctx->args[2];
#else
	u32 reason = 0;
#endif

	return on_end(ctx, ctx->args[0], PROBE_kfree_skb, ctx->args[1], reason);
}

int on_net_dev_xmit(struct bpf_raw_tracepoint_args *ctx)
{
	int rc = ctx->args[1];

	return rc ? on_xmit(ctx, ctx->args[0], rc) : 0;
}
#else
#ifdef TP_SKBADDR_consume_skb
int on_consume_skb(void *ctx)
{
	return on_end(ctx, *(u64 *)(ctx + TP_SKBADDR_consume_skb), PROBE_consume_skb, 0, 0);
}
#endif
#ifdef TP_SKBADDR_kfree_skb
int on_kfree_skb(void *ctx)
{
	u32 reason = 0;
	u64 location = 0;

#ifdef TP_REASON
	reason = *(u32 *)(ctx + TP_REASON);
#endif
#ifdef TP_LOCATION
	location = *(u64 *)(ctx + TP_LOCATION);
#endif
	return on_end(ctx, *(u64 *)(ctx + TP_SKBADDR_kfree_skb), PROBE_kfree_skb, location, reason);
}
#endif
#if defined(TP_SKBADDR_net_dev_xmit) && defined(TP_RC)
int on_net_dev_xmit(void *ctx)
{
	int rc = *(int *)(ctx + TP_RC);

	return rc ? on_xmit(ctx, *(u64 *)(ctx + TP_SKBADDR_net_dev_xmit), rc) : 0;
}
#endif
#endif
#endif
