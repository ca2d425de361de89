/* Sends pings, each when it is due. */
#include "sender.h"
#include "probe_wanted.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <string.h>

/* With --interval=0 a ping that is not answered holds up the next one this long, as in ping -f. */
#define FLOOD_WAIT_NS (10 * NS_PER_MS)

void sender_start(struct sender *s, uint64_t now)
{
	probe_wanted_fill(&s->wanted, ping_identity(s->ping), ping_socket_to_know(s->ping));
	s->next_ns = now;
}

bool sender_is_done(const struct sender *s)
{
	return s->o->count && s->seq == s->o->count;
}

bool sender_is_flood_due(const struct sender *s)
{
	return s->o->interval_ns == 0 && s->seq && !sender_is_done(s) &&
	       journey_is_answered(s->journey, s->seq);
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

static void send_one(struct sender *s)
{
	uint64_t seq = s->seq + 1, sent_ns;
	int error;

	loader_set_seq(s->loaded, &s->wanted, (uint16_t)seq);
	error = ping_send(s->ping, (uint16_t)seq, &sent_ns);

	s->seq = seq;
	s->last_sent_ns = sent_ns;
	/* keeps to the rhythm, but does not make up for a long pause */
	s->next_ns += s->o->interval_ns;
	if (s->next_ns < sent_ns)
		s->next_ns = sent_ns + s->o->interval_ns;
	if (s->o->interval_ns == 0)
		s->next_ns = sent_ns + FLOOD_WAIT_NS;
	journey_sent(s->journey, seq, sent_ns);
	if (error)
		journey_send_failed(s->journey, seq, error);
	if (error && error != s->last_error)
		say_error("cannot send to %s: %s%s", ping_address(s->ping), strerror(error),
			  send_advice(error));
	s->last_error = error;
	if (seq == 1) /* test/bench/ takes the start-up time from this line */
		say_detail(s->o->verbosity, "first ping sent at %llu.%09llu s of CLOCK_MONOTONIC",
			   (unsigned long long)(sent_ns / NS_PER_S),
			   (unsigned long long)(sent_ns % NS_PER_S));
}

bool sender_is_due(const struct sender *s, uint64_t now)
{
	return !sender_is_done(s) && (s->next_ns <= now || sender_is_flood_due(s));
}

void sender_send_due(struct sender *s, uint64_t now)
{
	if (sender_is_due(s, now))
		send_one(s);
}
