/* Decides the outcome of one ping: answered, late, an error, or lost and how. */
#include "outcome_parts.h"
#include "icmp_text.h"
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void __attribute__((format(printf, 4, 5)))
outcome_tell(struct outcome *o, const char *outcome, const char *cause, const char *fmt, ...)
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

bool outcome_was_seen(const struct passage *p)
{
	return p->last.dir || p->n_drops || p->chain_at.dir || p->used.dir;
}

bool outcome_is_local(const struct outcome_context *c, uint32_t netns, int family,
		      const uint8_t *address)
{
	struct system_address a = {.family = family};

	memcpy(a.bytes, address, sizeof(a.bytes));
	return c->system->is_local(c->system_ctx, netns, &a) == 1;
}

void outcome_sender_place(const struct outcome_context *c, char *buf, size_t size)
{
	char place[OUTCOME_PLACE];

	cause_place(c, c->netns, "", place, sizeof(place));
	if (c->netns == c->here)
		snprintf(buf, size, ": ");
	else
		snprintf(buf, size, " %s: ", place + strlen("in "));
}

/* Why the one that sent the error did so, if that was in this host: in parentheses. */
static void explain_error(const struct outcome_context *c, const struct way *w, char *buf,
			  size_t size, struct outcome *o)
{
	const struct passage *p = &w->passages[EVENT_REQUEST];
	const struct step *at = outcome_find_drop(c, w, p);
	struct cause_query q;
	struct cause cause;
	char place[OUTCOME_PLACE], part[OUTCOME_PART];

	*buf = '\0';
	o->cause = NULL;
	if (!at)
		return;
	q = outcome_query(c, w, p, at);
	cause_of_drop(&q, &cause);
	o->cause = cause.word;
	cause_place(c, at->netns, str_is(cause.word, "ttl") ? "" : at->ifname, place,
		    sizeof(place));
	if (cause.whole)
		snprintf(buf, size, ", for %s", cause.text);
	else if (str_is(cause.word, "ttl") && p->first.ttl)
		snprintf(buf, size, " (%s %u was spent %s)",
			 w->error.family == 4 ? "ttl" : "hop limit", p->first.ttl, place);
	else
		snprintf(buf, size, " (%sthe request was dropped %s%s)",
			 outcome_part(at, &cause, part), place, cause.text);
}

static void tell_error(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	const struct heard_error *e = &w->error;
	char from[64], says[128], why[OUTCOME_TEXT];

	explain_error(c, w, why, sizeof(why), o);
	cause_address(e->family, e->from, from);
	outcome_tell(o, "error", o->cause, "answered by an error: %s says %s%s", from,
		     icmp_error_text(e->family, e->type, e->code, e->info, says, sizeof(says)),
		     why);
}

/* Refused by netfilter while it was being sent: send() failed with EPERM. */
static bool tell_refused(const struct outcome_context *c, const struct way *w,
			 const struct step *drop, struct outcome *o)
{
	const struct passage *p = &w->passages[EVENT_REQUEST];
	struct step at = drop ? *drop : p->chain_at;
	struct cause_query q;
	struct cause cause;
	char place[OUTCOME_PLACE];

	if (w->send_error != EPERM || !at.dir)
		return false;
	if (!drop)
		at.drop = (struct hop_drop){0};
	q = outcome_query(c, w, p, &at);
	if (!drop)
		q.function = "nf_hook_slow";
	cause_of_drop(&q, &cause);
	outcome_sender_place(c, place, sizeof(place));
	outcome_tell(o, "never_left", cause.word, "lost: the request never left%sit was refused%s",
		     place, cause.text);
	return true;
}

static void tell_lost(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	bool back = outcome_was_seen(&w->passages[EVENT_REPLY]);
	const struct passage *p = &w->passages[back ? EVENT_REPLY : EVENT_REQUEST];
	const char *what = back ? "reply" : "request";
	const char *outcome = back ? "reply_lost" : "request_lost";
	const struct step *drop = outcome_find_drop(c, w, p);
	const struct step *arrived = &w->passages[EVENT_REQUEST].last;
	char place[OUTCOME_PLACE];

	if (!back && tell_refused(c, w, drop, o))
		return;
	if (drop && back && outcome_tell_wrong_netns(c, drop, o))
		return;
	if (drop) {
		outcome_tell_drop(c, w, p, drop, what, back || p->last.dir ? outcome : "never_left",
				  o);
	} else if (c->events_lost && p->last.dir) {
		cause_place(c, p->last.netns, p->last.ifname, place, sizeof(place));
		outcome_tell(o, "unknown", "events_lost",
			     "lost: no reply came; the %s was last seen %s, but events were lost, "
			     "so it may have come further",
			     what, place);
	} else if (c->events_lost) {
		outcome_tell(o, "unknown", "events_lost",
			     "lost: no reply came; where the request died is not known, for "
			     "events were lost");
	} else if (outcome_tell_queued(c, p, what, outcome, o)) {
		return;
	} else if (!p->last.dir && back && arrived->dir == EVENT_RX) {
		outcome_tell_unanswered(c, w, arrived, o);
	} else if (!p->last.dir) {
		outcome_tell_not_sent(c, w, o);
	} else if (p->last.dir == EVENT_RX) {
		outcome_tell_stayed(c, w, p, what, outcome, o);
	} else {
		outcome_tell_sent(c, p, what, outcome, o);
	}
}

/* More than one namespace replied. */
static void tell_answered(const struct outcome_context *c, const struct way *w, struct outcome *o)
{
	char places[WAY_ORIGINS * 128] = "";
	size_t len = 0;

	outcome_tell(o, "answered", NULL, "%s", "");
	if (w->n_origins < 2)
		return;
	for (size_t i = 0; i < w->n_origins; i++) {
		char place[OUTCOME_PLACE];

		cause_place(c, w->origins[i].netns, w->origins[i].ifname, place, sizeof(place));
		len += (size_t)snprintf(places + len, sizeof(places) - len, "%s%.100s",
					i == 0                  ? ""
					: i + 1 == w->n_origins ? " and "
								: ", ",
					place);
		if (len >= sizeof(places))
			break;
	}
	outcome_tell(o, "answered", "duplicate_address",
		     "answered more than once: replies were made %s, so the address is there more "
		     "than once",
		     places);
}

void outcome_decide(const struct way *w, const struct outcome_context *c, struct outcome *o)
{
	*o = (struct outcome){0};
	if (w->answered && w->late)
		outcome_tell(o, "late", NULL,
			     "late: the reply came after %.3f s, more than the %.3g s of --timeout",
			     (double)w->rtt_ns / (double)NS_PER_S,
			     (double)c->timeout_ns / (double)NS_PER_S);
	else if (w->answered)
		tell_answered(c, w, o);
	else if (w->error.heard && !outcome_is_local(c, c->netns, w->error.family, w->error.from))
		tell_error(c, w, o);
	else
		tell_lost(c, w, o);
}
