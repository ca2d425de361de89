/* The table: a row a hop, columns that line up, at the end what became of the pings. */
#include "report.h"
#include "chain_text.h"
#include "icmp_text.h"
#include "line.h"
#include "text.h"
#include "util.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NETNS_WIDTH     12
#define IFNAME_WIDTH    16
#define TYPE_WIDTH      7
#define ADDRESSES_WIDTH 34
#define TIME_WIDTH      8
#define IPTABLES_WIDTH  28
#define TABLE_WIDTH     7
#define CHAIN_WIDTH     12

/* A name made safe and padded to a number of columns, at the left as the numbers are. */
static void put_name(struct line *l, const char *name, size_t width)
{
	char safe[4 * 256 + 1];
	size_t columns = text_escape(safe, sizeof(safe), name, strnlen(name, 256), TEXT_NAME);

	line_blanks(l, columns < width ? width - columns : 0);
	line_text(l, safe);
}

static int finish(FILE *out)
{
	return fflush(out) || ferror(out) ? -1 : 0;
}

static int begin(const struct report *r)
{
	const char *bold = r->colour ? "\033[1m" : "", *plain = r->colour ? "\033[0m" : "";

	fprintf(r->out, "%s%*s %*s %*s %-*s %*s", bold, NETNS_WIDTH + 2, "NETWORK NS", IFNAME_WIDTH,
		"INTERFACE", TYPE_WIDTH, "TYPE", ADDRESSES_WIDTH, "ADDRESSES", TIME_WIDTH,
		"TIME/us");
	if (r->show_gaps)
		fprintf(r->out, " %*s ", TIME_WIDTH, "GAP/us");
	fprintf(r->out, " IPTABLES%s%s\n", r->show_seq ? "                     SEQ" : "", plain);
	return finish(r->out);
}

/* "FROM -> TO"; returns how many columns it took. */
static size_t put_addresses(struct line *l, int family, const uint8_t *saddr, const uint8_t *daddr)
{
	size_t columns = line_address(l, family, saddr) + strlen(" -> ");

	line_text(l, " -> ");
	return columns + line_address(l, family, daddr);
}

/* The last column, as it is written. */
struct cell {
	struct line *line;
	size_t columns;
};

static void cell_blanks(struct cell *c, size_t n)
{
	line_blanks(c->line, n);
	c->columns += n;
}

/* A name with blanks up to that width before it, or behind it. */
static void cell_aligned(struct cell *c, const char *name, size_t before, size_t behind)
{
	char safe[4 * 256 + 1];
	size_t columns = text_escape(safe, sizeof(safe), name, strnlen(name, 256), TEXT_NAME);

	c->columns += columns;
	cell_blanks(c, columns < before ? before - columns : 0);
	line_text(c->line, safe);
	cell_blanks(c, columns < behind ? behind - columns : 0);
}

static void cell_name(struct cell *c, const char *name)
{
	cell_aligned(c, name, 0, 0);
}

/* Text of our own, which is ASCII. */
static void cell_text(struct cell *c, const char *text)
{
	line_text(c->line, text);
	c->columns += strlen(text);
}

static void cell_number(struct cell *c, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, n);
	cell_text(c, digits);
}

static void cell_next(struct cell *c)
{
	cell_text(c, c->columns ? ", " : " ");
}

/* As iptables names it, table.CHAIN:VERDICT in columns; else family table.chain:VERDICT. */
static void put_chain(struct cell *cell, const struct hop_chain *c)
{
	bool aligned = chain_is_iptables(c);
	char buf[16];

	cell_text(cell, " ");
	if (!aligned) {
		cell_text(cell, chain_family(c));
		cell_text(cell, " ");
	}
	cell_aligned(cell, c->table, aligned ? TABLE_WIDTH : 0, 0);
	cell_text(cell, ".");
	cell_aligned(cell, chain_name(c), 0, aligned ? CHAIN_WIDTH : 0);
	cell_text(cell, ":");
	cell_text(cell, chain_verdict(c, buf, sizeof(buf)));
}

/* "udp 4789", "gre", "proto 99" */
static void put_protocol(struct cell *c, const struct hop_tunnel *t)
{
	static const char *const names[] = {
		[IPPROTO_ICMP] = "icmp",   [IPPROTO_IPIP] = "ipip", [IPPROTO_TCP] = "tcp",
		[IPPROTO_UDP] = "udp",     [IPPROTO_IPV6] = "ipv6", [IPPROTO_GRE] = "gre",
		[IPPROTO_ESP] = "esp",     [IPPROTO_AH] = "ah",     [IPPROTO_ICMPV6] = "icmpv6",
		[IPPROTO_COMP] = "ipcomp",
	};
	const char *name = t->proto < ARRAY_SIZE(names) ? names[t->proto] : NULL;

	cell_text(c, name ? name : "proto");
	if (name && (t->proto != IPPROTO_UDP || !t->port)) /* later fragments have no port */
		return;
	cell_text(c, " ");
	cell_number(c, name ? t->port : t->proto);
}

/* The outer header. */
static void put_outer(struct cell *c, const struct hop_tunnel *t)
{
	if (t->family == 0) {
		cell_text(c, "encapsulated");
		return;
	}
	c->columns += put_addresses(c->line, t->family, t->saddr, t->daddr);
	cell_text(c, " ");
	put_protocol(c, t);
}

/* Behind a chain in parentheses, else with the devices: "vxlan0 > eth0: " and the outer header. */
static void put_tunnel(struct cell *c, const struct hop *h)
{
	const char *tunnel = h->tunnel.ifname;

	if (h->dir == EVENT_CHAIN) {
		cell_text(c, "  (");
		put_outer(c, &h->tunnel);
		cell_text(c, ")");
		return;
	}
	cell_next(c);
	cell_name(c, tunnel);
	if (*tunnel && *h->ifname)
		cell_text(c, " > ");
	cell_name(c, h->ifname);
	if (*tunnel || *h->ifname)
		cell_text(c, ": ");
	put_outer(c, &h->tunnel);
}

static void put_error(struct cell *c, const struct hop *h)
{
	const struct hop_error *e = &h->error;
	char buf[128];

	cell_next(c);
	cell_text(c, icmp_error_text(h->family, e->type, e->code, e->info, buf, sizeof(buf)));
}

/* "dropped: REASON at LOCATION", or what the driver said. */
static void put_drop(struct cell *c, const struct hop *h)
{
	const char *reason = h->drop.reason_name, *location = h->drop.location_name;

	cell_text(c, "dropped");
	if (h->dir == EVENT_XMIT) {
		cell_text(c, ": the driver returned ");
		cell_number(c, h->drop.error);
		return;
	}
	if (reason || location)
		cell_text(c, ":");
	if (reason) {
		cell_text(c, " ");
		cell_name(c, reason);
	}
	if (location) {
		cell_text(c, " at ");
		cell_name(c, location);
	}
}

/* The last column; returns how many it took. */
static size_t put_last(struct line *l, const struct report *r, const struct hop *h)
{
	struct cell c = {.line = l};
	bool device = h->dir == EVENT_TX || h->dir == EVENT_RX;

	if (h->dir == EVENT_CHAIN)
		put_chain(&c, &h->chain);
	if (h->in_tunnel)
		put_tunnel(&c, h);
	if (h->is_fragment) {
		cell_next(&c);
		cell_text(&c, "fragment at ");
		cell_number(&c, h->fragment_offset);
	}
	if (h->type == EVENT_ERROR && device)
		put_error(&c, h);
	if (hop_is_drop(h)) {
		cell_next(&c);
		line_text(l, r->colour ? "\033[31m" : "");
		put_drop(&c, h);
		line_text(l, r->colour ? "\033[0m" : "");
	}
	return c.columns;
}

static const char *type_colour(enum event_type type)
{
	switch (type) {
	case EVENT_REQUEST:
		return "\033[36m";
	case EVENT_REPLY:
		return "\033[32m";
	default:
		return "\033[31m";
	}
}

static uint64_t us(uint64_t ns)
{
	return ns / NS_PER_US;
}

/* The columns that all rows fill in the same way. */
static void put_common(struct line *l, const struct report *r, const struct hop *h)
{
	const char *type = hop_type(h);
	size_t columns;

	line_char(l, '[');
	if (h->netns_name)
		put_name(l, h->netns_name, NETNS_WIDTH);
	else
		line_number(l, h->netns, NETNS_WIDTH);
	line_text(l, "] ");
	put_name(l, h->ifname, IFNAME_WIDTH);
	line_char(l, ' ');
	line_text(l, r->colour ? type_colour(h->type) : "");
	line_blanks(l, TYPE_WIDTH - strlen(type));
	line_text(l, type);
	line_text(l, r->colour ? "\033[0m " : " ");
	columns = put_addresses(l, h->family, h->saddr, h->daddr);
	line_blanks(l, columns < ADDRESSES_WIDTH ? ADDRESSES_WIDTH - columns : 0);
	line_char(l, ' ');
	line_number(l, us(h->time_ns), TIME_WIDTH);
	if (!r->show_gaps)
		return;
	line_char(l, ' ');
	line_number(l, us(h->gap_ns), TIME_WIDTH);
	line_char(l, h->longest ? '<' : ' ');
}

static int hop(const struct report *r, const struct hop *h)
{
	struct line l;
	size_t columns;

	line_begin(&l, r->out);
	put_common(&l, r, h);
	columns = put_last(&l, r, h);
	if (r->show_seq) {
		line_blanks(&l, columns <= IPTABLES_WIDTH ? IPTABLES_WIDTH + 1 - columns : 0);
		line_char(&l, ' ');
		line_number(&l, h->seq, 0);
	}
	if (h->extra) {
		line_text(&l, " extra=");
		line_number(&l, h->extra, 0);
	}
	line_char(&l, '\n');
	return line_end(&l);
}

static double ms(uint64_t ns)
{
	return (double)ns / (double)NS_PER_MS;
}

/* Of how many pings it is true is said where that is not all of them. */
static void put_outcome(const struct report *r, const struct summary *s,
			const struct outcome_line *line)
{
	fprintf(r->out, "%s%s", r->colour ? "\033[1m" : "", line->text);
	if (s->sent > 1 && line->pings && line->pings != s->sent)
		fprintf(r->out, " (%" PRIu64 " of %" PRIu64 " pings, first %" PRIu64 ")",
			line->pings, s->sent, line->first_seq);
	fprintf(r->out, "%s\n", r->colour ? "\033[0m" : "");
}

static int end(const struct report *r, const struct summary *s)
{
	if (s->received == 0)
		fprintf(r->out, "%" PRIu64 " ping%s sent, no reply", s->sent,
			s->sent == 1 ? "" : "s");
	else
		fprintf(r->out,
			"%" PRIu64 " of %" PRIu64 " pings answered, rtt min/avg/max = "
			"%.3f/%.3f/%.3f ms",
			s->received, s->sent, ms(s->rtt_min_ns), ms(s->rtt_sum_ns / s->received),
			ms(s->rtt_max_ns));
	if (s->duplicates)
		fprintf(r->out, ", %" PRIu64 " duplicate%s", s->duplicates,
			s->duplicates == 1 ? "" : "s");
	if (s->lost_events)
		fprintf(r->out, ", %" PRIu64 " event%s lost", s->lost_events,
			s->lost_events == 1 ? "" : "s");
	fputc('\n', r->out);
	for (size_t i = 0; i < s->n_lines; i++)
		put_outcome(r, s, &s->lines[i]);
	return finish(r->out);
}

const struct report_format report_table = {begin, hop, end};
