/* The loop round ping, tracer and report. */
#include "session.h"
#include "attach_points.h"
#include "drop_reasons.h"
#include "followed.h"
#include "gaps.h"
#include "holes.h"
#include "journey.h"
#include "ksyms.h"
#include "netns.h"
#include "order.h"
#include "outcomes.h"
#include "probe_wanted.h"
#include "record.h"
#include "say.h"
#include "tracer.h"
#include "util.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
	const struct loaded *loaded;
	const struct report_format *format;
	const struct report *report;
	struct tracer *tracer;
	struct order *order;
	struct journey *journey;
	struct netns_table *netns;
	struct holes holes;
	struct ksyms *ksyms;
	struct drop_reasons *reasons;
	struct gaps *gaps; /* with -v, else NULL */
	struct outcomes *outcomes;
	struct outcome_context context;
	struct event_wanted wanted;
	struct followed followed;
	char function[KSYM_NAME_BYTES];
	char location[KSYM_NAME_BYTES + KSYM_MODULE_BYTES + 16];
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

/* "nf_hook_slow+0xa1", and the module if it is in one; NULL: not known. */
static const char *name_location(struct session *s, uint64_t location)
{
	const struct ksym *sym = location ? ksyms_find(s->ksyms, location) : NULL;

	if (!sym)
		return NULL;
	snprintf(s->location, sizeof(s->location), "%s+0x%x%s%s%s", sym->name, sym->offset,
		 *sym->module ? " [" : "", sym->module, *sym->module ? "]" : "");
	return s->location;
}

static void write_hop(void *ctx, const struct hop *h)
{
	struct session *s = ctx;

	if (s->failed || !wait_for_output(s))
		return;
	if (s->format->hop(s->report, h))
		say_output_failed(s);
	else
		holes_look(&s->holes, h->netns); /* afterwards: it may take its time */
}

static void on_hop(void *ctx, const struct hop *hop)
{
	struct session *s = ctx;
	struct hop h = *hop;

	if (s->failed)
		return;
	if (!s->o->numeric)
		h.netns_name = netns_table_name(s->netns, h.netns);
	if (h.dir == EVENT_END) {
		h.drop.reason_name = drop_reasons_name(s->reasons, h.drop.reason);
		h.drop.location_name = name_location(s, h.drop.location);
	}
	if (!s->gaps)
		write_hop(s, &h);
	else if (gaps_add(s->gaps, &h))
		s->failed = true;
}

static const char *netns_name(void *ctx, uint32_t netns)
{
	struct session *s = ctx;

	return s->o->numeric ? NULL : netns_table_name(s->netns, netns);
}

/* Without what the compiler appends to the names of parts and copies of a function. */
static const char *function_at(void *ctx, uint64_t location)
{
	struct session *s = ctx;
	const struct ksym *sym = ksyms_find(s->ksyms, location);

	if (!sym)
		return NULL;
	snprintf(s->function, sizeof(s->function), "%.*s", (int)strcspn(sym->name, "."), sym->name);
	return s->function;
}

static const char *reason_name(void *ctx, uint32_t reason)
{
	struct session *s = ctx;

	return drop_reasons_name(s->reasons, reason);
}

static bool is_lost(void *ctx, const struct event *e)
{
	struct session *s = ctx;

	return drop_reasons_is_drop(s->reasons, e->reason) &&
	       !outcome_was_delivered(&s->context, e);
}

static int close_ping(void *ctx, const struct way *w)
{
	struct session *s = ctx;

	if (s->gaps)
		gaps_close(s->gaps, w->seq);
	s->context.events_lost = tracer_lost(s->tracer) > 0;
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

static void take_error(struct session *s, const struct ping_reply *reply)
{
	struct heard_error e = {.family = (uint8_t)reply->family,
				.type = reply->icmp_type,
				.code = reply->icmp_code,
				.info = reply->info};

	memcpy(e.from, reply->from, sizeof(e.from));
	journey_error(s->journey, reply->seq, &e);
}

static void take_replies(struct session *s)
{
	struct ping_reply reply;
	int got;

	while ((got = ping_receive(s->ping, &reply)) >= 0)
		if (got && reply.is_error)
			take_error(s, &reply);
		else if (got)
			journey_replied(s->journey, reply.seq, reply.received_ns);
}

/*
 * Everything that the buffers hold now goes on its way, in order. However long that takes, no
 * ping's time is up before all events until then were used, and the socket was read.
 */
static void take_events(struct session *s)
{
	uint64_t until = now_ns() - ORDER_HOLD_NS;

	tracer_read(s->tracer);
	order_flush(s->order, until);
	take_replies(s);
	journey_tick(s->journey, until);
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
	int error;

	loader_set_seq(s->loaded, &s->wanted, (uint16_t)seq);
	error = ping_send(s->ping, (uint16_t)seq, &sent_ns);

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
	if (error)
		journey_send_failed(s->journey, seq, error);
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

/* By a reply or an error. */
static bool all_answered(const struct session *s)
{
	const struct summary *sum = journey_summary(s->journey);

	return sum->received + journey_errors(s->journey) == sum->sent;
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

	if (journey_deadline(s->journey))
		at = earlier(at, journey_deadline(s->journey) + ORDER_HOLD_NS);
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
			followed_forget(&s->followed, s->loaded, now_ns());
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
	if (s->gaps)
		gaps_finish(s->gaps);
	sum = *journey_summary(s->journey);
	outcomes_note_duplicates(s->outcomes, sum.duplicates);
	sum.lines = outcomes_lines(s->outcomes, &sum.n_lines);
	sum.lost_events = tracer_lost(s->tracer);
	if (followed_forgotten(&s->followed))
		say_detail(s->o->verbosity, "%llu skbs that were followed ended unseen",
			   (unsigned long long)followed_forgotten(&s->followed));
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

static void set_context(struct session *s)
{
	const struct ping_target *t = ping_target(s->ping);
	struct stat st;

	probe_wanted_fill(&s->wanted, ping_identity(s->ping), ping_socket_to_know(s->ping));
	s->context = (struct outcome_context){
		.system = &system_of_host,
		.system_ctx = s->netns,
		.netns = t->netns,
		.here = stat("/proc/self/ns/net", &st) ? 0 : (uint32_t)st.st_ino,
		.target = {.family = t->family},
		.oif = t->oif,
		.mark = s->o->mark,
		.tos = s->o->tos > 0 ? (uint8_t)s->o->tos : 0,
		.packet_bytes = (t->family == 4 ? 28 : 48) + s->o->size,
		.timeout_ns = s->o->timeout_ns,
		.groups = s->loaded->groups,
		.names_ctx = s,
		.netns_name = netns_name,
		.function = function_at,
		.reason = reason_name,
	};
	memcpy(s->context.target.bytes, t->address, sizeof(t->address));
}

int session_run(const struct options *o, struct ping *p, const struct loaded *l,
		const struct report_format *format, const struct report *r, int signal_fd)
{
	struct session s = {.o = o,
			    .ping = p,
			    .loaded = l,
			    .format = format,
			    .report = r,
			    .signal_fd = signal_fd};
	const struct journey_calls calls = {devices_between, is_lost, close_ping, reopen_ping};
	int status = 2;

	s.netns = netns_table_new();
	s.holes = (struct holes){.netns = s.netns,
				 .unseen = GROUPS_NETFILTER & ~l->groups,
				 .verbosity = o->verbosity};
	s.order = order_new(on_event, &s);
	s.journey = journey_new(on_hop, name_device, &s);
	s.tracer = tracer_open(l, on_record, &s);
	s.ksyms = ksyms_new();
	s.reasons = drop_reasons_new();
	s.gaps = o->verbosity >= VERBOSE ? gaps_new(write_hop, &s) : NULL;
	set_context(&s);
	s.outcomes = outcomes_new(&s.context);
	if (s.journey)
		journey_set_calls(s.journey, &calls, o->timeout_ns);
	if (s.netns && s.order && s.journey && s.tracer && s.ksyms && s.reasons && s.outcomes &&
	    (s.gaps || o->verbosity < VERBOSE)) {
		if (format->begin(r))
			say_output_failed(&s);
		loop(&s);
		status = finish(&s);
	}
	tracer_free(s.tracer);
	journey_free(s.journey);
	outcomes_free(s.outcomes);
	gaps_free(s.gaps);
	drop_reasons_free(s.reasons);
	ksyms_free(s.ksyms);
	order_free(s.order);
	holes_free(&s.holes);
	netns_table_free(s.netns);
	return status;
}
