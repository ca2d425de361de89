/* The table: a row a hop, columns that line up, one sentence at the end. */
#include "report.h"
#include "chain_text.h"
#include "text.h"
#include "util.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NETNS_WIDTH     12
#define IFNAME_WIDTH    16
#define TYPE_WIDTH      7
#define ADDRESSES_WIDTH 34
#define IPTABLES_WIDTH  28

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

	fprintf(r->out, "%s%*s %*s %*s %-*s %s%s%s\n", bold, NETNS_WIDTH + 2, "NETWORK NS",
		IFNAME_WIDTH, "INTERFACE", TYPE_WIDTH, "TYPE", ADDRESSES_WIDTH, "ADDRESSES",
		"IPTABLES", r->show_seq ? "                     SEQ" : "", plain);
	return finish(r->out);
}

static void put_addresses(const struct report *r, const struct hop *h, bool padded)
{
	int family = h->family == 4 ? AF_INET : AF_INET6;
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], both[2 * INET6_ADDRSTRLEN + 4];

	inet_ntop(family, h->saddr, from, sizeof(from));
	inet_ntop(family, h->daddr, to, sizeof(to));
	snprintf(both, sizeof(both), "%s -> %s", from, to);
	fprintf(r->out, "%-*s", padded ? ADDRESSES_WIDTH : 0, both);
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

static int hop(const struct report *r, const struct hop *h)
{
	const char *type = h->type == EVENT_REQUEST ? "request" : "reply";
	const char *colour = h->type == EVENT_REQUEST ? "\033[36m" : "\033[32m";
	size_t columns = 0;
	char inode[16];

	snprintf(inode, sizeof(inode), "%" PRIu32, h->netns);
	fputc('[', r->out);
	put_name(r->out, h->netns_name ? h->netns_name : inode, NETNS_WIDTH);
	fputs("] ", r->out);
	put_name(r->out, h->ifname, IFNAME_WIDTH);
	fprintf(r->out, " %s%*s%s ", r->colour ? colour : "", TYPE_WIDTH, type,
		r->colour ? "\033[0m" : "");
	put_addresses(r, h, r->show_seq || h->extra || h->dir == EVENT_CHAIN);
	if (h->dir == EVENT_CHAIN)
		columns = put_chain(r->out, &h->chain);
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
	return finish(r->out);
}

const struct report_format report_table = {begin, hop, end};
