/*
 * From events to hops.
 *
 * VLAN, macvlan, ipvlan, bond, team and VRF devices take a packet over inside
 * __netif_receive_skb_core() by changing skb->dev, and no tracepoint tells. Two things show them
 * all the same: skb->skb_iif, the device that took the packet in last, when it is sent on; and
 * skb->dev, when it is used up at the end of its way. The latter comes late: the kernel has
 * answered a request before it frees it. So the first hop of an answer waits for the end of the
 * request, which usually is in the same buffer already.
 */
#include "journey.h"
#include "attach_points.h"
#include "record.h"
#include "say.h"
#include "trail.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STACK  16
#define KEPT_PINGS 4096 /* a power of two, at most 65536 */
/* enum nf_inet_hooks of include/uapi/linux/netfilter.h */
#define HOOK_FORWARD 2
#define HOOK_INGRESS 5

#define HOLD_NS (20 * NS_PER_MS)

struct journey {
	journey_hop_fn hop;
	journey_ifname_fn ifname;
	journey_between_fn between; /* or NULL */
	void *ctx;
	struct trail pings[KEPT_PINGS];
	uint64_t n_holding; /* pings that hold events */
	struct summary summary;
};

static struct trail *find_ping(struct journey *j, uint16_t wire_seq)
{
	struct trail *p = &j->pings[wire_seq % KEPT_PINGS];

	return p->seq && (uint16_t)p->seq == wire_seq ? p : NULL;
}

/* The hop that an event tells of, still without a device. */
static struct hop hop_of(const struct trail *p, const struct event *e)
{
	struct hop h = {
		.time_ns = e->time_ns > p->sent_ns ? e->time_ns - p->sent_ns : 0,
		.seq = p->seq,
		.cpu = e->cpu,
		.netns = e->netns,
		.ifindex = e->ifindex,
		.probe = attach_point_name(e->probe),
		.dir = e->dir,
		.type = e->type,
		.family = e->family,
		.extra = e->extra,
	};

	memcpy(h.saddr, e->saddr, sizeof(h.saddr));
	memcpy(h.daddr, e->daddr, sizeof(h.daddr));
	if (!h.probe)
		h.probe = "?";
	return h;
}

static void copy_ifname(char to[IF_NAMESIZE], const struct event *e)
{
	memcpy(to, e->ifname, IF_NAMESIZE);
	to[IF_NAMESIZE - 1] = '\0';
}

/*
 * Devices that no tracepoint showed, taken over from the device of 'after' as soon as it took the
 * packet in: the one of ifindex, whose name is known or NULL, and those below it.
 */
static void emit_inferred(struct journey *j, struct trail *p, const struct event *e,
			  const struct event *after, uint32_t ifindex, const char *ifname)
{
	uint32_t stack[MAX_STACK + 1];
	int n = 0;
	struct hop h = hop_of(p, e);
	const char *seen_by = h.probe;

	h.time_ns = after->time_ns > p->sent_ns ? after->time_ns - p->sent_ns : 0;
	h.cpu = after->cpu;
	h.dir = EVENT_RX;
	h.extra = 0;
	if (j->between && after->netns == e->netns)
		n = j->between(j->ctx, e->netns, after->ifindex, ifindex, stack, MAX_STACK);
	if (n < 0)
		return;
	stack[n++] = ifindex;
	for (int i = 0; i < n; i++) {
		bool top = i + 1 == n;

		h.ifindex = stack[i];
		h.probe = !top ? "link" : ifname ? seen_by : "skb_iif";
		if (top && ifname)
			memcpy(h.ifname, ifname, sizeof(h.ifname));
		else
			j->ifname(j->ctx, e->netns, stack[i], h.ifname);
		trail_note_ingress(p, e, stack[i]);
		j->hop(j->ctx, &h);
	}
}

static void emit_device(struct journey *j, struct trail *p, const struct event *e)
{
	struct carrier *c = trail_carrier(p, e->skb);
	const struct event *before = c ? &c->last : &p->last[e->type];
	struct hop h = hop_of(p, e);

	/*
	 * skb_iif is an index in the namespace that received the packet, and stays when a device
	 * passes the packet to another (mirred, ifb, a macvlan's lower device elsewhere): it tells
	 * of a device here only if nothing was sent since.
	 */
	if (e->dir == EVENT_TX && e->iif && before->dir == EVENT_RX &&
	    !trail_came_in_by(p, e, e->iif))
		emit_inferred(j, p, e, before, e->iif, NULL);
	if (e->dir == EVENT_RX)
		trail_note_ingress(p, e, e->ifindex);
	trail_note_device(p, e);
	copy_ifname(h.ifname, e);
	j->hop(j->ctx, &h);
}

/* Was this chain run for a packet that has just come in by the device of the event? */
static bool is_ingress_hook(const struct event_chain *c)
{
	/* NF_INET_PRE_ROUTING, _LOCAL_IN, _FORWARD, _INGRESS; NF_NETDEV_INGRESS is 0, too */
	return c->pf == EVENT_PF_NETDEV ? c->hook == 0
					: c->hook <= HOOK_FORWARD || c->hook == HOOK_INGRESS;
}

static void emit_chain(struct journey *j, struct trail *p, const struct event_chain *c)
{
	struct carrier *carrier = trail_carrier(p, c->e.skb);
	const struct event *before = carrier ? &carrier->last : &p->last[c->e.type];
	struct hop h = hop_of(p, &c->e);

	copy_ifname(h.ifname, &c->e);
	/* the hook's state names the device that took the packet over, so it is known early */
	if (c->e.ifindex && is_ingress_hook(c) && before->dir == EVENT_RX &&
	    !trail_came_in_by(p, &c->e, c->e.ifindex))
		emit_inferred(j, p, &c->e, before, c->e.ifindex, h.ifname);
	h.chain = (struct hop_chain){
		.nftables = c->e.probe == PROBE_nft_do_chain,
		.pf = c->pf,
		.table_family = c->table_family,
		.hook = c->hook,
		.verdict = c->verdict,
	};
	snprintf(h.chain.table, sizeof(h.chain.table), "%.*s", EVENT_TABLE_LEN - 1, c->table);
	snprintf(h.chain.name, sizeof(h.chain.name), "%.*s", EVENT_CHAIN_LEN - 1, c->name);
	j->hop(j->ctx, &h);
}

/*
 * An skb is used up. If it was being taken in, its device may be one that was not seen: then it is
 * also the one that took the packet in last. (Dropped by a router it has the device that it was to
 * leave by.)
 */
static void end_carrier(struct journey *j, struct trail *p, const struct event *e)
{
	struct carrier *c = trail_carrier(p, e->skb);
	char ifname[IF_NAMESIZE];

	if (!c)
		return;
	if (c->last.dir == EVENT_RX && c->last.type == e->type && e->iif == e->ifindex &&
	    !trail_came_in_by(p, e, e->ifindex)) {
		copy_ifname(ifname, e);
		emit_inferred(j, p, e, &c->last, e->ifindex, ifname);
	}
	trail_remove_carrier(p, c);
}

/*
 * The request that the answer e, just made here, belongs to, if it is not freed yet. It may have
 * been seen last in another namespace, where the lower device of a macvlan is.
 */
static uint64_t unfinished_request(const struct trail *p, const struct event *e)
{
	const struct carrier *c = p->carriers.items;
	uint64_t elsewhere = 0;

	if (e->type != EVENT_REPLY || (e->dir != EVENT_TX && e->dir != EVENT_CHAIN) || e->iif)
		return 0;
	for (size_t i = 0; i < p->carriers.n; i++) {
		if (c[i].last.type != EVENT_REQUEST || c[i].last.dir != EVENT_RX)
			continue;
		if (c[i].last.netns == e->netns)
			return c[i].skb;
		elsewhere = c[i].skb;
	}
	return elsewhere;
}

static void emit(struct journey *j, struct trail *p, const struct event *e)
{
	switch (e->dir) {
	case EVENT_END:
		end_carrier(j, p, e);
		return;
	case EVENT_CHAIN:
		emit_chain(j, p, (const struct event_chain *)e);
		return;
	default:
		emit_device(j, p, e);
	}
}

static void release(struct journey *j, struct trail *p)
{
	struct trail_list held = p->held;
	const union record *r = held.items;

	if (!p->held_for)
		return;
	p->held = (struct trail_list){0};
	p->held_for = 0;
	j->n_holding--;
	for (size_t i = 0; i < held.n; i++)
		emit(j, p, &r[i].e);
	free(held.items);
}

/* False: out of memory, so that the event must be used at once. */
static bool hold(struct trail *p, const struct event *e)
{
	union record *copy = trail_list_add(&p->held, sizeof(*copy));

	if (copy)
		memcpy(copy, e, record_size(e));
	return copy;
}

void journey_event(struct journey *j, const struct event *e)
{
	struct trail *p = find_ping(j, e->seq);
	uint64_t request;

	if (!p)
		return;
	if (p->held_for && e->dir == EVENT_END && e->skb == p->held_for) {
		end_carrier(j, p, e);
		release(j, p);
		return;
	}
	if (p->held_for && hold(p, e))
		return;
	request = e->dir == EVENT_END ? 0 : unfinished_request(p, e);
	if (request && hold(p, e)) {
		p->held_for = request;
		p->held_until = now_ns() + HOLD_NS;
		j->n_holding++;
		return;
	}
	emit(j, p, e);
}

void journey_tick(struct journey *j, uint64_t now)
{
	if (!j->n_holding)
		return;
	for (size_t i = 0; i < KEPT_PINGS; i++)
		if (j->pings[i].held_for && j->pings[i].held_until <= now)
			release(j, &j->pings[i]);
}

uint64_t journey_deadline(const struct journey *j)
{
	uint64_t first = 0;

	if (!j->n_holding)
		return 0;
	for (size_t i = 0; i < KEPT_PINGS; i++)
		if (j->pings[i].held_for && (!first || j->pings[i].held_until < first))
			first = j->pings[i].held_until;
	return first;
}

static void forget(struct journey *j, struct trail *p)
{
	release(j, p);
	trail_clear(p);
}

struct journey *journey_new(journey_hop_fn hop, journey_ifname_fn ifname, void *ctx)
{
	struct journey *j = calloc(1, sizeof(*j));

	if (!j) {
		say_error("out of memory");
		return NULL;
	}
	j->hop = hop;
	j->ifname = ifname;
	j->ctx = ctx;
	return j;
}

void journey_set_between(struct journey *j, journey_between_fn between)
{
	j->between = between;
}

int journey_sent(struct journey *j, uint64_t seq, uint64_t sent_ns)
{
	struct trail *p = &j->pings[seq % KEPT_PINGS];

	forget(j, p);
	p->seq = seq;
	p->sent_ns = sent_ns;
	j->summary.sent++;
	return 0;
}

bool journey_replied(struct journey *j, uint16_t wire_seq, uint64_t received_ns)
{
	struct trail *p = find_ping(j, wire_seq);
	struct summary *s = &j->summary;
	uint64_t rtt;

	if (!p)
		return false;
	if (p->answered) {
		s->duplicates++;
		return true;
	}
	p->answered = true;
	rtt = received_ns > p->sent_ns ? received_ns - p->sent_ns : 0;
	if (s->received == 0 || rtt < s->rtt_min_ns)
		s->rtt_min_ns = rtt;
	if (rtt > s->rtt_max_ns)
		s->rtt_max_ns = rtt;
	s->rtt_sum_ns += rtt;
	s->received++;
	return true;
}

bool journey_is_answered(const struct journey *j, uint64_t seq)
{
	const struct trail *p = &j->pings[seq % KEPT_PINGS];

	return p->seq == seq && p->answered;
}

bool journey_is_settled(const struct journey *j, uint64_t seq)
{
	const struct trail *p = &j->pings[seq % KEPT_PINGS];
	const struct carrier *c = p->carriers.items;

	if (!journey_is_answered(j, seq) || j->n_holding || p->ingresses.n == 0)
		return false;
	for (size_t i = 0; i < p->carriers.n; i++)
		if (c[i].last.dir == EVENT_RX)
			return false;
	return true;
}

void journey_finish(struct journey *j)
{
	for (size_t i = 0; i < KEPT_PINGS; i++)
		release(j, &j->pings[i]);
}

const struct summary *journey_summary(const struct journey *j)
{
	return &j->summary;
}

void journey_free(struct journey *j)
{
	if (!j)
		return;
	j->hop = NULL;
	for (size_t i = 0; i < KEPT_PINGS; i++)
		trail_clear(&j->pings[i]);
	free(j);
}
