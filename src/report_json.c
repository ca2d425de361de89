/*
 * JSON: one object a line; docs/json.md describes the keys. The summary is written by jansson. The
 * lines of hops are put together here, for its objects took four fifths of the time of a flood;
 * what has to be escaped it writes all the same.
 */
#include "report.h"
#include "chain_text.h"
#include "icmp_text.h"
#include "line.h"
#include "text.h"

#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STRING_MAX 2048 /* bytes; a sentence may have escaped names in it */
#define LINE_BYTES 4096 /* more than a line has, as a rule */

/*
 * A string of the kernel's as JSON has it: bytes that are no UTF-8 become \xNN, all else stays, for
 * the encoder writes ASCII only and escapes what a terminal could take for a command.
 */
static json_t *string(const char *s, size_t len)
{
	char valid[4 * STRING_MAX + 1];
	size_t out = 0;

	if (len > STRING_MAX)
		len = STRING_MAX;
	for (size_t i = 0; i < len;) {
		size_t n = text_utf8_length(s + i, len - i);

		if (n) {
			memcpy(valid + out, s + i, n);
			out += n;
			i += n;
		} else {
			out += (size_t)snprintf(valid + out, 5, "\\x%02x", (unsigned char)s[i]);
			i++;
		}
	}
	return json_stringn(valid, out);
}

static int write_line(const struct report *r, json_t *object)
{
	static const size_t flags = JSON_COMPACT | JSON_ENSURE_ASCII;
	char line[LINE_BYTES];
	size_t len;
	int failed = 0;

	if (!object) {
		errno = ENOMEM;
		return -1;
	}
	/* at once; json_dumpf() writes each brace and comma by itself */
	len = json_dumpb(object, line, sizeof(line), flags);
	if (len && len <= sizeof(line))
		fwrite(line, 1, len, r->out);
	else
		failed = json_dumpf(object, r->out, flags);
	json_decref(object);
	fputc('\n', r->out);
	return fflush(r->out) || failed || ferror(r->out) ? -1 : 0;
}

static int begin(const struct report *r)
{
	(void)r;
	return 0;
}

/* The line of a hop. */
struct writer {
	struct line line;
	char separator; /* in front of the next key */
	bool failed;    /* out of memory */
};

static void put_key(struct writer *w, const char *key)
{
	line_char(&w->line, w->separator);
	line_char(&w->line, '"');
	line_text(&w->line, key);
	line_text(&w->line, "\":");
	w->separator = ',';
}

static void put_number(struct writer *w, const char *key, int64_t n)
{
	put_key(w, key);
	if (n < 0)
		line_char(&w->line, '-');
	line_number(&w->line, n < 0 ? -(uint64_t)n : (uint64_t)n, 0);
}

/* What needs no escapes. */
static bool is_plain(const char *s)
{
	while (*s >= ' ' && *s <= '~' && *s != '"' && *s != '\\')
		s++;
	return !*s;
}

static void put_escaped(struct writer *w, const char *s)
{
	json_t *value = string(s, strlen(s));
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;

	if (text)
		line_text(&w->line, text);
	else
		w->failed = true;
	free(text);
	json_decref(value);
}

/* NULL becomes null. */
static void put_string(struct writer *w, const char *key, const char *s)
{
	put_key(w, key);
	if (!s) {
		line_text(&w->line, "null");
	} else if (is_plain(s)) {
		line_char(&w->line, '"');
		line_bytes(&w->line, s, strnlen(s, STRING_MAX));
		line_char(&w->line, '"');
	} else {
		put_escaped(w, s);
	}
}

static void put_address(struct writer *w, const char *key, int family, const uint8_t *a)
{
	put_key(w, key);
	line_char(&w->line, '"');
	line_address(&w->line, family, a);
	line_char(&w->line, '"');
}

/* What a device has of its own. */
static void put_device(struct writer *w, const struct hop *h)
{
	put_string(w, "probe", h->probe);
	put_string(w, "dir", h->dir == EVENT_TX ? "tx" : "rx");
}

/* What a chain has of its own. */
static void put_chain(struct writer *w, const struct hop_chain *c)
{
	char hook[16], verdict[16];

	put_string(w, "backend", c->nftables ? "nftables" : "iptables");
	if (chain_family(c))
		put_string(w, "table_family", chain_family(c));
	put_string(w, "table", c->table);
	put_string(w, "chain", chain_name(c));
	put_string(w, "hook", chain_hook(c, hook, sizeof(hook)));
	put_string(w, "verdict", chain_verdict(c, verdict, sizeof(verdict)));
}

/* What a drop has of its own. */
static void put_drop(struct writer *w, const struct hop *h)
{
	const struct hop_drop *d = &h->drop;

	put_string(w, "reason", d->reason_name);
	put_string(w, "location", d->location_name);
	if (d->reason)
		put_number(w, "reason_code", d->reason);
	if (h->dir == EVENT_XMIT)
		put_number(w, "error", d->error);
}

static void put_tunnel(struct writer *w, const struct hop_tunnel *t)
{
	put_key(w, "tunnel");
	w->separator = '{';
	put_string(w, "ifname", t->ifname);
	if (t->family) {
		put_number(w, "family", t->family);
		put_address(w, "src", t->family, t->saddr);
		put_address(w, "dst", t->family, t->daddr);
		put_number(w, "proto", t->proto);
		if (t->proto == IPPROTO_UDP && t->port) /* later fragments have none */
			put_number(w, "port", t->port);
	} else {
		put_string(w, "family", NULL);
	}
	line_char(&w->line, '}');
}

static void put_error(struct writer *w, const struct hop *h)
{
	const struct hop_error *e = &h->error;
	char buf[128];

	put_number(w, "icmp_type", e->type);
	put_number(w, "icmp_code", e->code);
	put_number(w, "info", e->info);
	put_string(w, "text",
		   icmp_error_text(h->family, e->type, e->code, e->info, buf, sizeof(buf)));
	put_string(w, "about", e->about_reply ? "reply" : "request");
}

/* What any event has if there is something to tell. */
static void put_optional(struct writer *w, const struct report *r, const struct hop *h)
{
	if (h->ttl)
		put_number(w, "ttl", h->ttl);
	if (h->in_tunnel)
		put_tunnel(w, &h->tunnel);
	if (h->is_fragment)
		put_number(w, "fragment", h->fragment_offset);
	if (h->type == EVENT_ERROR)
		put_error(w, h);
	if (r->show_gaps)
		put_number(w, "gap_ns", (int64_t)h->gap_ns);
	if (r->show_gaps && h->longest) {
		put_key(w, "longest");
		line_text(&w->line, "true");
	}
	if (h->extra)
		put_number(w, "extra", h->extra);
}

/* What each event has. */
static void put_common(struct writer *w, const struct hop *h, const char *event)
{
	put_string(w, "event", event);
	put_number(w, "time_ns", (int64_t)h->time_ns);
	put_number(w, "seq", (int64_t)h->seq);
	put_number(w, "cpu", h->cpu);
	put_number(w, "netns", h->netns);
	put_string(w, "netns_name", h->netns_name);
	put_string(w, "ifname", h->ifname);
	put_number(w, "ifindex", h->ifindex);
	put_string(w, "type", hop_type(h));
	put_number(w, "family", h->family);
	put_address(w, "src", h->family, h->saddr);
	put_address(w, "dst", h->family, h->daddr);
}

static int hop(const struct report *r, const struct hop *h)
{
	struct writer w;

	w.separator = '{';
	w.failed = false;
	line_begin(&w.line, r->out);
	if (h->dir == EVENT_CHAIN) {
		put_common(&w, h, "netfilter");
		put_chain(&w, &h->chain);
	} else if (hop_is_drop(h)) {
		put_common(&w, h, "drop");
		put_drop(&w, h);
	} else {
		put_common(&w, h, "device");
		put_device(&w, h);
	}
	put_optional(&w, r, h);
	line_text(&w.line, "}\n");
	if (!w.failed)
		return line_end(&w.line);
	errno = ENOMEM;
	return -1;
}

static json_t *outcome_object(const struct outcome_line *line)
{
	return json_pack("{s:s, s:s?, s:o, s:I, s:I}", "outcome", line->outcome, "cause",
			 line->cause, "text", string(line->text, strlen(line->text)), "pings",
			 (json_int_t)line->pings, "first_seq", (json_int_t)line->first_seq);
}

static json_t *outcomes(const struct summary *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_lines; i++) {
		if (json_array_append_new(list, outcome_object(&s->lines[i])) == 0)
			continue;
		json_decref(list);
		return NULL;
	}
	return list;
}

static json_t *rtt(const struct summary *s, uint64_t ns)
{
	return s->received ? json_integer((json_int_t)ns) : json_null();
}

static int end(const struct report *r, const struct summary *s)
{
	uint64_t average = s->received ? s->rtt_sum_ns / s->received : 0;

	return write_line(
		r, json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:s, s:o, s:I}", "event",
			     "summary", "sent", (json_int_t)s->sent, "received",
			     (json_int_t)s->received, "duplicates", (json_int_t)s->duplicates,
			     "rtt_ns", rtt(s, average), "rtt_min_ns", rtt(s, s->rtt_min_ns),
			     "rtt_max_ns", rtt(s, s->rtt_max_ns), "outcome", summary_outcome(s),
			     "outcomes", outcomes(s), "lost_events", (json_int_t)s->lost_events));
}

const struct report_format report_json = {begin, hop, end};
