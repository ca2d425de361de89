/* Decides the outcome of one ping. */
#include "outcome.h"
#include "cause.h"
#include "chain_text.h"
#include "icmp_text.h"
#include "util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PLACE 512

static void __attribute__((format(printf, 4, 5)))
tell(struct outcome *o, const char *outcome, const char *cause, const char *fmt, ...)
{
	va_list ap;

	o->outcome = outcome;
	o->cause = cause;
	va_start(ap, fmt);
	/* clang-tidy 14 takes va_start() for missing */
	// NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized)
	vsnprintf(o->text, sizeof(o->text), fmt, ap);
	va_end(ap);
}

static bool was_seen(const struct passage *p)
{
	return p->last.dir || p->n_drops || p->chain_at.dir || p->used.dir;
}

/* ---- drops ---------------------------------------------------------------------------------- */

static const char *function_of(const struct outcome_context *c, uint64_t location)
{
	return location && c->function ? c->function(c->names_ctx, location) : NULL;
}

static const char *reason_of(const struct outcome_context *c, uint32_t reason)
{
	return reason && c->reason ? c->reason(c->names_ctx, reason) : NULL;
}

static bool is(const char *name, const char *other)
{
	return name && strcmp(name, other) == 0;
}

static bool starts(const char *name, const char *with)
{
	return name && strncmp(name, with, strlen(with)) == 0;
}

/* The end of an echo reply or ICMP error that has come to where it was to go. */
static bool is_end_of_answer(const char *function, const char *reason)
{
	bool open = !reason || is(reason, "NOT_SPECIFIED");

	return is(reason, "NO_SOCKET") || starts(function, "ping_rcv") ||
	       (open && (starts(function, "icmp_rcv") || starts(function, "icmpv6_rcv")));
}

/* Fragments that a packet was put together from go with it. */
static bool is_part(const struct event *e, const char *function, const char *reason)
{
	return starts(function, "skb_release_data") ||
	       (!reason && e->iif && e->iif == e->ifindex && starts(function, "kfree_skb_list"));
}

/* A copy that a packet sniffer had no room for. */
static bool is_sniffed(const char *function)
{
	return starts(function, "packet_rcv") || starts(function, "tpacket_rcv");
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
		return is(reason, "PACKET_SOCK_ERROR") || (came && is(reason, "NO_SOCKET"));
	function = function_of(c, e->location);
	/* up to 6.1 ICMPv6 frees a request that it has answered as one that it drops */
	if (is_sniffed(function) || starts(function, "icmpv6_rcv"))
		return true;
	if (e->flags & EVENT_F_FRAGMENT && is_part(e, function, reason))
		return true;
	return came && is_end_of_answer(function, reason);
}

static struct cause_query query_of(const struct outcome_context *c, const struct way *w,
				   const struct passage *p, const struct step *at)
{
	return (struct cause_query){.c = c,
				    .way = w,
				    .passage = p,
				    .at = at,
				    .function = function_of(c, at->drop.location),
				    .reason = reason_of(c, at->drop.reason)};
}

static bool is_local(const struct outcome_context *c, uint32_t netns, int family,
		     const uint8_t *address)
{
	struct system_address a = {.family = family};

	memcpy(a.bytes, address, sizeof(a.bytes));
	return c->system->is_local(c->system_ctx, netns, &a) == 1;
}

/* How little a drop says of the packet's fate: 0 it is the end of it, 1 of a copy that a bridge has
 * flooded, 2 of a copy for a socket. */
static int weight_of(const struct cause_query *q)
{
	const char *f = q->function, *r = q->reason;

	if (is(r, "SOCKET_FILTER") || is(r, "SOCKET_RCVBUFF") || is(r, "PACKET_SOCK_ERROR") ||
	    starts(f, "packet_rcv") || starts(f, "tpacket_rcv") || starts(f, "raw_") ||
	    starts(f, "rawv6_") || starts(f, "sock_queue_rcv"))
		return 2;
	if (is(r, "OTHERHOST"))
		return 1;
	/* the fragments that are left when one could not be sent */
	if ((!r || is(r, "NOT_SPECIFIED")) &&
	    (starts(f, "ip_do_fragment") || starts(f, "ip6_fragment") ||
	     starts(f, "kfree_skb_list")))
		return 1;
	if (!r && (starts(f, "ip_rcv_core") || is(f, "ip_rcv") || starts(f, "ip6_rcv_core")) &&
	    !is_local(q->c, q->at->netns, q->at->family, q->at->daddr))
		return 1;
	return 0;
}

/* The drop that a packet died of, or NULL: it died of none, or went on in another copy. */
static const struct step *find_drop(const struct outcome_context *c, const struct way *w,
				    const struct passage *p)
{
	const struct step *best = NULL;
	bool last_ended = false;
	int weight = 3;

	for (size_t i = p->n_drops; i-- > 0;) {
		const struct step *s = &p->drops[i];
		struct cause_query q = query_of(c, w, p, s);
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

/* A cause that is a sentence of its own does not name the packet. */
static void tell_stuck(const struct way *w, const struct passage *p, const struct cause *cause,
		       const char *outcome, struct outcome *o)
{
	bool reply = p == &w->passages[EVENT_REPLY];

	tell(o, outcome, cause->word, "lost: %s%s", reply ? "the reply got stuck: " : "",
	     cause->text);
}

static void tell_drop(const struct outcome_context *c, const struct way *w, const struct passage *p,
		      const struct step *at, const char *what, const char *outcome,
		      struct outcome *o)
{
	struct cause_query q = query_of(c, w, p, at);
	struct cause cause;
	char place[PLACE];

	cause_of_drop(&q, &cause);
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (cause.whole)
		tell_stuck(w, p, &cause, outcome, o);
	else
		tell(o, outcome, cause.word, "lost: the %s was dropped %s%s", what, place,
		     cause.text);
}

/* ---- errors --------------------------------------------------------------------------------- */

/* Why the one that sent the error did so, if that was in this host: in parentheses. */
static void explain_error(const struct outcome_context *c, const struct way *w, char *buf,
			  size_t size, struct outcome *o)
{
	const struct passage *p = &w->passages[EVENT_REQUEST];
	const struct step *at = find_drop(c, w, p);
	struct cause_query q;
	struct cause cause;
	char place[PLACE];

	*buf = '\0';
	o->cause = NULL;
	if (!at)
		return;
	q = query_of(c, w, p, at);
	cause_of_drop(&q, &cause);
	o->cause = cause.word;
	cause_place(c, at->netns, is(cause.word, "ttl") ? "" : at->ifname, place, sizeof(place));
	if (cause.whole)
		snprintf(buf, size, ", for %s", cause.text);
	else if (is(cause.word, "ttl") && p->first.ttl)
		snprintf(buf, size, " (%s %u was spent %s)",
			 w->error.family == 4 ? "ttl" : "hop limit", p->first.ttl, place);
	else
		snprintf(buf, size, " (the request was dropped %s%s)", place, cause.text);
}

static void tell_error(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	const struct heard_error *e = &w->error;
	char from[64], says[128], why[OUTCOME_TEXT];

	explain_error(c, w, why, sizeof(why), o);
	cause_address(e->family, e->from, from);
	tell(o, "error", o->cause, "answered by an error: %s says %s%s", from,
	     icmp_error_text(e->family, e->type, e->code, e->info, says, sizeof(says)), why);
}

/* "netns web: ", or nothing for the namespace that need not be named. */
static void sender_place(const struct outcome_context *c, char *buf, size_t size)
{
	char place[PLACE];

	cause_place(c, c->netns, "", place, sizeof(place));
	if (c->netns == c->here)
		snprintf(buf, size, ": ");
	else
		snprintf(buf, size, " %s: ", place + strlen("in "));
}

/* ---- nothing dropped it --------------------------------------------------------------------- */

/* A chain took the packet, and nothing was seen of it since. */
static bool tell_queued(const struct outcome_context *c, const struct passage *p, const char *what,
			const char *outcome, struct outcome *o)
{
	char table[4 * EVENT_TABLE_LEN + 1], name[4 * EVENT_CHAIN_LEN + 1], place[PLACE];
	uint32_t verdict = p->chain.verdict & 0xff;

	if (!p->chain_at.dir || (p->last.dir && p->last.time_ns > p->chain_at.time_ns) ||
	    verdict == 0)
		return false;
	cause_place(c, p->chain_at.netns, p->chain_at.ifname, place, sizeof(place));
	cause_name(p->chain.table, table, sizeof(table));
	cause_name(chain_name(&p->chain), name, sizeof(name));
	if (verdict == 3) /* NF_QUEUE */
		tell(o, outcome, "queued",
		     "lost: the %s waits %s for a program that gives no verdict: %.150s.%.150s sent "
		     "it to queue %" PRIu32,
		     what, place, table, name, p->chain.verdict >> 16);
	else
		tell(o, outcome, "stolen", "lost: the %s was taken %s by %.150s.%.150s (STOLEN)",
		     what, place, table, name);
	return true;
}

/* Does the namespace not want to answer? */
static bool tell_ignored(const struct outcome_context *c, const struct step *at, const char *place,
			 struct outcome *o)
{
	static const struct {
		int family;
		const char *path, *name;
	} settings[] = {
		{4, "net/ipv4/icmp_echo_ignore_all", "net.ipv4.icmp_echo_ignore_all"},
		{6, "net/ipv6/icmp/echo_ignore_all", "net.ipv6.icmp.echo_ignore_all"},
	};
	long value;

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (settings[i].family == at->family &&
		    c->system->setting(c->system_ctx, at->netns, settings[i].path, &value) == 0 &&
		    value) {
			tell(o, "request_lost", "echo_ignored",
			     "lost: the request arrived %s, where pings are ignored (%s = %ld)",
			     place, settings[i].name, value);
			return true;
		}
	return false;
}

/* Is there a way for a reply to what arrived here? */
static bool tell_no_way_back(const struct outcome_context *c, const struct way *w,
			     const struct step *at, const char *place, struct outcome *o)
{
	struct step back = {.dir = EVENT_TX, .netns = at->netns, .family = at->family};
	struct cause_query q = query_of(c, w, &w->passages[EVENT_REPLY], &back);
	struct cause cause = {0};

	memcpy(back.saddr, at->daddr, sizeof(back.saddr));
	memcpy(back.daddr, at->saddr, sizeof(back.daddr));
	if (cause_of_no_way_back(&q, &cause))
		tell(o, "reply_lost", cause.word, "lost: the request arrived %s, but %s", place,
		     cause.text);
	else if (cause_of_neighbour(&q, &cause))
		tell(o, "reply_lost", cause.word,
		     "lost: the request arrived %s, but its reply got stuck: %s", place,
		     cause.text);
	return *o->text;
}

/* The request arrived where it was to go; why was there no reply at any device? */
static bool tell_why_unanswered(const struct outcome_context *c, const struct way *w,
				const struct step *at, struct outcome *o)
{
	char place[PLACE];

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	return tell_ignored(c, at, place, o) || tell_no_way_back(c, w, at, place, o);
}

static void tell_unanswered(const struct outcome_context *c, const struct way *w,
			    const struct step *at, struct outcome *o)
{
	char place[PLACE];

	if (tell_why_unanswered(c, w, at, o))
		return;
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (was_seen(&w->passages[EVENT_REPLY]))
		tell(o, "reply_lost", "unanswered",
		     "lost: the request arrived %s and was replied to, but the reply was seen at no "
		     "device",
		     place);
	else
		tell(o, "request_lost", "unanswered",
		     "lost: the request arrived %s and was taken, but nothing replied", place);
}

/* The reply came to another namespace that takes it for its own. */
static bool tell_wrong_netns(const struct outcome_context *c, const struct step *at,
			     struct outcome *o)
{
	char place[PLACE];

	if (at->netns == c->netns || at->in_tunnel ||
	    !is_end_of_answer(function_of(c, at->drop.location), reason_of(c, at->drop.reason)) ||
	    !is_local(c, at->netns, at->family, at->daddr))
		return false;
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	tell(o, "reply_lost", "wrong_netns",
	     "lost: the reply arrived %s, where the ping's address is, too", place);
	return true;
}

/* It came in by a device, and did not go on. */
static void tell_stayed(const struct outcome_context *c, const struct way *w,
			const struct passage *p, const char *what, const char *outcome,
			struct outcome *o)
{
	const struct step *at = &p->last;
	struct cause_query q = query_of(c, w, p, at);
	struct cause cause = {0};
	char place[PLACE];
	bool local = is_local(c, at->netns, at->family, at->daddr);

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (local && !at->in_tunnel && p == &w->passages[EVENT_REQUEST] && !p->waiting)
		tell_unanswered(c, w, at, o);
	else if (!local && cause_of_neighbour(&q, &cause))
		tell_stuck(w, p, &cause, outcome, o);
	else if (local && p == &w->passages[EVENT_REPLY])
		tell(o, outcome, at->netns == c->netns ? "not_delivered" : "wrong_netns",
		     at->netns == c->netns
			     ? "lost: the reply came back %s, but not to the ping's socket"
			     : "lost: the reply arrived %s, where the ping's address is, too",
		     place);
	else if (p->waiting)
		tell(o, outcome, "waiting", "lost: the %s arrived %s and still waits there", what,
		     place);
	else
		tell(o, outcome, NULL,
		     "lost: the %s was last seen as it arrived %s; what became of it is not known",
		     what, place);
}

/* veth: what about the other end? */
static void tell_veth(const struct outcome_context *c, const struct step *at,
		      const struct system_link *l, const char *what, const char *outcome,
		      const char *place, struct outcome *o)
{
	struct system_link peer = {0};
	uint32_t netns = l->lower_elsewhere ? l->peer_netns : at->netns;
	bool known =
		l->lower && netns && c->system->link(c->system_ctx, netns, l->lower, &peer) == 0;
	char there[PLACE];

	if (known)
		cause_place(c, netns, peer.name, there, sizeof(there));
	if (known && peer.xdp_id)
		tell(o, outcome, "xdp",
		     "lost: the %s was sent %s and not seen at its other end: probably the XDP "
		     "program (id %" PRIu32 ") %s dropped it",
		     what, place, peer.xdp_id, there);
	else if (known)
		tell(o, outcome, "not_at_peer",
		     "lost: the %s was sent %s, but did not come out at the other end %s", what,
		     place, there);
	else
		tell(o, outcome, "not_at_peer",
		     "lost: the %s was sent %s, but did not come out at the other end", what,
		     place);
}

/* A device was asked to send it, and nothing was seen of it since. */
static void tell_sent(const struct outcome_context *c, const struct passage *p, const char *what,
		      const char *outcome, struct outcome *o)
{
	const struct step *at = &p->last;
	struct system_link l = {0};
	char place[PLACE], name[4 * IF_NAMESIZE + 1], kind[4 * 32 + 1];
	bool known = c->system->link(c->system_ctx, at->netns, at->ifindex, &l) == 0;

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	cause_name(at->ifname, name, sizeof(name));
	cause_name(l.kind, kind, sizeof(kind));
	if (!known)
		tell(o, outcome, NULL, "lost: the %s was sent %s; what became of it is not known",
		     what, place);
	else if (!l.up || !l.carrier)
		tell(o, outcome, l.up ? "no_carrier" : "link_down",
		     "lost: the %s was sent %s, which %s", what, place,
		     l.up ? "has no carrier" : "is down");
	else if (is(l.kind, "tun"))
		tell(o, outcome, "tun",
		     p->waiting_to_send
			     ? "lost: the %s waits %s for a program to read it"
			     : "lost: the %s was sent %s and read by the program behind that "
			       "device, but nothing came back within %.3g s",
		     what, place, (double)c->timeout_ns / (double)NS_PER_S);
	else if (p->waiting_to_send && *l.qdisc && strcmp(l.qdisc, "noqueue") != 0)
		tell(o, outcome, "qdisc", "lost: the %s waits in the queue %s (tc qdisc %s)", what,
		     place, l.qdisc);
	else if (is(l.kind, "dummy"))
		tell(o, outcome, "dummy",
		     "lost: the %s was sent %s, a dummy device, which swallows everything", what,
		     place);
	else if (is(l.kind, "veth"))
		tell_veth(c, at, &l, what, outcome, place, o);
	else if (!*l.kind && !l.loopback)
		tell(o, "left_host", NULL,
		     "lost: the %s left this host %s and nothing came back within %.3g s: look "
		     "beyond this host",
		     what, place, (double)c->timeout_ns / (double)NS_PER_S);
	else
		tell(o, outcome, p->waiting ? "waiting" : NULL,
		     "lost: the %s was handed to %s%s%s%s %s, and %s", what, *kind ? "the " : "",
		     kind, *kind ? " device" : "the device", "", place,
		     p->waiting ? "still waits there" : "was not seen again");
}

/* Sending failed, or the packet was seen nowhere. */
static void tell_not_sent(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	struct step at = {.dir = EVENT_TX, .netns = c->netns, .family = (uint8_t)c->target.family};
	struct cause_query q = query_of(c, w, &w->passages[EVENT_REQUEST], &at);
	struct cause cause = {0};
	struct system_link l = {0};
	struct system_route r = {0};
	char place[PLACE], name[4 * IF_NAMESIZE + 1];
	bool routed;

	memcpy(at.daddr, c->target.bytes, sizeof(at.daddr));
	routed = cause_route(&q, &r) == 0 && r.oif;
	sender_place(c, place, sizeof(place));
	if (routed && c->system->link(c->system_ctx, c->netns, r.oif, &l) == 0 &&
	    (!l.up || !l.carrier) && !l.loopback)
		tell(o, "never_left", l.up ? "no_carrier" : "link_down",
		     "lost: the request never left%s%s %s", place,
		     cause_name(l.name, name, sizeof(name)), l.up ? "has no carrier" : "is down");
	else if (w->send_error)
		tell(o, "never_left",
		     w->send_error == EPERM      ? "firewall"
		     : w->send_error == EMSGSIZE ? "mtu"
						 : NULL,
		     "lost: the request never left%s%s", place,
		     w->send_error == EPERM ? "a firewall rule there refused it (OUTPUT)"
					    : strerror(w->send_error));
	else if (cause_of_neighbour(&q, &cause))
		tell(o, "never_left", cause.word, "lost: %s", cause.text);
	else
		tell(o, "unknown", NULL,
		     "lost: the request was sent but seen at no device; what became of it is not "
		     "known");
}

/* ---- all together --------------------------------------------------------------------------- */

/* Refused by netfilter while it was being sent: send() failed with EPERM. */
static bool tell_refused(const struct outcome_context *c, const struct way *w,
			 const struct step *drop, struct outcome *o)
{
	const struct passage *p = &w->passages[EVENT_REQUEST];
	struct step at = drop ? *drop : p->chain_at;
	struct cause_query q;
	struct cause cause;
	char place[PLACE];

	if (w->send_error != EPERM || !at.dir)
		return false;
	if (!drop)
		at.drop = (struct hop_drop){0};
	q = query_of(c, w, p, &at);
	if (!drop)
		q.function = "nf_hook_slow";
	cause_of_drop(&q, &cause);
	sender_place(c, place, sizeof(place));
	tell(o, "never_left", cause.word, "lost: the request never left%sit was refused%s", place,
	     cause.text);
	return true;
}

static void tell_lost(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	bool back = was_seen(&w->passages[EVENT_REPLY]);
	const struct passage *p = &w->passages[back ? EVENT_REPLY : EVENT_REQUEST];
	const char *what = back ? "reply" : "request";
	const char *outcome = back ? "reply_lost" : "request_lost";
	const struct step *drop = find_drop(c, w, p);
	const struct step *arrived = &w->passages[EVENT_REQUEST].last;
	char place[PLACE];

	if (!back && tell_refused(c, w, drop, o))
		return;
	if (drop && back && tell_wrong_netns(c, drop, o))
		return;
	if (drop) {
		tell_drop(c, w, p, drop, what, back || p->last.dir ? outcome : "never_left", o);
	} else if (c->events_lost && p->last.dir) {
		cause_place(c, p->last.netns, p->last.ifname, place, sizeof(place));
		tell(o, "unknown", "events_lost",
		     "lost: no reply came; the %s was last seen %s, but events were lost, so it may "
		     "have come further",
		     what, place);
	} else if (c->events_lost) {
		tell(o, "unknown", "events_lost",
		     "lost: no reply came; where the request died is not known, for events were "
		     "lost");
	} else if (tell_queued(c, p, what, outcome, o)) {
		return;
	} else if (!p->last.dir && back && arrived->dir == EVENT_RX) {
		tell_unanswered(c, w, arrived, o);
	} else if (!p->last.dir) {
		tell_not_sent(c, w, o);
	} else if (p->last.dir == EVENT_RX) {
		tell_stayed(c, w, p, what, outcome, o);
	} else {
		tell_sent(c, p, what, outcome, o);
	}
}

/* More than one namespace replied. */
static void tell_answered(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	char places[WAY_ORIGINS * 128] = "";
	size_t len = 0;

	tell(o, "answered", NULL, "%s", "");
	if (w->n_origins < 2)
		return;
	for (size_t i = 0; i < w->n_origins; i++) {
		char place[PLACE];

		cause_place(c, w->origins[i].netns, w->origins[i].ifname, place, sizeof(place));
		len += (size_t)snprintf(places + len, sizeof(places) - len, "%s%.100s",
					i == 0                  ? ""
					: i + 1 == w->n_origins ? " and "
								: ", ",
					place);
		if (len >= sizeof(places))
			break;
	}
	tell(o, "answered", "duplicate_address",
	     "answered more than once: replies were made %s, so the address is there more than once",
	     places);
}

void outcome_decide(const struct way *w, const struct outcome_context *c, struct outcome *o)
{
	*o = (struct outcome){0};
	if (w->answered && w->late)
		tell(o, "late", NULL,
		     "late: the reply came after %.3f s, more than the %.3g s of --timeout",
		     (double)w->rtt_ns / (double)NS_PER_S,
		     (double)c->timeout_ns / (double)NS_PER_S);
	else if (w->answered)
		tell_answered(c, w, o);
	else if (w->error.heard && !is_local(c, c->netns, w->error.family, w->error.from))
		tell_error(c, w, o);
	else
		tell_lost(c, w, o);
}
