/* The loop round sender, socket, tracer and report. */
#include "session.h"
#include "attach_points.h"
#include "followed.h"
#include "gaps.h"
#include "holes.h"
#include "journey.h"
#include "misses.h"
#include "names.h"
#include "order.h"
#include "outcomes.h"
#include "output.h"
#include "pace.h"
#include "record.h"
#include "replies.h"
#include "say.h"
#include "sender.h"
#include "session_context.h"
#include "session_notes.h"
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
/*
 * How long events are held back for others to be seen that are earlier: see order.h. One that was
 * submitted by a probe in an interrupt of another probe's submission becomes visible only when that
 * ends (perf_output_put_handle() in kernel/events/ring_buffer.c).
 */
#define ORDER_HOLD_NS NS_PER_MS
#define REFRESH_NS    NS_PER_S
/* A pause that is worth resting in, and how long before its end to get ready. */
#define REST_NS  (NS_PER_S / 4)
#define READY_NS (2 * NS_PER_MS)
/* Pings that come faster than this are a flood. */
#define FLOOD_INTERVAL_NS (5 * NS_PER_MS)

struct session {
	const struct options *o;
	struct ping *ping;
	struct loaded *loaded;
	const struct report_format *format;
	struct output output;
	struct report report; /* to the stage of output */
	struct tracer *tracer;
	struct order *order;
	struct journey *journey;
	struct holes holes;
	struct names names;
	struct gaps *gaps; /* with -v, else NULL */
	struct outcomes *outcomes;
	struct outcome_context context;
	struct sender sender;
	struct followed followed;
	struct misses misses;
	struct pace pace;
	uint64_t clock_ns;  /* it is later than this */
	uint64_t settle_ns; /* when to stop waiting for events; 0: not yet */
	uint64_t refresh_ns;
	int signal_fd;
	bool flood;   /* buffers and socket are looked at no more often than need be */
	bool closed;  /* a ping, since holes were looked for */
	bool news;    /* a record, since the buffers were read */
	bool at_rest; /* what costs packets of others something is away until the next ping */
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

/* Writes what the reports have put on the stage. */
static void flush_output(struct session *s)
{
	switch (output_flush(&s->output, s->interrupted)) {
	case OUTPUT_DONE:
		return;
	case OUTPUT_STUCK:
		s->interrupted = s->stuck = true;
		return;
	case OUTPUT_FAILED:
		say_output_failed(s);
	}
}

static void write_hop(void *ctx, const struct hop *h)
{
	struct session *s = ctx;

	if (s->failed || s->stuck)
		return;
	if (s->format->hop(&s->report, h))
		say_output_failed(s);
	else
		holes_note(&s->holes, h->netns);
	if (output_is_full(&s->output))
		flush_output(s);
}

static void on_hop(void *ctx, const struct hop *hop)
{
	struct session *s = ctx;
	struct hop h = *hop;

	if (s->failed)
		return;
	names_of_hop(&s->names, &h);
	if (!s->gaps)
		write_hop(s, &h);
	else if (gaps_add(s->gaps, &h))
		s->failed = true;
}

static bool is_lost(void *ctx, const struct event *e)
{
	struct session *s = ctx;

	return drop_reasons_is_drop(s->names.reasons, e->reason) &&
	       !outcome_was_delivered(&s->context, e);
}

static int close_ping(void *ctx, const struct way *w)
{
	struct session *s = ctx;

	if (s->gaps)
		gaps_close(s->gaps, w->seq);
	s->closed = true;
	if (!w->answered) /* else nothing depends on it; asking is a system call */
		s->context.events_lost =
			tracer_lost(s->tracer) > 0 ||
			misses_since(&s->misses, s->loaded, now_ns() - s->o->timeout_ns);
	return outcomes_add(s->outcomes, w);
}

static void reopen_ping(void *ctx, int number)
{
	struct session *s = ctx;

	outcomes_take_back(s->outcomes, number);
}

static void name_device(void *ctx, uint32_t netns, uint32_t ifindex, char name[IF_NAMESIZE])
{
	struct session *s = ctx;

	netns_table_ifname(s->names.netns, netns, ifindex, name);
}

static int devices_between(void *ctx, uint32_t netns, uint32_t bottom, uint32_t top,
			   uint32_t *between, size_t max)
{
	struct session *s = ctx;

	return netns_table_between(s->names.netns, netns, bottom, top, between, max);
}

static void on_event(void *ctx, const struct event *e)
{
	struct session *s = ctx;

	journey_event(s->journey, e);
}

/* Later than in a second? The clock is asked only where that may be. */
static bool is_in_future(const struct session *s, const struct event *e)
{
	return e->time_ns > s->clock_ns + NS_PER_S && e->time_ns > now_ns() + NS_PER_S;
}

static void on_record(void *ctx, const void *record, int size)
{
	struct session *s = ctx;
	union record r;
	int found;

	if (s->failed)
		return;
	s->news = true;
	if (record_decode(record, size, &r, &found) || is_in_future(s, &r.e)) {
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

/*
 * Everything that the buffers hold now goes on its way, in order. However long that takes, no
 * ping's time is up before all events until then were used, and the socket was read.
 */
static void take_events(struct session *s)
{
	uint64_t now = now_ns(), until = now - ORDER_HOLD_NS;

	s->clock_ns = now;
	s->news = false;
	tracer_read(s->tracer);
	order_flush(s->order, until);
	replies_take(s->ping, s->journey);
	journey_tick(s->journey, until);
	pace_read(&s->pace, now, s->news || order_pending(s->order),
		  journey_is_waiting(s->journey));
}

/* By a reply or an error. */
static bool all_answered(const struct session *s)
{
	const struct summary *sum = journey_summary(s->journey);

	return sum->received + journey_errors(s->journey) == sum->sent;
}

/* Is there anything left to wait for? Called when nothing is left to send. */
static bool is_over(struct session *s, uint64_t now)
{
	if (!all_answered(s) && now < s->sender.last_sent_ns + s->o->timeout_ns)
		return false;
	if (all_answered(s) && journey_is_settled(s->journey, s->sender.seq))
		return true;
	if (!s->settle_ns)
		s->settle_ns = now + SETTLE_NS;
	return now >= s->settle_ns;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

/* When take_events() is to be called; it may be earlier. */
static uint64_t events_deadline(const struct session *s)
{
	uint64_t at = earlier(UINT64_MAX, pace_next(&s->pace));

	if (journey_deadline(s->journey))
		at = earlier(at, journey_deadline(s->journey) + ORDER_HOLD_NS);
	return at;
}

static uint64_t next_deadline(const struct session *s)
{
	uint64_t at = earlier(s->refresh_ns, events_deadline(s));

	if (!sender_is_done(&s->sender))
		at = earlier(at, s->sender.next_ns - (s->at_rest ? READY_NS : 0));
	else
		at = earlier(at, s->settle_ns ? s->settle_ns
					      : s->sender.last_sent_ns + s->o->timeout_ns);
	if (sender_is_flood_due(&s->sender))
		at = 0;
	return at;
}

/* Until there is something to do. */
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
	/* replies_take_awaited() leaves what comes to pings that are answered */
	if (fds[0].revents || (fds[1].revents && journey_is_answered(s->journey, s->sender.seq)))
		pace_hurry(&s->pace);
	if (fds[2].revents & POLLIN)
		s->interrupted = true;
}

/* Nothing is under way, nor will be for a while. */
static void rest(struct session *s)
{
	on_demand_detach(&s->loaded->on_demand);
	ping_stamp(s->ping, false);
	s->at_rest = true;
}

static void get_ready(struct session *s)
{
	ping_stamp(s->ping, true);
	on_demand_attach(&s->loaded->on_demand, s->o->verbosity);
	s->at_rest = false;
}

static void send_due(struct session *s, uint64_t now)
{
	uint64_t seq = s->sender.seq;

	if (s->at_rest && sender_is_due(&s->sender, now + READY_NS))
		get_ready(s);
	else if (!s->at_rest && !pace_next(&s->pace) && s->sender.next_ns > now + REST_NS)
		rest(s);
	sender_send_due(&s->sender, now);
	if (s->sender.seq != seq)
		pace_sent(&s->pace, now);
}

static void loop(struct session *s)
{
	uint64_t start = now_ns();

	sender_start(&s->sender, start);
	s->refresh_ns = start + REFRESH_NS;
	misses_sample(&s->misses, s->loaded, start);
	while (!s->failed && !s->interrupted) {
		uint64_t now = now_ns();

		if (s->flood)
			replies_take_awaited(s->ping, s->journey, s->sender.seq);
		else
			replies_take(s->ping, s->journey);
		if (!s->flood || events_deadline(s) <= now)
			take_events(s);
		if (!s->failed)
			send_due(s, now); /* there is room now for its events */
		flush_output(s);
		if (s->closed) /* all rows of a ping are written: there is time */
			holes_tell(&s->holes);
		s->closed = false;
		if (sender_is_done(&s->sender) && is_over(s, now_ns()))
			return;
		if (now >= s->refresh_ns) {
			tracer_refresh(s->tracer); /* reads what a CPU that went has left */
			if (order_pending(s->order))
				pace_hurry(&s->pace);
			followed_forget(&s->followed, s->loaded, now_ns());
			misses_sample(&s->misses, s->loaded, now_ns());
			s->refresh_ns = now + REFRESH_NS;
		}
		if (!s->failed)
			wait_for_something(s);
	}
}

static int finish(struct session *s)
{
	struct summary sum;
	uint64_t missed = tracer_missed(s->tracer), skipped = misses_count(s->loaded);

	replies_take(s->ping, s->journey);
	take_events(s);
	order_flush(s->order, UINT64_MAX);
	journey_finish(s->journey);
	if (s->gaps)
		gaps_finish(s->gaps);
	flush_output(s);
	holes_tell(&s->holes);
	sum = *journey_summary(s->journey);
	outcomes_note_duplicates(s->outcomes, sum.duplicates);
	sum.lines = outcomes_lines(s->outcomes, &sum.n_lines);
	sum.lost_events = tracer_lost(s->tracer);
	session_note_counts(s->o->verbosity, followed_forgotten(&s->followed), skipped, missed,
			    sum.lost_events);
	sum.lost_events += missed;
	if (s->failed || s->stuck)
		return 2;
	if (s->format->end(&s->report, &sum))
		say_output_failed(s);
	else
		flush_output(s);
	if (s->failed || s->stuck)
		return 2;
	return sum.received ? 0 : 1;
}

int session_run(const struct options *o, struct ping *p, struct loaded *l,
		const struct report_format *format, const struct report *r, int signal_fd)
{
	struct session s = {.o = o,
			    .ping = p,
			    .loaded = l,
			    .format = format,
			    .report = *r,
			    .signal_fd = signal_fd,
			    .flood = o->interval_ns < FLOOD_INTERVAL_NS};
	const struct journey_calls calls = {devices_between, is_lost, close_ping, reopen_ping};
	bool ready = names_init(&s.names, o->numeric) == 0;
	int status = 2;

	s.holes = (struct holes){.netns = s.names.netns,
				 .unseen = GROUPS_NETFILTER & ~l->groups,
				 .verbosity = o->verbosity};
	s.order = order_new(on_event, &s);
	s.journey = journey_new(on_hop, name_device, &s);
	s.tracer = tracer_open(l, on_record, &s);
	s.sender = (struct sender){.o = o, .ping = p, .loaded = l, .journey = s.journey};
	s.gaps = o->verbosity >= VERBOSE ? gaps_new(write_hop, &s) : NULL;
	s.context = session_context(o, p, l, &s.names);
	s.outcomes = outcomes_new(&s.context);
	if (s.journey)
		journey_set_calls(s.journey, &calls, o->timeout_ns);
	ready = output_open(&s.output, fileno(r->out), signal_fd) == 0 && ready;
	s.report.out = s.output.stage;
	if (ready && s.order && s.journey && s.tracer && s.outcomes &&
	    (s.gaps || o->verbosity < VERBOSE)) {
		if (format->begin(&s.report))
			say_output_failed(&s);
		flush_output(&s);
		loop(&s);
		status = finish(&s);
	}
	tracer_free(s.tracer);
	journey_free(s.journey);
	outcomes_free(s.outcomes);
	gaps_free(s.gaps);
	order_free(s.order);
	holes_free(&s.holes);
	names_free(&s.names);
	output_close(&s.output);
	return status;
}
