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
#include "say.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STACK  16
#define KEPT_PINGS 4096 /* a power of two, at most 65536 */
#define HOLD_NS    (20 * NS_PER_MS)

/* An skb on its way. */
struct carrier {
	uint64_t skb;
	struct event last; /* of a device */
};

/* A device that took the packet in. */
struct ingress {
	uint32_t netns, ifindex;
	enum event_type type;
};

struct list {
	void *items;
	size_t n, room;
};

struct ping_state {
	uint64_t seq; /* 0: unused */
	uint64_t sent_ns;
	bool answered;
	struct list carriers;               /* struct carrier */
	struct list ingresses;              /* struct ingress */
	struct event last[EVENT_REPLY + 1]; /* of each type, of a device; probe 0: none yet */
	struct list held;                   /* struct event, that wait for the end of held_for */
	uint64_t held_for;                  /* skb, or 0 */
	uint64_t held_until;
};

struct journey {
	journey_hop_fn hop;
	journey_ifname_fn ifname;
	journey_between_fn between; /* or NULL */
	void *ctx;
	struct ping_state pings[KEPT_PINGS];
	uint64_t n_holding; /* pings that hold events */
	struct summary summary;
};

static void *list_add(struct list *l, size_t size)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 8;
		void *grown = realloc(l->items, room * size);

		if (!grown)
			return NULL;
		l->items = grown;
		l->room = room;
	}
	return (char *)l->items + size * l->n++;
}

static struct ping_state *find_ping(struct journey *j, uint16_t wire_seq)
{
	struct ping_state *p = &j->pings[wire_seq % KEPT_PINGS];

	return p->seq && (uint16_t)p->seq == wire_seq ? p : NULL;
}

static struct carrier *find_carrier(const struct ping_state *p, uint64_t skb)
{
	struct carrier *c = p->carriers.items;

	for (size_t i = 0; i < p->carriers.n; i++)
		if (c[i].skb == skb)
			return &c[i];
	return NULL;
}

static void remove_carrier(struct ping_state *p, struct carrier *c)
{
	struct carrier *all = p->carriers.items;

	*c = all[--p->carriers.n];
}

static bool came_in_by(const struct ping_state *p, const struct event *e, uint32_t ifindex)
{
	const struct ingress *in = p->ingresses.items;

	for (size_t i = 0; i < p->ingresses.n; i++)
		if (in[i].netns == e->netns && in[i].ifindex == ifindex && in[i].type == e->type)
			return true;
	return false;
}

static void note_ingress(struct ping_state *p, const struct event *e, uint32_t ifindex)
{
	struct ingress *in;

	if (came_in_by(p, e, ifindex))
		return;
	in = list_add(&p->ingresses, sizeof(*in));
	if (in)
		*in = (struct ingress){e->netns, ifindex, e->type};
}

/* The hop that an event tells of, still without a device. */
static struct hop hop_of(const struct ping_state *p, const struct event *e)
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
static void emit_inferred(struct journey *j, struct ping_state *p, const struct event *e,
			  const struct event *after, uint32_t ifindex, const char *ifname)
{
	uint32_t stack[MAX_STACK + 1];
	size_t n = 0;
	struct hop h = hop_of(p, e);
	const char *seen_by = h.probe;

	h.time_ns = after->time_ns > p->sent_ns ? after->time_ns - p->sent_ns : 0;
	h.cpu = after->cpu;
	h.dir = EVENT_RX;
	h.extra = 0;
	if (j->between && after->netns == e->netns)
		n = j->between(j->ctx, e->netns, after->ifindex, ifindex, stack, MAX_STACK);
	stack[n++] = ifindex;
	for (size_t i = 0; i < n; i++) {
		bool top = i + 1 == n;

		h.ifindex = stack[i];
		h.probe = !top ? "link" : ifname ? seen_by : "skb_iif";
		if (top && ifname)
			memcpy(h.ifname, ifname, sizeof(h.ifname));
		else
			j->ifname(j->ctx, e->netns, stack[i], h.ifname);
		note_ingress(p, e, stack[i]);
		j->hop(j->ctx, &h);
	}
}

static void emit_device(struct journey *j, struct ping_state *p, const struct event *e)
{
	struct carrier *c = find_carrier(p, e->skb);
	const struct event *before = c ? &c->last : &p->last[e->type];
	struct hop h = hop_of(p, e);

	/*
	 * skb_iif is an index in the namespace that received the packet, and stays when a device
	 * passes the packet to another (mirred, ifb, a macvlan's lower device elsewhere): it tells
	 * of a device here only if nothing was sent since.
	 */
	if (e->dir == EVENT_TX && e->iif && before->dir == EVENT_RX && !came_in_by(p, e, e->iif))
		emit_inferred(j, p, e, before, e->iif, NULL);
	if (e->dir == EVENT_RX)
		note_ingress(p, e, e->ifindex);
	if (!c) {
		c = list_add(&p->carriers, sizeof(*c));
		if (c)
			c->skb = e->skb;
	}
	if (c)
		c->last = *e;
	p->last[e->type] = *e;
	copy_ifname(h.ifname, e);
	j->hop(j->ctx, &h);
}

/* An skb is used up. If it was being taken in, its device may be one that was not seen. */
static void end_carrier(struct journey *j, struct ping_state *p, const struct event *e)
{
	struct carrier *c = find_carrier(p, e->skb);
	char ifname[IF_NAMESIZE];

	if (!c)
		return;
	if (c->last.dir == EVENT_RX && c->last.type == e->type && !came_in_by(p, e, e->ifindex)) {
		copy_ifname(ifname, e);
		emit_inferred(j, p, e, &c->last, e->ifindex, ifname);
	}
	remove_carrier(p, c);
}

/*
 * The request that the answer e, just made here, belongs to, if it is not freed yet. It may have
 * been seen last in another namespace, where the lower device of a macvlan is.
 */
static uint64_t unfinished_request(const struct ping_state *p, const struct event *e)
{
	const struct carrier *c = p->carriers.items;
	uint64_t elsewhere = 0;

	if (e->type != EVENT_REPLY || e->dir != EVENT_TX || e->iif)
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

static void release(struct journey *j, struct ping_state *p)
{
	struct list held = p->held;
	const struct event *e = held.items;

	if (!p->held_for)
		return;
	p->held = (struct list){0};
	p->held_for = 0;
	j->n_holding--;
	for (size_t i = 0; i < held.n; i++)
		if (e[i].dir == EVENT_END)
			end_carrier(j, p, &e[i]);
		else
			emit_device(j, p, &e[i]);
	free(held.items);
}

/* False: out of memory, so that the event must be used at once. */
static bool hold(struct ping_state *p, const struct event *e)
{
	struct event *copy = list_add(&p->held, sizeof(*copy));

	if (copy)
		*copy = *e;
	return copy;
}

void journey_event(struct journey *j, const struct event *e)
{
	struct ping_state *p = find_ping(j, e->seq);
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
	if (e->dir == EVENT_END) {
		end_carrier(j, p, e);
		return;
	}
	request = unfinished_request(p, e);
	if (request && hold(p, e)) {
		p->held_for = request;
		p->held_until = now_ns() + HOLD_NS;
		j->n_holding++;
		return;
	}
	emit_device(j, p, e);
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

static void forget(struct journey *j, struct ping_state *p)
{
	release(j, p);
	free(p->carriers.items);
	free(p->ingresses.items);
	free(p->held.items);
	memset(p, 0, sizeof(*p));
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
	struct ping_state *p = &j->pings[seq % KEPT_PINGS];

	forget(j, p);
	p->seq = seq;
	p->sent_ns = sent_ns;
	j->summary.sent++;
	return 0;
}

bool journey_replied(struct journey *j, uint16_t wire_seq, uint64_t received_ns)
{
	struct ping_state *p = find_ping(j, wire_seq);
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
	const struct ping_state *p = &j->pings[seq % KEPT_PINGS];

	return p->seq == seq && p->answered;
}

bool journey_is_settled(const struct journey *j, uint64_t seq)
{
	const struct ping_state *p = &j->pings[seq % KEPT_PINGS];
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
	for (size_t i = 0; i < KEPT_PINGS; i++) {
		free(j->pings[i].carriers.items);
		free(j->pings[i].ingresses.items);
		free(j->pings[i].held.items);
	}
	free(j);
}
