/*
 * The pings under way: takes each event to the ping that it is of, knows which are answered, and
 * closes those whose time is over.
 *
 * The kernel has answered a request before it frees it, and the end of the request may show a
 * device (see journey_hops.c). So the first hop of an answer waits for it; usually it is in the
 * same buffer already.
 */
#include "journey.h"
#include "journey_hops.h"
#include "record.h"
#include "say.h"
#include "trail.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_PINGS 4096 /* a power of two, at most 65536 */
#define HOLD_NS    (20 * NS_PER_MS)

struct journey {
	struct hop_maker maker;
	uint64_t timeout_ns;
	struct trail pings[KEPT_PINGS];
	TAILQ_HEAD(holding, trail) holding; /* pings that hold events, as they began to */
	uint64_t n_closed; /* sequence number of the last ping that was closed in time */
	uint64_t n_errors;
	uint64_t n_waiting;
	uint64_t last_seq; /* of the ping that was sent last */
	struct summary summary;
};

static struct trail *find_ping(struct journey *j, uint16_t wire_seq)
{
	struct trail *p = &j->pings[wire_seq % KEPT_PINGS];

	return p->seq && (uint16_t)p->seq == wire_seq ? p : NULL;
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

static void release(struct journey *j, struct trail *p)
{
	struct trail_list held = p->held;
	const union record *r = held.items;

	if (!p->held_for)
		return;
	p->held = (struct trail_list){0};
	p->held_for = 0;
	TAILQ_REMOVE(&j->holding, p, holding);
	for (size_t i = 0; i < held.n; i++)
		journey_make_hops(&j->maker, p, &r[i].e);
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
		journey_make_hops(&j->maker, p, e);
		release(j, p);
		return;
	}
	if (p->held_for) {
		if (!hold(p, e)) {
			release(j, p);
			journey_make_hops(&j->maker, p, e);
		}
		return;
	}
	request = e->dir == EVENT_END ? 0 : unfinished_request(p, e);
	if (request && hold(p, e)) {
		p->held_for = request;
		p->held_until = now_ns() + HOLD_NS;
		TAILQ_INSERT_TAIL(&j->holding, p, holding);
		return;
	}
	journey_make_hops(&j->maker, p, e);
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

static void stop_waiting(struct journey *j, struct trail *p)
{
	if (p->waiting)
		j->n_waiting--;
	p->waiting = false;
}

static void close_ping(struct journey *j, struct trail *p)
{
	struct way nothing = {0}, *w = p->way ? p->way : &nothing;

	if (p->closed)
		return;
	stop_waiting(j, p);
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
	if (j->maker.calls.close)
		p->outcome = j->maker.calls.close(j->maker.ctx, w);
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
	struct trail *p;

	close_due(j, now);
	/* all wait equally long, so they are in the order of their ends */
	while ((p = TAILQ_FIRST(&j->holding)) && p->held_until <= now)
		release(j, p);
}

uint64_t journey_deadline(const struct journey *j)
{
	const struct trail *due = find_due(j);
	const struct trail *held = TAILQ_FIRST(&j->holding);
	uint64_t first = due ? due->sent_ns + j->timeout_ns : 0;

	if (held && (!first || held->held_until < first))
		first = held->held_until;
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
	TAILQ_INIT(&j->holding);
	j->maker.hop = hop;
	j->maker.ifname = ifname;
	j->maker.ctx = ctx;
	return j;
}

void journey_set_calls(struct journey *j, const struct journey_calls *calls, uint64_t timeout_ns)
{
	j->maker.calls = *calls;
	j->timeout_ns = timeout_ns;
}

void journey_sent(struct journey *j, uint64_t seq, uint64_t sent_ns)
{
	struct trail *p = &j->pings[seq % KEPT_PINGS];

	forget(j, p);
	p->seq = seq;
	p->sent_ns = sent_ns;
	p->waiting = true;
	j->n_waiting++;
	j->last_seq = seq;
	j->summary.sent++;
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
	stop_waiting(j, p);
}

bool journey_is_waiting(const struct journey *j)
{
	return j->n_waiting;
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
	stop_waiting(j, p);
	p->answered = true;
	p->rtt_ns = rtt;
	p->late = j->timeout_ns && rtt > j->timeout_ns;
	if (p->closed && j->maker.calls.reopen)
		j->maker.calls.reopen(j->maker.ctx, p->outcome);
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

	if (!journey_is_answered(j, seq) || !TAILQ_EMPTY(&j->holding) || p->ingresses.n == 0)
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
	j->maker.hop = NULL;
	/* those that were used: to touch all 8 MB takes the time of 2,000 page faults */
	for (uint64_t seq = 1; seq <= j->last_seq && seq <= KEPT_PINGS; seq++)
		trail_clear(&j->pings[seq % KEPT_PINGS]);
	free(j);
}
