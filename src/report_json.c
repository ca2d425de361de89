/* JSON: one object a line, written by jansson. The keys are described in docs/json.md. */
#include "report.h"
#include "chain_text.h"
#include "text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A string of the kernel's as JSON has it: bytes that are no UTF-8 become \xNN, all else stays, for
 * the encoder writes ASCII only and escapes what a terminal could take for a command.
 */
static json_t *string(const char *s, size_t len)
{
	char valid[4 * 256 + 1];
	size_t out = 0;

	if (len > 256)
		len = 256;
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
	int failed;

	if (!object) {
		errno = ENOMEM;
		return -1;
	}
	failed = json_dumpf(object, r->out, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(object);
	fputc('\n', r->out);
	return fflush(r->out) || failed || ferror(r->out) ? -1 : 0;
}

static int begin(const struct report *r)
{
	(void)r;
	return 0;
}

static json_t *address(const struct hop *h, const uint8_t *a)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(h->family == 4 ? AF_INET : AF_INET6, a, text, sizeof(text));
	return json_string(text);
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

static int hop(const struct report *r, const struct hop *h)
{
	bool chain = h->dir == EVENT_CHAIN;
	json_t *name = h->netns_name ? string(h->netns_name, strlen(h->netns_name)) : json_null();
	json_t *o = json_pack(
		"{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:s, s:i, s:o, s:o}", "event",
		chain ? "netfilter" : "device", "time_ns", (json_int_t)h->time_ns, "seq",
		(json_int_t)h->seq, "cpu", (json_int_t)h->cpu, "netns", (json_int_t)h->netns,
		"netns_name", name, "ifname", string(h->ifname, strlen(h->ifname)), "ifindex",
		(json_int_t)h->ifindex, "type", h->type == EVENT_REQUEST ? "request" : "reply",
		"family", h->family, "src", address(h, h->saddr), "dst", address(h, h->daddr));
	json_t *part = chain ? chain_part(&h->chain) : device_part(h);
	bool failed = !o || !part || json_object_update(o, part);

	if (!failed && h->extra)
		failed = json_object_set_new(o, "extra", json_integer(h->extra));
	json_decref(part);
	if (failed) {
		json_decref(o);
		o = NULL;
	}
	return write_line(r, o);
}

static json_t *rtt(const struct summary *s, uint64_t ns)
{
	return s->received ? json_integer((json_int_t)ns) : json_null();
}

static int end(const struct report *r, const struct summary *s)
{
	uint64_t average = s->received ? s->rtt_sum_ns / s->received : 0;

	return write_line(r, json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:s, s:I}", "event",
				       "summary", "sent", (json_int_t)s->sent, "received",
				       (json_int_t)s->received, "duplicates",
				       (json_int_t)s->duplicates, "rtt_ns", rtt(s, average),
				       "rtt_min_ns", rtt(s, s->rtt_min_ns), "rtt_max_ns",
				       rtt(s, s->rtt_max_ns), "outcome", summary_outcome(s),
				       "lost_events", (json_int_t)s->lost_events));
}

const struct report_format report_json = {begin, hop, end};
