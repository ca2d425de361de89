/*
 * From events to hops.
 *
 * VLAN, macvlan, ipvlan, bond, team and VRF devices take a packet over inside
 * __netif_receive_skb_core() by changing skb->dev, and no tracepoint tells. Two things show them
 * all the same: skb->skb_iif, the device that took the packet in last, when it is sent on; and
 * skb->dev, when it is used up at the end of its way.
 */
#include "journey_hops.h"
#include "attach_points.h"

#include <stdio.h>
#include <string.h>

#define MAX_STACK 16
/* enum nf_inet_hooks of include/uapi/linux/netfilter.h */
#define HOOK_FORWARD 2
#define HOOK_INGRESS 5

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
		.fragment = e->flags & EVENT_F_FRAGMENT ? e->info : 0,
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
static void emit_inferred(const struct hop_maker *m, struct trail *p, const struct event *e,
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
	if (m->calls.between && after->netns == e->netns)
		n = m->calls.between(m->ctx, e->netns, after->ifindex, ifindex, stack, MAX_STACK);
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
			m->ifname(m->ctx, e->netns, stack[i], h.ifname);
		trail_note_ingress(p, e, stack[i]);
		note_step(p, e, &h);
		m->hop(m->ctx, &h);
	}
}

static void emit_device(const struct hop_maker *m, struct trail *p, const struct event *e)
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
		emit_inferred(m, p, e, before, e->iif, NULL);
	if (e->dir == EVENT_RX)
		trail_note_ingress(p, e, e->ifindex);
	if (e->type == EVENT_REPLY && e->dir == EVENT_TX && !e->iif)
		trail_note_origin(p, e);
	trail_note_device(p, e);
	copy_ifname(h.ifname, e);
	note_step(p, e, &h);
	m->hop(m->ctx, &h);
}

/* Was this chain run for a packet that has just come in by the device of the event? */
static bool is_ingress_hook(const struct event_chain *c)
{
	/* NF_INET_PRE_ROUTING, _LOCAL_IN, _FORWARD, _INGRESS; NF_NETDEV_INGRESS is 0, too */
	return c->pf == EVENT_PF_NETDEV ? c->hook == 0
					: c->hook <= HOOK_FORWARD || c->hook == HOOK_INGRESS;
}

static void emit_chain(const struct hop_maker *m, struct trail *p, const struct event_chain *c)
{
	struct carrier *carrier = trail_carrier(p, c->e.skb);
	const struct event *before = carrier ? &carrier->last : &p->last[c->e.type];
	struct passage *facts = trail_passage(p, &c->e);
	struct hop h = hop_of(p, &c->e);

	copy_ifname(h.ifname, &c->e);
	/* the hook's state names the device that took the packet over, so it is known early */
	if (c->e.ifindex && is_ingress_hook(c) && before->dir == EVENT_RX &&
	    !trail_came_in_by(p, &c->e, c->e.ifindex))
		emit_inferred(m, p, &c->e, before, c->e.ifindex, h.ifname);
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
	m->hop(m->ctx, &h);
}

static bool is_lost(const struct hop_maker *m, const struct event *e)
{
	if (e->dir == EVENT_XMIT)
		return true;
	return e->probe == PROBE_kfree_skb && (!m->calls.is_lost || m->calls.is_lost(m->ctx, e));
}

/* The packet was lost: a row of its own. Before is where this skb of it was last. */
static void emit_drop(const struct hop_maker *m, struct trail *p, const struct event *e,
		      const struct event *before)
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
		h.netns = s.netns = before->netns;
		h.ifindex = s.ifindex = before->ifindex;
		copy_ifname(h.ifname, before);
		memcpy(s.ifname, h.ifname, sizeof(s.ifname));
	}
	if (facts)
		way_drop(facts, &s);
	m->hop(m->ctx, &h);
}

/*
 * An skb is used up. If it was being taken in, its device may be one that was not seen: then it is
 * also the one that took the packet in last. (Dropped by a router it has the device that it was to
 * leave by.)
 */
static void end_carrier(const struct hop_maker *m, struct trail *p, const struct event *e)
{
	struct carrier *c = trail_carrier(p, e->skb);
	char ifname[IF_NAMESIZE];

	if (!c)
		return;
	if (c->last.dir == EVENT_RX && c->last.type == e->type && e->iif == e->ifindex &&
	    !trail_came_in_by(p, e, e->ifindex)) {
		copy_ifname(ifname, e);
		emit_inferred(m, p, e, &c->last, e->ifindex, ifname);
	}
	trail_remove_carrier(p, c);
}

/* Where the skb was last, or else the packet. */
static struct event last_seen(const struct trail *p, const struct event *e)
{
	const struct carrier *c = trail_carrier(p, e->skb);

	return c && c->last.type == e->type ? c->last : p->last[e->type];
}

static void emit_end(const struct hop_maker *m, struct trail *p, const struct event *e)
{
	struct event before = last_seen(p, e);
	/* up to 6.1 ICMPv6 frees a request that it has answered as if it dropped it */
	bool answered = p->held_for && e->skb == p->held_for;
	struct passage *facts;
	struct step s;

	end_carrier(m, p, e);
	if (!answered && is_lost(m, e)) {
		emit_drop(m, p, e, &before);
		return;
	}
	facts = trail_passage(p, e);
	if (!facts)
		return;
	s = step_of(p, e);
	way_used(facts, &s);
}

void journey_make_hops(const struct hop_maker *m, struct trail *p, const struct event *e)
{
	struct event before;

	switch (e->dir) {
	case EVENT_END:
		emit_end(m, p, e);
		return;
	case EVENT_XMIT:
		before = last_seen(p, e);
		emit_drop(m, p, e, &before);
		return;
	case EVENT_CHAIN:
		emit_chain(m, p, (const struct event_chain *)e);
		return;
	default:
		emit_device(m, p, e);
	}
}
