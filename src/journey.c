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
	struct journey_calls calls;
	uint64_t timeout_ns;
	void *ctx;
	struct trail pings[KEPT_PINGS];
	uint64_t n_holding; /* pings that hold events */
	uint64_t n_closed;  /* sequence number of the last ping that was closed in time */
	uint64_t n_errors;
	uint64_t last_seq; /* of the ping that was sent last */
	struct summary summary;
};

static struct trail *find_ping(struct journey *j, uint16_t wire_seq)
{
	struct trail *p = &j->pings[wire_seq % KEPT_PINGS];

	return p->seq && (uint16_t)p->seq == wire_seq ? p : NULL;
}

static uint64_t since_sent(const struct trail *p, const struct event *e)
{
	return e->time_ns > p->sent_ns ? e->time_ns - p->sent_ns : 0;
}

static void copy_ifname(char to[IF_NAMESIZE], const struct event *e)
{
	memcpy(to, e->ifname, IF_NAMESIZE);
	to[IF_NAMESIZE - 1] = '\0';
}

/* Inside a tunnel the event has the addresses outside; those inside were seen before. */
static void add_tunnel(struct trail *p, const struct event *e, struct hop *h)
{
	const struct plain *inner = &p->plain[e->type];

	h->in_tunnel = true;
	h->tunnel.family = e->family;
	h->tunnel.proto = e->proto;
	h->tunnel.port = e->port;
	memcpy(h->tunnel.saddr, e->saddr, sizeof(e->saddr));
	memcpy(h->tunnel.daddr, e->daddr, sizeof(e->daddr));
	memcpy(h->tunnel.ifname, trail_tunnel(p, e), sizeof(h->tunnel.ifname));
	if (!inner->family) {
		h->family = e->family ? e->family : 4;
		return;
	}
	h->family = inner->family;
	memcpy(h->saddr, inner->saddr, sizeof(h->saddr));
	memcpy(h->daddr, inner->daddr, sizeof(h->daddr));
}

/* The hop that an event tells of, still without a device. */
static struct hop hop_of(struct trail *p, const struct event *e)
{
	struct hop h = {
		.time_ns = since_sent(p, e),
		.seq = p->seq,
		.cpu = e->cpu,
		.netns = e->netns,
		.ifindex = e->ifindex,
		.probe = attach_point_name(e->probe),
		.dir = e->dir,
		.type = e->type,
		.family = e->family,
		.extra = e->extra,
		.ttl = e->ttl,
		.is_fragment = e->flags & EVENT_F_FRAGMENT,
		.fragment_offset = e->flags & EVENT_F_FRAGMENT ? e->info : 0,
	};

	memcpy(h.saddr, e->saddr, sizeof(h.saddr));
	memcpy(h.daddr, e->daddr, sizeof(h.daddr));
	if (!h.probe)
		h.probe = "?";
	if (e->type == EVENT_ERROR)
		h.error = (struct hop_error){.type = e->icmp_type,
					     .code = e->icmp_code,
					     .info = e->info,
					     .about_reply = e->flags & EVENT_F_REPLY};
	if (e->flags & EVENT_F_ENCAP)
		add_tunnel(p, e, &h);
	return h;
}

static struct step step_of(const struct trail *p, const struct event *e)
{
	struct step s = {
		.time_ns = since_sent(p, e),
		.dir = e->dir,
		.netns = e->netns,
		.ifindex = e->ifindex,
		.iif = e->iif,
		.family = e->family,
		.ttl = e->ttl,
		.in_tunnel = e->flags & EVENT_F_ENCAP,
	};

	copy_ifname(s.ifname, e);
	memcpy(s.saddr, e->saddr, sizeof(s.saddr));
	memcpy(s.daddr, e->daddr, sizeof(s.daddr));
	return s;
}

/* A device that was shown becomes a fact; e tells of the packet, h of the place and the time. */
static void note_step(struct trail *p, const struct event *e, const struct hop *h)
{
	struct passage *facts = trail_passage(p, e);
	struct step s;

	if (!facts)
		return;
	s = step_of(p, e);
	s.time_ns = h->time_ns;
	s.dir = h->dir;
	s.netns = h->netns;
	s.ifindex = h->ifindex;
	memcpy(s.ifname, h->ifname, sizeof(s.ifname));
	way_device(facts, &s);
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
	if (j->calls.between && after->netns == e->netns)
		n = j->calls.between(j->ctx, e->netns, after->ifindex, ifindex, stack, MAX_STACK);
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
		note_step(p, e, &h);
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
	if (e->type == EVENT_REPLY && e->dir == EVENT_TX && !e->iif)
		trail_note_origin(p, e);
	trail_note_device(p, e);
	copy_ifname(h.ifname, e);
	note_step(p, e, &h);
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
	struct passage *facts = trail_passage(p, &c->e);
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
	if (facts) {
		struct step s = step_of(p, &c->e);

		way_chain(facts, &s, &h.chain, c->e.ct);
	}
	j->hop(j->ctx, &h);
}

static bool is_lost(const struct journey *j, const struct event *e)
{
	if (e->dir == EVENT_XMIT)
		return true;
	return e->probe == PROBE_kfree_skb && (!j->calls.is_lost || j->calls.is_lost(j->ctx, e));
}

/* The packet was lost: a row of its own. */
static void emit_drop(struct journey *j, struct trail *p, const struct event *e)
{
	struct passage *facts = trail_passage(p, e);
	struct hop h = hop_of(p, e);
	struct step s = step_of(p, e);

	copy_ifname(h.ifname, e);
	h.drop.location = e->location;
	if (e->dir == EVENT_XMIT)
		h.drop.error = (int)e->reason;
	else
		h.drop.reason = e->reason;
	s.drop = h.drop;
	if (!h.netns) { /* it had neither a device nor a route: it is where it was last */
		h.netns = s.netns = p->last[e->type].netns;
		h.ifindex = s.ifindex = p->last[e->type].ifindex;
		copy_ifname(h.ifname, &p->last[e->type]);
		memcpy(s.ifname, h.ifname, sizeof(s.ifname));
	}
	if (facts)
		way_drop(facts, &s);
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
 * The request that the answer e, just made here, belongs to, if it is not freed yet: the latest,
 * for what fragments are put together to is the last of them. It may have been seen last in another
 * namespace, where the lower device of a macvlan is.
 */
static uint64_t unfinished_request(const struct trail *p, const struct event *e)
{
	const struct carrier *c = p->carriers.items, *here = NULL, *elsewhere = NULL;

	if (e->type != EVENT_REPLY || (e->dir != EVENT_TX && e->dir != EVENT_CHAIN) || e->iif)
		return 0;
	for (size_t i = 0; i < p->carriers.n; i++) {
		const struct carrier **best = c[i].last.netns == e->netns ? &here : &elsewhere;

		if (c[i].last.type == EVENT_REQUEST && c[i].last.dir == EVENT_RX &&
		    (!*best || c[i].last.time_ns >= (*best)->last.time_ns))
			*best = &c[i];
	}
	if (!here)
		here = elsewhere;
	return here ? here->skb : 0;
}

static void emit_end(struct journey *j, struct trail *p, const struct event *e)
{
	/* up to 6.1 ICMPv6 frees a request that it has answered as if it dropped it */
	bool answered = p->held_for && e->skb == p->held_for;
	struct passage *facts;
	struct step s;

	end_carrier(j, p, e);
	if (!answered && is_lost(j, e)) {
		emit_drop(j, p, e);
		return;
	}
	facts = trail_passage(p, e);
	if (!facts)
		return;
	s = step_of(p, e);
	way_used(facts, &s);
}

static void emit(struct journey *j, struct trail *p, const struct event *e)
{
	switch (e->dir) {
	case EVENT_END:
		emit_end(j, p, e);
		return;
	case EVENT_XMIT:
		emit_drop(j, p, e);
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
		emit_end(j, p, e);
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

/* Which packets are still somewhere in the kernel? */
static void note_waiting(const struct trail *p, struct way *w)
{
	const struct carrier *c = p->carriers.items;

	for (size_t i = 0; i < p->carriers.n; i++) {
		struct passage *facts = &w->passages[c[i].last.type];

		facts->waiting = true;
		if (c[i].last.dir == EVENT_TX)
			facts->waiting_to_send = true;
	}
}

static void close_ping(struct journey *j, struct trail *p)
{
	struct way nothing = {0}, *w = p->way ? p->way : &nothing;

	if (p->closed)
		return;
	p->closed = true;
	w->seq = p->seq;
	w->answered = p->answered;
	w->late = p->late;
	w->rtt_ns = p->rtt_ns;
	w->send_error = p->send_error;
	w->error = p->error;
	memcpy(w->origins, p->origins, sizeof(w->origins));
	w->n_origins = p->n_origins;
	note_waiting(p, w);
	if (j->calls.close)
		p->outcome = j->calls.close(j->ctx, w);
	free(p->way);
	p->way = NULL;
}

/* Pings are sent in the order of their numbers, and so their times run out. */
static const struct trail *find_due(const struct journey *j)
{
	const struct trail *p;

	if (!j->timeout_ns || j->n_closed >= j->last_seq)
		return NULL;
	p = &j->pings[(j->n_closed + 1) % KEPT_PINGS];
	return p->seq == j->n_closed + 1 ? p : NULL;
}

static void close_due(struct journey *j, uint64_t now)
{
	while (j->n_closed < j->last_seq && j->timeout_ns) {
		struct trail *p = (struct trail *)find_due(j);

		if (p && now < p->sent_ns + j->timeout_ns)
			return;
		if (p) {
			release(j, p);
			close_ping(j, p);
		}
		j->n_closed++;
	}
}

void journey_tick(struct journey *j, uint64_t now)
{
	close_due(j, now);
	if (!j->n_holding)
		return;
	for (size_t i = 0; i < KEPT_PINGS; i++)
		if (j->pings[i].held_for && j->pings[i].held_until <= now)
			release(j, &j->pings[i]);
}

uint64_t journey_deadline(const struct journey *j)
{
	const struct trail *due = find_due(j);
	uint64_t first = due ? due->sent_ns + j->timeout_ns : 0;

	if (!j->n_holding)
		return first;
	for (size_t i = 0; i < KEPT_PINGS; i++)
		if (j->pings[i].held_for && (!first || j->pings[i].held_until < first))
			first = j->pings[i].held_until;
	return first;
}

static void forget(struct journey *j, struct trail *p)
{
	if (p->seq) {
		release(j, p);
		close_ping(j, p);
	}
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

void journey_set_calls(struct journey *j, const struct journey_calls *calls, uint64_t timeout_ns)
{
	j->calls = *calls;
	j->timeout_ns = timeout_ns;
}

int journey_sent(struct journey *j, uint64_t seq, uint64_t sent_ns)
{
	struct trail *p = &j->pings[seq % KEPT_PINGS];

	forget(j, p);
	p->seq = seq;
	p->sent_ns = sent_ns;
	j->last_seq = seq;
	j->summary.sent++;
	return 0;
}

void journey_send_failed(struct journey *j, uint64_t seq, int error)
{
	struct trail *p = &j->pings[seq % KEPT_PINGS];

	if (p->seq == seq)
		p->send_error = error;
}

/* ICMP source quench and redirect; ICMPv6 redirect. */
static bool is_no_answer(const struct heard_error *e)
{
	return e->family == 4 ? e->type == 4 || e->type == 5 : e->type == 137;
}

void journey_error(struct journey *j, uint16_t wire_seq, const struct heard_error *e)
{
	struct trail *p = find_ping(j, wire_seq);

	if (!p || p->answered || p->error.heard || is_no_answer(e))
		return;
	p->error = *e;
	p->error.heard = true;
	j->n_errors++;
}

uint64_t journey_errors(const struct journey *j)
{
	return j->n_errors;
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
	rtt = received_ns > p->sent_ns ? received_ns - p->sent_ns : 0;
	if (p->error.heard)
		j->n_errors--;
	p->answered = true;
	p->rtt_ns = rtt;
	p->late = j->timeout_ns && rtt > j->timeout_ns;
	if (p->closed && j->calls.reopen)
		j->calls.reopen(j->ctx, p->outcome);
	if (p->late) /* its outcome is told again */
		p->closed = false;
	free(p->way);
	p->way = NULL;
	if (p->late)
		close_ping(j, p);
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
	uint64_t first = j->last_seq > KEPT_PINGS ? j->last_seq - KEPT_PINGS + 1 : 1;

	for (uint64_t seq = first; seq <= j->last_seq; seq++) {
		struct trail *p = &j->pings[seq % KEPT_PINGS];

		if (p->seq == seq) {
			release(j, p);
			close_ping(j, p);
		}
	}
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
