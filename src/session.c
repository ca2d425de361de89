/* The loop round ping, tracer and report. */
#include "session.h"
#include "attach_points.h"
#include "holes.h"
#include "journey.h"
#include "netns.h"
#include "order.h"
#include "record.h"
#include "say.h"
#include "tracer.h"
#include "util.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How long after the last reply its last events are waited for; they are there at once as a rule.
 */
#define SETTLE_NS (50 * NS_PER_MS)
/* With --interval=0 a ping that is not answered holds up the next one this long, as in ping -f. */
#define FLOOD_WAIT_NS (10 * NS_PER_MS)
/*
 * How long events are held back for others to be seen that are earlier: see order.h. One that was
 * submitted by a probe in an interrupt of another probe's submission becomes visible only when that
 * ends (perf_output_put_handle() in kernel/events/ring_buffer.c).
 */
#define ORDER_HOLD_NS NS_PER_MS
#define REFRESH_NS    NS_PER_S

struct session {
	const struct options *o;
	struct ping *ping;
	const struct report_format *format;
	const struct report *report;
	struct tracer *tracer;
	struct order *order;
	struct journey *journey;
	struct netns_table *netns;
	struct holes holes;
	uint64_t seq; /* of the last ping sent, from 1 */
	uint64_t next_send_ns;
	uint64_t last_sent_ns;
	uint64_t settle_ns; /* when to stop waiting for events; 0: not yet */
	uint64_t refresh_ns;
	int last_send_error; /* errno, so that each is told once */
	int signal_fd;
	bool interrupted;
	bool stuck;  /* interrupted while standard output took nothing */
	bool failed; /* said, or standard output is closed */
};

/* Nothing more can be written. A pipe whose reader has gone is no news. */
static void say_output_failed(struct session *s)
{
	if (errno != EPIPE && !s->failed)
		say_error("cannot write to standard output: %s", strerror(errno));
	s->failed = true;
}

/*
 * Until standard output takes a row (they are shorter than PIPE_BUF, so writing one does not block
 * then), or a signal comes. False: do not write.
 */
static bool wait_for_output(struct session *s)
{
	struct pollfd fds[] = {{fileno(s->report->out), POLLOUT, 0}, {s->signal_fd, POLLIN, 0}};

	while (!s->interrupted && !(fds[0].revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL))) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			return true; /* the write will tell */
		if (fds[1].revents & POLLIN && !(fds[0].revents & POLLOUT))
			s->interrupted = s->stuck = true;
	}
	return !s->stuck;
}

static void on_hop(void *ctx, const struct hop *hop)
{
	struct session *s = ctx;
	struct hop h = *hop;

	if (s->failed)
		return;
	if (!s->o->numeric)
		h.netns_name = netns_table_name(s->netns, h.netns);
	if (!wait_for_output(s))
		return;
	if (s->format->hop(s->report, &h))
		say_output_failed(s);
	else
		holes_look(&s->holes, h.netns); /* afterwards: it may take its time */
}

static void name_device(void *ctx, uint32_t netns, uint32_t ifindex, char name[IF_NAMESIZE])
{
	struct session *s = ctx;

	netns_table_ifname(s->netns, netns, ifindex, name);
}

static int devices_between(void *ctx, uint32_t netns, uint32_t bottom, uint32_t top,
			   uint32_t *between, size_t max)
{
	struct session *s = ctx;

	return netns_table_between(s->netns, netns, bottom, top, between, max);
}

static void on_event(void *ctx, const struct event *e)
{
	struct session *s = ctx;

	journey_event(s->journey, e);
}

static void on_record(void *ctx, const void *record, int size)
{
	struct session *s = ctx;
	union record r;
	int found;

	if (s->failed)
		return;
	if (record_decode(record, size, &r, &found) || r.e.time_ns > now_ns() + NS_PER_S) {
		if (found == (int)sizeof(r.e) || found == (int)sizeof(r.chain))
			say_error("a probe sent a record with impossible contents; is event.h in "
				  "the probe directory of another version?");
		else
			say_error(
				"a probe sent a record of %d bytes, not %zu: event.h in the probe "
				"directory is not this program's; --dump-probes=DIR shows it",
				found, sizeof(r.e));
		s->failed = true;
	} else if (order_add(s->order, &r.e)) {
		s->failed = true;
	}
}

/* Everything that the buffers hold now goes on its way, in order. */
static void take_events(struct session *s)
{
	uint64_t before = now_ns();

	tracer_read(s->tracer);
	order_flush(s->order, before - ORDER_HOLD_NS);
	journey_tick(s->journey, now_ns());
}

static void take_replies(struct session *s)
{
	struct ping_reply reply;
	int got;

	while ((got = ping_receive(s->ping, &reply)) >= 0)
		if (got)
			journey_replied(s->journey, reply.seq, reply.received_ns);
}

static bool all_sent(const struct session *s)
{
	return s->o->count && s->seq == s->o->count;
}

static const char *send_advice(int error)
{
	switch (error) {
	case EPERM:
		return "; a firewall rule of this host rejects it (OUTPUT)";
	case EMSGSIZE:
		return "; it is larger than the link takes, see --size";
	case ENETUNREACH:
	case EHOSTUNREACH:
		return "; the route has gone, 'ip route get' tells more";
	case ENETDOWN:
		return "; the interface is down, 'ip link' tells more";
	case ENOBUFS:
		return "; the interface's queue is full, a longer --interval helps";
	default:
		return "";
	}
}

static void send_one(struct session *s)
{
	uint64_t seq = s->seq + 1, sent_ns;
	int error = ping_send(s->ping, (uint16_t)seq, &sent_ns);

	s->seq = seq;
	s->last_sent_ns = sent_ns;
	/* keeps to the rhythm, but does not make up for a long pause */
	s->next_send_ns += s->o->interval_ns;
	if (s->next_send_ns < sent_ns)
		s->next_send_ns = sent_ns + s->o->interval_ns;
	if (s->o->interval_ns == 0)
		s->next_send_ns = sent_ns + FLOOD_WAIT_NS;
	if (journey_sent(s->journey, seq, sent_ns))
		s->failed = true;
	if (error && error != s->last_send_error)
		say_error("cannot send to %s: %s%s", ping_address(s->ping), strerror(error),
			  send_advice(error));
	s->last_send_error = error;
	if (seq == 1) /* test/bench/ takes the start-up time from this line */
		say_detail(s->o->verbosity, "first ping sent at %llu.%09llu s of CLOCK_MONOTONIC",
			   (unsigned long long)(sent_ns / NS_PER_S),
			   (unsigned long long)(sent_ns % NS_PER_S));
}

static bool flood_is_due(const struct session *s)
{
	return s->o->interval_ns == 0 && s->seq && !all_sent(s) &&
	       journey_is_answered(s->journey, s->seq);
}

/* Sends what is due. With --interval=0 an answer makes the next ping due. */
static void send_due(struct session *s, uint64_t now)
{
	if (all_sent(s) || s->failed)
		return;
	if (s->next_send_ns > now &&
	    !(s->o->interval_ns == 0 && s->seq && journey_is_answered(s->journey, s->seq)))
		return;
	send_one(s);
}

static bool all_answered(const struct session *s)
{
	const struct summary *sum = journey_summary(s->journey);

	return sum->received == sum->sent;
}

/* Is there anything left to wait for? Called when nothing is left to send. */
static bool is_over(struct session *s, uint64_t now)
{
	if (!all_answered(s) && now < s->last_sent_ns + s->o->timeout_ns)
		return false;
	if (all_answered(s) && journey_is_settled(s->journey, s->seq))
		return true;
	if (!s->settle_ns)
		s->settle_ns = now + SETTLE_NS;
	return now >= s->settle_ns;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

static uint64_t next_deadline(const struct session *s)
{
	uint64_t at = s->refresh_ns;

	at = earlier(at, journey_deadline(s->journey));
	if (!all_sent(s))
		at = earlier(at, s->next_send_ns);
	else
		at = earlier(at, s->settle_ns ? s->settle_ns : s->last_sent_ns + s->o->timeout_ns);
	if (order_pending(s->order))
		at = earlier(at, now_ns() + ORDER_HOLD_NS);
	if (flood_is_due(s))
		at = 0;
	return at;
}

static void wait_for_something(struct session *s)
{
	uint64_t now = now_ns(), until = next_deadline(s);
	uint64_t left = until > now ? until - now : 0;
	struct timespec ts = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};
	struct pollfd fds[] = {{tracer_fd(s->tracer), POLLIN, 0},
			       {ping_fd(s->ping), POLLIN, 0},
			       {s->signal_fd, POLLIN, 0}};

	if (ppoll(fds, ARRAY_SIZE(fds), &ts, NULL) < 0 && errno != EINTR) {
		say_error("cannot wait for events: %s", strerror(errno));
		s->failed = true;
	}
	if (fds[2].revents & POLLIN)
		s->interrupted = true;
}

static void loop(struct session *s)
{
	s->next_send_ns = now_ns();
	s->refresh_ns = s->next_send_ns + REFRESH_NS;
	while (!s->failed && !s->interrupted) {
		uint64_t now = now_ns();

		take_replies(s);
		send_due(s, now);
		take_events(s);
		if (all_sent(s) && is_over(s, now_ns()))
			return;
		if (now >= s->refresh_ns) {
			tracer_refresh(s->tracer);
			s->refresh_ns = now + REFRESH_NS;
		}
		if (!s->failed)
			wait_for_something(s);
	}
}

static int finish(struct session *s)
{
	struct summary sum;
	uint64_t missed = tracer_missed(s->tracer);

	take_replies(s);
	take_events(s);
	order_flush(s->order, UINT64_MAX);
	journey_finish(s->journey);
	sum = *journey_summary(s->journey);
	sum.lost_events = tracer_lost(s->tracer);
	if (missed)
		say_warning(s->o->verbosity,
			    "%llu %s missing: the kernel did not report their return",
			    (unsigned long long)missed,
			    missed == 1 ? "verdict of a chain is" : "verdicts of chains are");
	if (sum.lost_events)
		say_warning(s->o->verbosity,
			    "%llu events were lost, so hops are missing; a longer --interval helps",
			    (unsigned long long)sum.lost_events);
	sum.lost_events += missed;
	if (s->failed || s->stuck)
		return 2;
	if (s->format->end(s->report, &sum)) {
		say_output_failed(s);
		return 2;
	}
	return sum.received ? 0 : 1;
}

int session_run(const struct options *o, struct ping *p, const struct loaded *l,
		const struct report_format *format, const struct report *r, int signal_fd)
{
	struct session s = {
		.o = o, .ping = p, .format = format, .report = r, .signal_fd = signal_fd};
	int status = 2;

	s.netns = netns_table_new();
	s.holes = (struct holes){.netns = s.netns,
				 .unseen = GROUPS_NETFILTER & ~l->groups,
				 .verbosity = o->verbosity};
	s.order = order_new(on_event, &s);
	s.journey = journey_new(on_hop, name_device, &s);
	s.tracer = tracer_open(l, on_record, &s);
	if (s.journey)
		journey_set_between(s.journey, devices_between);
	if (s.netns && s.order && s.journey && s.tracer) {
		if (format->begin(r))
			say_output_failed(&s);
		loop(&s);
		status = finish(&s);
	}
	tracer_free(s.tracer);
	journey_free(s.journey);
	order_free(s.order);
	holes_free(&s.holes);
	netns_table_free(s.netns);
	return status;
}
