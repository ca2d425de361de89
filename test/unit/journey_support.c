/* Feeds journeys. */
#include "journey_support.h"
#include "support.h"

#include <inttypes.h>
#include <string.h>

static const char *netns_label(uint32_t netns)
{
	return netns == HOST ? "host" : netns == BOX ? "box" : netns == ROUTER ? "router" : "?";
}

static void write_hop(void *ctx, const struct hop *h)
{
	struct log *l = ctx;

	l->len += (size_t)snprintf(l->text + l->len, sizeof(l->text) - l->len,
				   "%" PRIu64 " +%" PRIu64 " %s %s %s/%s.%u %s\n", h->seq,
				   h->time_ns, h->type == EVENT_REQUEST ? "request" : "reply",
				   h->dir == EVENT_TX   ? "tx"
				   : h->dir == EVENT_RX ? "rx"
							: "?",
				   netns_label(h->netns), h->ifname, h->ifindex, h->probe);
	ck_assert_uint_lt(l->len, sizeof(l->text));
	l->before_last = l->last;
	l->last = *h;
}

static void name_device(void *ctx, uint32_t netns, uint32_t ifindex, char name[IF_NAMESIZE])
{
	struct log *l = ctx;

	l->names_asked++;
	snprintf(name, IF_NAMESIZE, "%s-if%u", netns_label(netns), ifindex);
}

void log_open(struct log *l)
{
	memset(l, 0, sizeof(*l));
	l->journey = journey_new(write_hop, name_device, l);
	ck_assert_ptr_nonnull(l->journey);
	ck_assert_int_eq(journey_sent(l->journey, 1, SENT_NS), 0);
}

void log_close(struct log *l)
{
	journey_free(l->journey);
	ck_assert_str_eq(l->text, ""); /* nothing comes unexpected, not even when all is freed */
}

void log_feed(struct log *l, __u16 wire_seq, const struct seen *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct seen *s = &events[i];
		struct event e = {
			.time_ns = SENT_NS + s->time,
			.skb = s->skb,
			.size = sizeof(e),
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
		journey_event(l->journey, &e);
	}
}

void log_expect(struct log *l, const char *text)
{
	ck_assert_str_eq(l->text, text);
	l->text[0] = '\0';
	l->len = 0;
}
