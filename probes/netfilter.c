/*
 * The probes at netfilter: ipt_do_table() and ip6t_do_table() of iptables-legacy, nft_do_chain() of
 * nftables, each on entry, where the packet and the table are known, and on return, where the
 * verdict is. User space defines
 *
 *   TP_IPTABLES, TP_NFTABLES  which of them there are types for
 *   TP_IPT_TABLE_LAST         the arguments are (skb, state, table), before 5.16; else
 *                             (table, skb, state)
 *   TP_NFT_STATE_IN_XT        nft_pktinfo has the hook's state in xt, before 5.14
 *   TP_HAVE_NFCT              sk_buff has _nfct: a kernel with connection tracking
 */
#ifndef TP_PART_PACKET
#include "event.h"
#include "packet.h"
#include "output.h"
#include "follow.h"
#include "describe.h"
#include "gate.h"

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/ptrace.h>
#include <net/netfilter/nf_tables.h>

/*
 * A call is known by its place on the stack, which no other call that has not returned shares, be
 * it in a softirq on top of a process or nested by REJECT or TEE. On entry the stack pointer is at
 * the return address; in a return probe it is past it on x86 (arch/x86/kernel/rethook.c,
 * before 5.18 kprobes/core.c).
 */
#if defined(__TARGET_ARCH_x86) || defined(__x86_64__)
#define TP_RETURN_SLOT 8
#else
#define TP_RETURN_SLOT 0
#endif

TP_HELD(event_chain);
BPF_HASH(open_calls, u64, struct event_chain_held, 256);
BPF_PERCPU_ARRAY(scratch, struct event_chain_held, 1);

BPF_PROG_ARRAY(on_chain_call, 1);

/* How many there are, so that foreign packets need not look there. */
static __always_inline u64 *open_count(void)
{
	int open = COUNTER_OPEN;

	return counters.lookup(&open);
}

/*
 * A call that never returned to us may have left its event behind at this place: kernels without
 * preemption follow no more calls at a time than there are CPUs (register_kretprobe() in
 * kernel/kprobes.c up to 6.5), too few for a call inside a call on a machine with one.
 */
static __always_inline void forget_call(u64 place)
{
	u64 *n = open_count(), *missed;
	int which = COUNTER_MISSED;

	if (!n || !*n || !open_calls.lookup(&place))
		return;
	open_calls.delete(&place);
	__sync_fetch_and_add(n, -1);
	missed = counters.lookup(&which);
	if (missed)
		__sync_fetch_and_add(missed, 1);
}

/* Namespace and device from the hook's state: the one the packet leaves by, or came in by. */
static __always_inline void describe_state(const struct nf_hook_state *state, struct event_chain *c)
{
	typeof(((struct nf_hook_state *)0)->hook) hook = 0;
	struct net_device *in = 0, *out = 0;
	struct net *net = 0;

	READ_FIELD(&hook, nf_hook_state, state, hook);
	READ_FIELD(&c->pf, nf_hook_state, state, pf);
	READ_FIELD(&in, nf_hook_state, state, in);
	READ_FIELD(&out, nf_hook_state, state, out);
	READ_FIELD(&net, nf_hook_state, state, net);
	c->hook = hook;
	/* NF_INET_LOCAL_OUT and NF_INET_POST_ROUTING; others have in, but for netdev's egress */
	if (hook == 3 || hook == 4 || !in)
		in = out;
	if (in)
		describe(in, &c->e);
	READ_FIELD(&c->e.netns, net, net, ns.inum);
}

/* What connection tracking thinks of the packet: enum event_ct. */
static __always_inline __u8 connection_of(const struct sk_buff *skb)
{
#ifdef TP_HAVE_NFCT
	unsigned long nfct = 0;

	READ_FIELD(&nfct, sk_buff, skb, _nfct);
	if ((nfct & 7) ==
	    7) /* NFCT_INFOMASK, IP_CT_UNTRACKED: linux/netfilter/nf_conntrack_common.h */
		return EVENT_CT_UNTRACKED;
	return nfct & ~7UL ? EVENT_CT_TRACKED : EVENT_CT_NONE;
#else
	return EVENT_CT_NONE;
#endif
}

/* The event of a call about our packet, to be filled in and kept; 0 for another packet. */
static __always_inline struct event_chain *begin_call(struct pt_regs *ctx, const struct job *j)
{
	const struct sk_buff *skb = (const struct sk_buff *)j->skb;
	struct match m = {};
	struct event_chain *c;
	int zero = 0;

	if (!recognise(j, &m)) {
		forget_call(PT_REGS_SP(ctx));
		return 0;
	}
	c = (struct event_chain *)scratch.lookup(&zero);
	if (!c)
		return 0;
	__builtin_memset(c, 0, sizeof(*c));
	describe_packet(&m, &c->e);
	c->e.skb = j->skb;
	c->e.size = sizeof(*c);
	c->e.probe = j->probe;
	c->e.dir = EVENT_CHAIN;
	READ_FIELD(&c->e.iif, sk_buff, skb, skb_iif);
	c->e.ct = connection_of(skb);
	return c;
}

static __always_inline void keep_call(struct pt_regs *ctx, struct event_chain *c)
{
	u64 place = PT_REGS_SP(ctx);
	u64 *n = open_count();

	forget_call(place);
	if (!n || open_calls.update(&place, (struct event_chain_held *)c))
		count_lost();
	else
		__sync_fetch_and_add(n, 1);
}

/* One program for the return of all three functions. */
int on_netfilter_return(struct pt_regs *ctx)
{
	u64 place = PT_REGS_SP(ctx) - TP_RETURN_SLOT;
	u64 *n = open_count();
	struct event_chain *c;

	if (!n || !*n)
		return 0;
	c = (struct event_chain *)open_calls.lookup(&place);
	if (!c)
		return 0;
	c->verdict = PT_REGS_RC(ctx);
	c->e.time_ns = bpf_ktime_get_ns();
	c->e.cpu = bpf_get_smp_processor_id();
	if (events.perf_submit(ctx, c, sizeof(*c)))
		count_lost();
	open_calls.delete(&place);
	__sync_fetch_and_add(n, -1);
	return 0;
}

#ifdef TP_IPTABLES
#ifdef TP_IPT_TABLE_LAST
#define TABLE_SKB(ctx)   PT_REGS_PARM1(ctx)
#define TABLE_STATE(ctx) PT_REGS_PARM2(ctx)
#define TABLE_TABLE(ctx) PT_REGS_PARM3(ctx)
#else
#define TABLE_SKB(ctx)   PT_REGS_PARM2(ctx)
#define TABLE_STATE(ctx) PT_REGS_PARM3(ctx)
#define TABLE_TABLE(ctx) PT_REGS_PARM1(ctx)
#endif

static __always_inline void describe_table(struct pt_regs *ctx, struct event_chain *c)
{
	const struct xt_table *table = (const struct xt_table *)TABLE_TABLE(ctx);

	c->table_family = c->e.probe == PROBE_ipt_do_table ? EVENT_PF_IPV4 : EVENT_PF_IPV6;
	bpf_probe_read_kernel(&c->table, sizeof(((struct xt_table *)0)->name),
			      (const char *)table + offsetof(struct xt_table, name));
	describe_state((const struct nf_hook_state *)TABLE_STATE(ctx), c);
}
#endif

#ifdef TP_NFTABLES
/* The family of a table is a bit-field, which has no address: the whole table is copied. */
struct table_copy {
	u64 words[(sizeof(struct nft_table) + 7) / 8];
};

BPF_PERCPU_ARRAY(table_copies, struct table_copy, 1);

static __always_inline void describe_chain(struct pt_regs *ctx, struct event_chain *c)
{
	const struct nft_pktinfo *pkt = (const struct nft_pktinfo *)PT_REGS_PARM1(ctx);
	const struct nft_chain *chain = (const struct nft_chain *)PT_REGS_PARM2(ctx);
	const struct nf_hook_state *state = 0;
	struct nft_table *table = 0;
	char *name = 0;
	struct table_copy *copy;
	int zero = 0;

#ifdef TP_NFT_STATE_IN_XT
	READ_FIELD(&state, nft_pktinfo, pkt, xt.state);
#else
	READ_FIELD(&state, nft_pktinfo, pkt, state);
#endif
	describe_state(state, c);
	READ_FIELD(&name, nft_chain, chain, name);
	bpf_probe_read_kernel_str(&c->name, sizeof(c->name), name);
	READ_FIELD(&table, nft_chain, chain, table);
	READ_FIELD(&name, nft_table, table, name);
	bpf_probe_read_kernel_str(&c->table, sizeof(c->table), name);
	copy = table_copies.lookup(&zero);
	if (copy) {
		bpf_probe_read_kernel(copy, sizeof(*copy), table);
		c->table_family = ((struct nft_table *)copy)->family;
	}
}
#endif

/* Called by the gates of all three functions. */
int on_chain(struct pt_regs *ctx)
{
	struct event_chain *c;
	struct job j;

	if (!take_job(&j))
		return 0;
	c = begin_call(ctx, &j);
	if (!c)
		return 0;
#ifdef TP_IPTABLES
	if (j.probe != PROBE_nft_do_chain)
		describe_table(ctx, c);
#endif
#ifdef TP_NFTABLES
	if (j.probe == PROBE_nft_do_chain)
		describe_chain(ctx, c);
#endif
	keep_call(ctx, c);
	return 0;
}

/* A call about another packet is looked at while calls about ours are under way: forget_call(). */
static __always_inline int on_call(struct pt_regs *ctx, u64 skb, int probe)
{
	u64 *n = open_count();
	struct jobs *s;

	if (!look_at(skb, probe, EVENT_CHAIN) && (!n || !*n))
		return 0;
	s = push_job(skb, probe, EVENT_CHAIN, 0, 0);
	if (s) {
		on_chain_call.call(ctx, 0); /* does not return */
		drop_job(s);
	}
	return 0;
}

#ifdef TP_IPTABLES
int on_ipt_do_table(struct pt_regs *ctx)
{
	return on_call(ctx, TABLE_SKB(ctx), PROBE_ipt_do_table);
}

int on_ip6t_do_table(struct pt_regs *ctx)
{
	return on_call(ctx, TABLE_SKB(ctx), PROBE_ip6t_do_table);
}
#endif

#ifdef TP_NFTABLES
int on_nft_do_chain(struct pt_regs *ctx)
{
	const struct nft_pktinfo *pkt = (const struct nft_pktinfo *)PT_REGS_PARM1(ctx);
	struct sk_buff *skb = 0;

	READ_FIELD(&skb, nft_pktinfo, pkt, skb);
	return on_call(ctx, (u64)skb, PROBE_nft_do_chain);
}
#endif
#endif
