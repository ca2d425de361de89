/* Which of the drops of a packet it died of, if any, and what is told of that one. */
#include "outcome_parts.h"
#include "util.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *function_of(const struct outcome_context *c, uint64_t location)
{
	return location && c->function ? c->function(c->names_ctx, location) : NULL;
}

static const char *reason_of(const struct outcome_context *c, uint32_t reason)
{
	return reason && c->reason ? c->reason(c->names_ctx, reason) : NULL;
}

struct cause_query outcome_query(const struct outcome_context *c, const struct way *w,
				 const struct passage *p, const struct step *at)
{
	return (struct cause_query){.c = c,
				    .way = w,
				    .passage = p,
				    .at = at,
				    .function = function_of(c, at->drop.location),
				    .reason = reason_of(c, at->drop.reason)};
}

/* The end of an echo reply or ICMP error that has come to where it was to go. */
static bool is_end_of_answer(const char *function, const char *reason)
{
	bool open = !reason || str_is(reason, "NOT_SPECIFIED");

	return str_is(reason, "NO_SOCKET") || str_starts(function, "ping_rcv") ||
	       (open && (str_starts(function, "icmp_rcv") || str_starts(function, "icmpv6_rcv")));
}

/* Fragments that a packet was put together from go with it. */
static bool is_part(const struct event *e, const char *function, const char *reason)
{
	return str_starts(function, "skb_release_data") ||
	       (!reason && e->iif && e->iif == e->ifindex &&
		str_starts(function, "kfree_skb_list"));
}

/* A copy that a packet sniffer had no room for. */
static bool is_sniffed(const char *function)
{
	return str_starts(function, "packet_rcv") || str_starts(function, "tpacket_rcv");
}

/*
 * An echo reply and an ICMP error are handed on as copies; the packet itself ends where a ping
 * socket would take it. Functions are asked for only where the reason does not tell, for that takes
 * 40 ms.
 */
bool outcome_was_delivered(const struct outcome_context *c, const struct event *e)
{
	/* an error about the reply comes to the one that replied */
	bool came = e->type == EVENT_ERROR ||
		    (e->type == EVENT_REPLY && (!e->netns || e->netns == c->netns));
	const char *reason = reason_of(c, e->reason), *function;

	if (reason && strcmp(reason, "NOT_SPECIFIED") != 0)
		return str_is(reason, "PACKET_SOCK_ERROR") || (came && str_is(reason, "NO_SOCKET"));
	function = function_of(c, e->location);
	/* up to 6.1 ICMPv6 frees a request that it has answered as one that it drops */
	if (is_sniffed(function) || str_starts(function, "icmpv6_rcv"))
		return true;
	if (e->flags & EVENT_F_FRAGMENT && is_part(e, function, reason))
		return true;
	return came && is_end_of_answer(function, reason);
}

/* What waited in vain for a fragment goes when its time is over. */
static bool is_rest_of_fragments(const char *function, const char *reason)
{
	if (reason && strcmp(reason, "NOT_SPECIFIED") != 0)
		return str_is(reason, "FRAG_REASM_TIMEOUT");
	return str_starts(function, "ip_expire") || str_starts(function, "ip6_frag_expire") ||
	       str_starts(function, "ip6frag_expire") ||
	       str_starts(function, "nf_ct_frag6_expire") || str_starts(function, "inet_frag_");
}

/* How little a drop says of the packet's fate: 0 it is the end of it, 1 of a copy that a bridge has
 * flooded, or of fragments that missed one, 2 of a copy for a socket. */
static int weight_of(const struct cause_query *q)
{
	const char *f = q->function, *r = q->reason;

	if (str_is(r, "SOCKET_FILTER") || str_is(r, "SOCKET_RCVBUFF") ||
	    str_is(r, "PACKET_SOCK_ERROR") || str_starts(f, "packet_rcv") ||
	    str_starts(f, "tpacket_rcv") || str_starts(f, "raw_") || str_starts(f, "rawv6_") ||
	    str_starts(f, "sock_queue_rcv"))
		return 2;
	if (str_is(r, "OTHERHOST") || is_rest_of_fragments(f, r))
		return 1;
	/* the fragments that are left when one could not be sent */
	if ((!r || str_is(r, "NOT_SPECIFIED")) &&
	    (str_starts(f, "ip_do_fragment") || str_starts(f, "ip6_fragment") ||
	     str_starts(f, "kfree_skb_list")))
		return 1;
	if (!r &&
	    (str_starts(f, "ip_rcv_core") || str_is(f, "ip_rcv") ||
	     str_starts(f, "ip6_rcv_core")) &&
	    !outcome_is_local(q->c, q->at->netns, q->at->family, q->at->daddr))
		return 1;
	return 0;
}

const struct step *outcome_find_drop(const struct outcome_context *c, const struct way *w,
				     const struct passage *p)
{
	const struct step *best = NULL;
	bool last_ended = false;
	int weight = 3;

	for (size_t i = p->n_drops; i-- > 0;) {
		const struct step *s = &p->drops[i];
		struct cause_query q = outcome_query(c, w, p, s);
		int this = weight_of(&q);

		if (this < 2 && (!p->last.dir || s->time_ns >= p->last.time_ns))
			last_ended = true;
		if (this < weight) {
			best = s;
			weight = this;
		}
	}
	if (weight >= 2 || (p->last.dir && !last_ended))
		return NULL;
	return best;
}

const char *outcome_part(const struct step *at, const struct cause *cause, char buf[OUTCOME_PART])
{
	*buf = '\0';
	/* that fragments are missing is no matter of one of them */
	if (at->fragment && !str_is(cause->word, "fragments"))
		snprintf(buf, OUTCOME_PART, "a fragment (from byte %" PRIu32 ") of ", at->fragment);
	return buf;
}

void outcome_tell_stuck(const struct way *w, const struct passage *p, const struct cause *cause,
			const char *outcome, struct outcome *o)
{
	bool reply = p == &w->passages[EVENT_REPLY];

	outcome_tell(o, outcome, cause->word, "lost: %s%s", reply ? "the reply got stuck: " : "",
		     cause->text);
}

void outcome_tell_drop(const struct outcome_context *c, const struct way *w,
		       const struct passage *p, const struct step *at, const char *what,
		       const char *outcome, struct outcome *o)
{
	struct cause_query q = outcome_query(c, w, p, at);
	struct cause cause;
	char place[OUTCOME_PLACE], part[OUTCOME_PART];

	cause_of_drop(&q, &cause);
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (cause.whole)
		outcome_tell_stuck(w, p, &cause, outcome, o);
	else
		outcome_tell(o, outcome, cause.word, "lost: %sthe %s was dropped %s%s",
			     outcome_part(at, &cause, part), what, place, cause.text);
}

bool outcome_tell_wrong_netns(const struct outcome_context *c, const struct step *at,
			      struct outcome *o)
{
	char place[OUTCOME_PLACE];

	if (at->netns == c->netns || at->in_tunnel ||
	    !is_end_of_answer(function_of(c, at->drop.location), reason_of(c, at->drop.reason)) ||
	    !outcome_is_local(c, at->netns, at->family, at->daddr))
		return false;
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	outcome_tell(o, "reply_lost", "wrong_netns",
		     "lost: the reply arrived %s, where the ping's address is, too", place);
	return true;
}
