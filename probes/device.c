/*
 * The probes at network devices: one body, and for each attach point a thin program round it.
 * TP_RAW says whether they are raw tracepoints, whose context holds the tracepoint's arguments, or
 * perf tracepoints, whose context holds the record that the format file in tracefs describes;
 * TP_SKBADDR_<name> is the offset of skbaddr therein, defined for those the kernel has.
 */
#include "event.h"
#include "output.h"
#include "packet.h"

/* The device that the skb is at. Returns 0 if it has none (left the stack). */
static __always_inline int describe_device(const struct sk_buff *skb, struct event *e)
{
	struct net_device *dev = 0;

	READ_FIELD(&dev, sk_buff, skb, dev);
	if (!dev)
		return 0;
	describe(dev, e);
	READ_FIELD(&e->iif, sk_buff, skb, skb_iif);
	return 1;
}

static __always_inline void report_device(void *ctx, const struct sk_buff *skb, int probe, int dir,
					  const struct match *m)
{
	struct event e = {};

	if (!describe_device(skb, &e))
		return;
	describe_packet(m, &e);
	e.time_ns = bpf_ktime_get_ns();
	e.skb = (u64)skb;
	e.size = sizeof(e);
	e.cpu = bpf_get_smp_processor_id();
	e.probe = probe;
	e.dir = dir;
	if (events.perf_submit(ctx, &e, sizeof(e)))
		count_lost();
}

static __always_inline int on_device(void *ctx, struct sk_buff *skb, int probe, int dir)
{
	struct match m = {};

	if (is_ours(skb, probe, dir, &m))
		report_device(ctx, skb, probe, dir, &m);
	return 0;
}

#ifdef TP_RAW
#define DEVICE_PROBE(name, dir)                                                           \
	int on_##name(struct bpf_raw_tracepoint_args *ctx)                                \
	{                                                                                 \
		return on_device(ctx, (struct sk_buff *)ctx->args[0], PROBE_##name, dir); \
	}
#else
#define DEVICE_PROBE(name, dir)                                                                    \
	int on_##name(void *ctx)                                                                   \
	{                                                                                          \
		return on_device(ctx, *(struct sk_buff **)(ctx + TP_SKBADDR_##name), PROBE_##name, \
				 dir);                                                             \
	}
#endif

#if defined(TP_RAW) || defined(TP_SKBADDR_net_dev_queue)
DEVICE_PROBE(net_dev_queue, EVENT_TX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_netif_rx)
DEVICE_PROBE(netif_rx, EVENT_RX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_napi_gro_receive_entry)
DEVICE_PROBE(napi_gro_receive_entry, EVENT_RX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_napi_gro_frags_entry)
DEVICE_PROBE(napi_gro_frags_entry, EVENT_RX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_netif_receive_skb_entry)
DEVICE_PROBE(netif_receive_skb_entry, EVENT_RX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_netif_receive_skb_list_entry)
DEVICE_PROBE(netif_receive_skb_list_entry, EVENT_RX)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_consume_skb)
DEVICE_PROBE(consume_skb, EVENT_END)
#endif
#if defined(TP_RAW) || defined(TP_SKBADDR_kfree_skb)
DEVICE_PROBE(kfree_skb, EVENT_END)
#endif
