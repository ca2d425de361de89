/* The table: a row a hop, columns that line up, at the end what became of the pings. */
#include "report.h"
#include "chain_text.h"
#include "icmp_text.h"
#include "text.h"
#include "util.h"

#include <arpa/inet.h>
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

#define ADDRESSES_SIZE (2 * INET6_ADDRSTRLEN + 4)

/* A name made safe and padded to a number of columns, at the left as the numbers are. */
static void put_name(FILE *out, const char *name, size_t width)
{
	char safe[4 * 256 + 1];
	size_t columns = text_escape(safe, sizeof(safe), name, strnlen(name, 256), TEXT_NAME);

	fprintf(out, "%*s%s", (int)(columns < width ? width - columns : 0), "", safe);
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

/* "FROM -> TO" */
static void addresses_text(char *text, size_t size, int family, const uint8_t *saddr,
			   const uint8_t *daddr)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	family = family == 4 ? AF_INET : AF_INET6;
	inet_ntop(family, saddr, from, sizeof(from));
	inet_ntop(family, daddr, to, sizeof(to));
	snprintf(text, size, "%s -> %s", from, to);
}

/* As iptables names it, table.CHAIN:VERDICT in columns; else family table.chain:VERDICT. */
static size_t put_chain(FILE *out, const struct hop_chain *c)
{
	char table[4 * EVENT_TABLE_LEN + 1], name[4 * EVENT_CHAIN_LEN + 1], buf[16];
	const char *verdict = chain_verdict(c, buf, sizeof(buf)), *chain = chain_name(c);
	size_t columns = text_escape(table, sizeof(table), c->table, strlen(c->table), TEXT_NAME) +
			 text_escape(name, sizeof(name), chain, strlen(chain), TEXT_NAME) +
			 strlen(verdict);

	if (!chain_is_iptables(c)) {
		const char *family = chain_family(c);

		fprintf(out, " %s %s.%s:%s", family, table, name, verdict);
		return columns + strlen(family) + strlen("  .:");
	}
	/* these names are ASCII, so bytes are columns */
	fprintf(out, " %7s.%-12s:%s", table, name, verdict);
	columns += strlen(" .:");
	if (strlen(table) < 7)
		columns += 7 - strlen(table);
	if (strlen(name) < 12)
		columns += 12 - strlen(name);
	return columns;
}

/* The last column, as it is written. */
struct cell {
	FILE *out;
	size_t columns;
};

static void cell_name(struct cell *c, const char *name)
{
	char safe[4 * 256 + 1];

	c->columns += text_escape(safe, sizeof(safe), name, strnlen(name, 256), TEXT_NAME);
	fputs(safe, c->out);
}

/* Text of our own, which is ASCII. */
static void cell_text(struct cell *c, const char *text)
{
	fputs(text, c->out);
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
	char both[ADDRESSES_SIZE];

	if (t->family == 0) {
		cell_text(c, "encapsulated");
		return;
	}
	addresses_text(both, sizeof(both), t->family, t->saddr, t->daddr);
	cell_text(c, both);
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
static size_t put_last(const struct report *r, const struct hop *h)
{
	struct cell c = {.out = r->out};
	bool device = h->dir == EVENT_TX || h->dir == EVENT_RX;

	if (h->dir == EVENT_CHAIN)
		c.columns = put_chain(r->out, &h->chain);
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
		fputs(r->colour ? "\033[31m" : "", r->out);
		put_drop(&c, h);
		fputs(r->colour ? "\033[0m" : "", r->out);
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
static void put_common(const struct report *r, const struct hop *h)
{
	char inode[16], both[ADDRESSES_SIZE];

	snprintf(inode, sizeof(inode), "%" PRIu32, h->netns);
	fputc('[', r->out);
	put_name(r->out, h->netns_name ? h->netns_name : inode, NETNS_WIDTH);
	fputs("] ", r->out);
	put_name(r->out, h->ifname, IFNAME_WIDTH);
	fprintf(r->out, " %s%*s%s ", r->colour ? type_colour(h->type) : "", TYPE_WIDTH, hop_type(h),
		r->colour ? "\033[0m" : "");
	addresses_text(both, sizeof(both), h->family, h->saddr, h->daddr);
	fprintf(r->out, "%-*s %*" PRIu64, ADDRESSES_WIDTH, both, TIME_WIDTH, us(h->time_ns));
	if (r->show_gaps)
		fprintf(r->out, " %*" PRIu64 "%c", TIME_WIDTH, us(h->gap_ns),
			h->longest ? '<' : ' ');
}

static int hop(const struct report *r, const struct hop *h)
{
	size_t columns;

	put_common(r, h);
	columns = put_last(r, h);
	if (r->show_seq)
		fprintf(r->out, "%*s %" PRIu64,
			(int)(columns <= IPTABLES_WIDTH ? IPTABLES_WIDTH + 1 - columns : 0), "",
			h->seq);
	if (h->extra)
		fprintf(r->out, " extra=%" PRIu32, h->extra);
	fputc('\n', r->out);
	return finish(r->out);
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
