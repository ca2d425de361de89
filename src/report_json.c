/* JSON: one object a line, written by jansson. The keys are described in docs/json.md. */
#include "report.h"
#include "chain_text.h"
#include "icmp_text.h"
#include "text.h"

#include <arpa/inet.h>
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

static json_t *address(int family, const uint8_t *a)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 4 ? AF_INET : AF_INET6, a, text, sizeof(text));
	return json_string(text);
}

static json_t *string_or_null(const char *s)
{
	return s ? string(s, strlen(s)) : json_null();
}

/* o with more keys, or NULL; part and, on failure, o are given back. */
static json_t *with(json_t *o, json_t *part)
{
	bool failed = !o || !part || json_object_update(o, part);

	json_decref(part);
	if (!failed)
		return o;
	json_decref(o);
	return NULL;
}

/* What a device has of its own. */
static json_t *device_part(const struct hop *h)
{
	return json_pack("{s:s, s:s}", "probe", h->probe, "dir", h->dir == EVENT_TX ? "tx" : "rx");
}

/* What a chain has of its own. */
static json_t *chain_part(const struct hop_chain *c)
{
	const char *name = chain_name(c), *family = chain_family(c);
	char hook[16], verdict[16];

	return json_pack("{s:s, s:s*, s:o, s:o, s:s, s:s}", "backend",
			 c->nftables ? "nftables" : "iptables", "table_family", family, "table",
			 string(c->table, strlen(c->table)), "chain", string(name, strlen(name)),
			 "hook", chain_hook(c, hook, sizeof(hook)), "verdict",
			 chain_verdict(c, verdict, sizeof(verdict)));
}

/* What a drop has of its own. */
static json_t *drop_part(const struct hop *h)
{
	const struct hop_drop *d = &h->drop;
	json_t *o = json_pack("{s:o, s:o}", "reason", string_or_null(d->reason_name), "location",
			      string_or_null(d->location_name));

	if (o && d->reason)
		o = with(o, json_pack("{s:I}", "reason_code", (json_int_t)d->reason));
	if (o && h->dir == EVENT_XMIT)
		o = with(o, json_pack("{s:i}", "error", d->error));
	return o;
}

static json_t *tunnel_object(const struct hop_tunnel *t)
{
	json_t *o, *name = string(t->ifname, strlen(t->ifname));

	if (t->family == 0)
		return json_pack("{s:o, s:n}", "ifname", name, "family");
	o = json_pack("{s:o, s:i, s:o, s:o, s:i}", "ifname", name, "family", t->family, "src",
		      address(t->family, t->saddr), "dst", address(t->family, t->daddr), "proto",
		      t->proto);
	if (t->proto == IPPROTO_UDP && t->port) /* later fragments have none */
		o = with(o, json_pack("{s:i}", "port", t->port));
	return o;
}

static json_t *error_part(const struct hop *h)
{
	const struct hop_error *e = &h->error;
	char buf[128];

	return json_pack("{s:i, s:i, s:I, s:s, s:s}", "icmp_type", e->type, "icmp_code", e->code,
			 "info", (json_int_t)e->info, "text",
			 icmp_error_text(h->family, e->type, e->code, e->info, buf, sizeof(buf)),
			 "about", e->about_reply ? "reply" : "request");
}

/* What any event has if there is something to tell. */
static json_t *with_optional(json_t *o, const struct report *r, const struct hop *h)
{
	if (h->ttl)
		o = with(o, json_pack("{s:i}", "ttl", h->ttl));
	if (h->in_tunnel)
		o = with(o, json_pack("{s:o}", "tunnel", tunnel_object(&h->tunnel)));
	if (h->is_fragment)
		o = with(o, json_pack("{s:I}", "fragment", (json_int_t)h->fragment_offset));
	if (h->type == EVENT_ERROR)
		o = with(o, error_part(h));
	if (r->show_gaps)
		o = with(o, json_pack("{s:I}", "gap_ns", (json_int_t)h->gap_ns));
	if (r->show_gaps && h->longest)
		o = with(o, json_pack("{s:b}", "longest", 1));
	if (h->extra)
		o = with(o, json_pack("{s:I}", "extra", (json_int_t)h->extra));
	return o;
}

/* What each event has. */
static json_t *common_part(const struct hop *h, const char *event)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:s, s:i, s:o, s:o}", "event",
			 event, "time_ns", (json_int_t)h->time_ns, "seq", (json_int_t)h->seq, "cpu",
			 (json_int_t)h->cpu, "netns", (json_int_t)h->netns, "netns_name",
			 string_or_null(h->netns_name), "ifname",
			 string(h->ifname, strlen(h->ifname)), "ifindex", (json_int_t)h->ifindex,
			 "type", hop_type(h), "family", h->family, "src",
			 address(h->family, h->saddr), "dst", address(h->family, h->daddr));
}

static int hop(const struct report *r, const struct hop *h)
{
	json_t *o;

	if (h->dir == EVENT_CHAIN)
		o = with(common_part(h, "netfilter"), chain_part(&h->chain));
	else if (hop_is_drop(h))
		o = with(common_part(h, "drop"), drop_part(h));
	else
		o = with(common_part(h, "device"), device_part(h));
	return write_line(r, with_optional(o, r, h));
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
