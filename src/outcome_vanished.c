/* A packet that nothing dropped: what is told of the place where it was seen last. */
#include "outcome_parts.h"
#include "chain_text.h"
#include "util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool outcome_tell_queued(const struct outcome_context *c, const struct passage *p, const char *what,
			 const char *outcome, struct outcome *o)
{
	char table[4 * EVENT_TABLE_LEN + 1], name[4 * EVENT_CHAIN_LEN + 1], place[OUTCOME_PLACE];
	uint32_t verdict = p->chain.verdict & 0xff;

	if (!p->chain_at.dir || (p->last.dir && p->last.time_ns > p->chain_at.time_ns) ||
	    verdict == 0)
		return false;
	cause_place(c, p->chain_at.netns, p->chain_at.ifname, place, sizeof(place));
	cause_name(p->chain.table, table, sizeof(table));
	cause_name(chain_name(&p->chain), name, sizeof(name));
	if (verdict == 3) /* NF_QUEUE */
		outcome_tell(o, outcome, "queued",
			     "lost: the %s waits %s for a program that gives no verdict: "
			     "%.150s.%.150s sent it to queue %" PRIu32,
			     what, place, table, name, p->chain.verdict >> 16);
	else
		outcome_tell(o, outcome, "stolen",
			     "lost: the %s was taken %s by %.150s.%.150s (STOLEN)", what, place,
			     table, name);
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
			outcome_tell(o, "request_lost", "echo_ignored",
				     "lost: the request arrived %s, where pings are ignored (%s = "
				     "%ld)",
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
	struct cause_query q = outcome_query(c, w, &w->passages[EVENT_REPLY], &back);
	struct cause cause = {0};

	memcpy(back.saddr, at->daddr, sizeof(back.saddr));
	memcpy(back.daddr, at->saddr, sizeof(back.daddr));
	if (cause_of_no_way_back(&q, &cause))
		outcome_tell(o, "reply_lost", cause.word, "lost: the request arrived %s, but %s",
			     place, cause.text);
	else if (cause_of_neighbour(&q, &cause))
		outcome_tell(o, "reply_lost", cause.word,
			     "lost: the request arrived %s, but its reply got stuck: %s", place,
			     cause.text);
	return *o->text;
}

/* The request arrived where it was to go; why was there no reply at any device? */
static bool tell_why_unanswered(const struct outcome_context *c, const struct way *w,
				const struct step *at, struct outcome *o)
{
	char place[OUTCOME_PLACE];

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	return tell_ignored(c, at, place, o) || tell_no_way_back(c, w, at, place, o);
}

void outcome_tell_unanswered(const struct outcome_context *c, const struct way *w,
			     const struct step *at, struct outcome *o)
{
	char place[OUTCOME_PLACE];

	if (tell_why_unanswered(c, w, at, o))
		return;
	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (outcome_was_seen(&w->passages[EVENT_REPLY]))
		outcome_tell(o, "reply_lost", "unanswered",
			     "lost: the request arrived %s and was replied to, but the reply was "
			     "seen at no device",
			     place);
	else
		outcome_tell(o, "request_lost", "unanswered",
			     "lost: the request arrived %s and was taken, but nothing replied",
			     place);
}

void outcome_tell_stayed(const struct outcome_context *c, const struct way *w,
			 const struct passage *p, const char *what, const char *outcome,
			 struct outcome *o)
{
	const struct step *at = &p->last;
	struct cause_query q = outcome_query(c, w, p, at);
	struct cause cause = {0};
	char place[OUTCOME_PLACE];
	bool local = outcome_is_local(c, at->netns, at->family, at->daddr);

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	if (local && !at->in_tunnel && p == &w->passages[EVENT_REQUEST] && !p->waiting)
		outcome_tell_unanswered(c, w, at, o);
	else if (!local && cause_of_neighbour(&q, &cause))
		outcome_tell_stuck(w, p, &cause, outcome, o);
	else if (local && p == &w->passages[EVENT_REPLY])
		outcome_tell(o, outcome, at->netns == c->netns ? "not_delivered" : "wrong_netns",
			     at->netns == c->netns
				     ? "lost: the reply came back %s, but not to the ping's socket"
				     : "lost: the reply arrived %s, where the ping's address is, "
				       "too",
			     place);
	else if (p->waiting)
		outcome_tell(o, outcome, "waiting", "lost: the %s arrived %s and still waits there",
			     what, place);
	else
		outcome_tell(o, outcome, NULL,
			     "lost: the %s was last seen as it arrived %s; what became of it is "
			     "not known",
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
	char there[OUTCOME_PLACE];

	if (known)
		cause_place(c, netns, peer.name, there, sizeof(there));
	if (known && peer.xdp_id)
		outcome_tell(o, outcome, "xdp",
			     "lost: the %s was sent %s and not seen at its other end: probably "
			     "the XDP program (id %" PRIu32 ") %s dropped it",
			     what, place, peer.xdp_id, there);
	else if (known)
		outcome_tell(o, outcome, "not_at_peer",
			     "lost: the %s was sent %s, but did not come out at the other end %s",
			     what, place, there);
	else
		outcome_tell(o, outcome, "not_at_peer",
			     "lost: the %s was sent %s, but did not come out at the other end",
			     what, place);
}

void outcome_tell_sent(const struct outcome_context *c, const struct passage *p, const char *what,
		       const char *outcome, struct outcome *o)
{
	const struct step *at = &p->last;
	struct system_link l = {0};
	char place[OUTCOME_PLACE], kind[4 * 32 + 1];
	bool known = c->system->link(c->system_ctx, at->netns, at->ifindex, &l) == 0;

	cause_place(c, at->netns, at->ifname, place, sizeof(place));
	cause_name(l.kind, kind, sizeof(kind));
	if (!known)
		outcome_tell(o, outcome, NULL,
			     "lost: the %s was sent %s; what became of it is not known", what,
			     place);
	else if (!l.up || !l.carrier)
		outcome_tell(o, outcome, l.up ? "no_carrier" : "link_down",
			     "lost: the %s was sent %s, which %s", what, place,
			     l.up ? "has no carrier" : "is down");
	else if (str_is(l.kind, "tun"))
		outcome_tell(o, outcome, "tun",
			     p->waiting_to_send
				     ? "lost: the %s waits %s for a program to read it"
				     : "lost: the %s was sent %s and read by the program behind "
				       "that device, but nothing came back within %.3g s",
			     what, place, (double)c->timeout_ns / (double)NS_PER_S);
	else if (p->waiting_to_send && l.queued) /* drivers hold what they have sent, too */
		outcome_tell(o, outcome, "qdisc",
			     "lost: the %s waits in the queue %s (tc qdisc %s)", what, place,
			     l.qdisc);
	else if (str_is(l.kind, "dummy"))
		outcome_tell(o, outcome, "dummy",
			     "lost: the %s was sent %s, a dummy device, which swallows everything",
			     what, place);
	else if (str_is(l.kind, "veth"))
		tell_veth(c, at, &l, what, outcome, place, o);
	else if (!*l.kind && !l.loopback)
		outcome_tell(o, "left_host", NULL,
			     "lost: the %s left this host %s and nothing came back within %.3g s: "
			     "look beyond this host",
			     what, place, (double)c->timeout_ns / (double)NS_PER_S);
	else
		outcome_tell(o, outcome, p->waiting ? "waiting" : NULL,
			     "lost: the %s was handed to the %s%sdevice %s, and %s", what, kind,
			     *kind ? " " : "", place,
			     p->waiting ? "still waits there" : "was not seen again");
}

void outcome_tell_not_sent(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	struct step at = {.dir = EVENT_TX, .netns = c->netns, .family = (uint8_t)c->target.family};
	struct cause_query q = outcome_query(c, w, &w->passages[EVENT_REQUEST], &at);
	struct cause cause = {0};
	struct system_link l = {0};
	struct system_route r = {0};
	char place[OUTCOME_PLACE], name[4 * IF_NAMESIZE + 1];
	bool routed;

	memcpy(at.daddr, c->target.bytes, sizeof(at.daddr));
	routed = cause_route(&q, &r) == 0 && r.oif;
	outcome_sender_place(c, place, sizeof(place));
	if (routed && c->system->link(c->system_ctx, c->netns, r.oif, &l) == 0 &&
	    (!l.up || !l.carrier) && !l.loopback)
		outcome_tell(o, "never_left", l.up ? "no_carrier" : "link_down",
			     "lost: the request never left%s%s %s", place,
			     cause_name(l.name, name, sizeof(name)),
			     l.up ? "has no carrier" : "is down");
	else if (w->send_error)
		outcome_tell(o, "never_left",
			     w->send_error == EPERM      ? "firewall"
			     : w->send_error == EMSGSIZE ? "mtu"
							 : NULL,
			     "lost: the request never left%s%s", place,
			     w->send_error == EPERM ? "a firewall rule there refused it (OUTPUT)"
						    : strerror(w->send_error));
	else if (cause_of_neighbour(&q, &cause))
		outcome_tell(o, "never_left", cause.word, "lost: %s", cause.text);
	else
		outcome_tell(o, "unknown", NULL,
			     "lost: the request was sent but seen at no device; what became of it "
			     "is not known");
}
