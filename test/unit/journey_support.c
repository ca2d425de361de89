/* Feeds journeys. */
#include "journey_support.h"
#include "chain_text.h"
#include "support.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const char *netns_label(uint32_t netns)
{
	return netns == HOST ? "host" : netns == BOX ? "box" : netns == ROUTER ? "router" : "?";
}

static const char *dir_label(enum event_dir dir)
{
	static const char *const labels[] = {"?", "tx", "rx", "drop", "chain", "xmit"};

	return labels[dir];
}

static void __attribute__((format(printf, 2, 3))) put(struct log *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	l->len += (size_t)vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, ap);
	va_end(ap);
	ck_assert_uint_lt(l->len, sizeof(l->text));
}

static void write_hop(void *ctx, const struct hop *h)
{
	struct log *l = ctx;
	char buf[16];

	put(l, "%" PRIu64 " +%" PRIu64 " %s %s %s/%s.%u %s", h->seq, h->time_ns,
	    h->type == EVENT_REQUEST ? "request"
	    : h->type == EVENT_REPLY ? "reply"
				     : "error",
	    dir_label(h->dir), netns_label(h->netns), h->ifname, h->ifindex, h->probe);
	if (h->dir == EVENT_CHAIN)
		put(l, " %s.%s:%s", h->chain.table, chain_name(&h->chain),
		    chain_verdict(&h->chain, buf, sizeof(buf)));
	if (h->in_tunnel)
		put(l, " in %s", h->tunnel.ifname);
	if (h->is_fragment)
		put(l, " at %u", h->fragment_offset);
	put(l, "\n");
	l->before_last = l->last;
	l->last = *h;
}

static void name_device(void *ctx, uint32_t netns, uint32_t ifindex, char name[IF_NAMESIZE])
{
	struct log *l = ctx;

	l->names_asked++;
	snprintf(name, IF_NAMESIZE, "%s-if%u", netns_label(netns), ifindex);
}

static bool is_lost(void *ctx, const struct event *e)
{
	const struct log *l = ctx;

	(void)e;
	return l->losing;
}

/* Its number is the ping's, and 1000. */
static int close_ping(void *ctx, const struct way *w)
{
	struct log *l = ctx;

	l->way = *w;
	l->n_closed++;
	return (int)w->seq + 1000;
}

static void reopen_ping(void *ctx, int number)
{
	struct log *l = ctx;

	l->reopened = number;
}

void log_set_timeout(struct log *l, uint64_t ns)
{
	const struct journey_calls calls = {
		.is_lost = is_lost, .close = close_ping, .reopen = reopen_ping};

	journey_set_calls(l->journey, &calls, ns);
}

void log_open(struct log *l)
{
	memset(l, 0, sizeof(*l));
	l->journey = journey_new(write_hop, name_device, l);
	ck_assert_ptr_nonnull(l->journey);
	log_set_timeout(l, 0);
	journey_sent(l->journey, 1, SENT_NS);
}

void log_close(struct log *l)
{
	journey_free(l->journey);
	ck_assert_str_eq(l->text, ""); /* nothing comes unexpected, not even when all is freed */
}

static struct event event_of(__u16 wire_seq, const struct seen *s)
{
	struct event e = {
		.time_ns = SENT_NS + s->time,
		.skb = s->skb,
		.size = s->dir == EVENT_CHAIN ? sizeof(struct event_chain) : sizeof(e),
		.cpu = 1,
		.netns = s->netns,
		.ifindex = s->ifindex,
		.iif = s->iif,
		.seq = wire_seq,
		.probe = (__u8)s->probe,
		.dir = s->dir,
		.type = s->type,
		.family = 4,
		.saddr = {10, 0, 0, s->type},
		.daddr = {10, 0, 0, (__u8)(3 - s->type)},
	};

	memcpy(e.ifname, s->ifname, strnlen(s->ifname, sizeof(e.ifname)));
	return e;
}

void log_feed(struct log *l, __u16 wire_seq, const struct seen *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event e = event_of(wire_seq, &events[i]);

		journey_event(l->journey, &e);
	}
}

static void feed_chain(struct log *l, __u16 wire_seq, const struct feed_step *s)
{
	struct event_chain c = {
		.e = event_of(wire_seq, &s->at),
		.verdict = s->verdict,
		.hook = s->hook,
		.pf = s->pf,
		.table_family = s->pf,
	};

	memcpy(c.table, s->table, strnlen(s->table, sizeof(c.table)));
	memcpy(c.name, s->name, strnlen(s->name, sizeof(c.name)));
	journey_event(l->journey, &c.e);
}

void log_feed_steps(struct log *l, __u16 wire_seq, const struct feed_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].table)
			feed_chain(l, wire_seq, &steps[i]);
		else
			log_feed(l, wire_seq, &steps[i].at, 1);
}

void log_expect(struct log *l, const char *text)
{
	ck_assert_str_eq(l->text, text);
	l->text[0] = '\0';
	l->len = 0;
}
