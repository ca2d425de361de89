/*
 * record_decode and journey: what the perf buffer hands over. The input is a list of steps, the
 * first byte of each says which: a whole record of either kind, an event made of eight bytes (so
 * that few skbs, devices and sequence numbers meet again and again), or something that the session
 * does.
 */
#include "chain_text.h"
#include "fuzz.h"
#include "journey.h"
#include "record.h"

#include <string.h>

#define DEVICE_BYTES 124
#define CHAIN_BYTES  644
#define EVENT_BYTES  8

static void check_chain(const struct hop_chain *c)
{
	char hook[16], verdict[16];
	const char *s;

	REQUIRE(memchr(c->table, '\0', sizeof(c->table)));
	REQUIRE(memchr(c->name, '\0', sizeof(c->name)));
	s = chain_hook(c, hook, sizeof(hook));
	REQUIRE(s && *s && strlen(s) < sizeof(hook));
	s = chain_verdict(c, verdict, sizeof(verdict));
	REQUIRE(s && *s && strlen(s) < sizeof(verdict));
	REQUIRE(chain_name(c));
	REQUIRE(c->nftables ? *chain_family(c) : chain_is_iptables(c));
}

static void check_hop(void *ctx, const struct hop *h)
{
	(void)ctx;
	REQUIRE(memchr(h->ifname, '\0', sizeof(h->ifname)));
	REQUIRE(h->type >= EVENT_REQUEST && h->type < EVENT_TYPES);
	REQUIRE(h->dir >= EVENT_TX && h->dir <= EVENT_XMIT);
	REQUIRE(memchr(h->tunnel.ifname, '\0', sizeof(h->tunnel.ifname)));
	REQUIRE(h->family == 4 || h->family == 6);
	REQUIRE(h->probe && h->seq > 0);
	if (h->dir == EVENT_CHAIN)
		check_chain(&h->chain);
	else
		REQUIRE(!h->chain.nftables && !h->chain.table[0] && !h->chain.name[0]);
}

/* The facts of a ping that is over hold together. */
static int check_way(void *ctx, const struct way *w)
{
	(void)ctx;
	REQUIRE(w->seq > 0 && w->n_origins <= WAY_ORIGINS);
	for (int type = 0; type < EVENT_TYPES; type++) {
		const struct passage *p = &w->passages[type];

		REQUIRE(p->n_drops <= WAY_DROPS);
		REQUIRE(!p->first.dir == !p->last.dir);
		REQUIRE(p->first.time_ns <= p->last.time_ns);
		for (size_t i = 1; i < p->n_drops; i++)
			REQUIRE(p->drops[i - 1].time_ns <= p->drops[i].time_ns);
		REQUIRE(!p->chain_at.dir || way_is_stopped(p->chain.verdict));
	}
	return (int)(w->seq % 1000);
}

static void reopen(void *ctx, int number)
{
	(void)ctx;
	REQUIRE(number >= 0 && number < 1000);
}

static void name_device(void *ctx, uint32_t netns, uint32_t ifindex, char name[IF_NAMESIZE])
{
	(void)ctx;
	(void)netns;
	snprintf(name, IF_NAMESIZE, "if%u", ifindex);
}

static void feed_record(struct journey *j, const uint8_t *bytes, size_t size)
{
	uint8_t *exact = fuzz_bytes(bytes, size);
	union record r;
	int found;

	if (record_decode(exact, (int)size, &r, &found) == 0) {
		size_t event_size = record_size(&r.e);
		uint8_t *event = fuzz_bytes((const uint8_t *)&r, event_size);

		REQUIRE(event_size == r.e.size && event_size + 4 == size);
		journey_event(j, (const struct event *)event);
		free(event);
	}
	free(exact);
}

static void feed_event(struct journey *j, const uint8_t b[EVENT_BYTES], uint64_t time_ns,
		       bool chain)
{
	static const __u8 dirs[] = {EVENT_TX, EVENT_RX, EVENT_END, EVENT_XMIT};
	struct event e = {
		.time_ns = time_ns,
		.skb = b[0] % 6,
		.size = chain ? sizeof(struct event_chain) : sizeof(e),
		.netns = b[1] % 3,
		.ifindex = b[2] % 5,
		.iif = b[3] % 5,
		.seq = b[4] % 4,
		.probe = chain ? (__u8)(PROBE_ipt_do_table + b[5] % 3) : b[5] % 13,
		.dir = chain ? EVENT_CHAIN : dirs[b[6] % sizeof(dirs)],
		.type = (__u8)(EVENT_REQUEST + b[7] % 3),
		.family = 4,
		.flags = b[6] / 4 % 8,
		.ttl = b[7],
	};
	struct event_chain c = {.e = e};
	uint8_t record[CHAIN_BYTES] = {0};

	if (chain) {
		c.hook = b[6] % 8;
		c.pf = b[6] / 8 % 12;
		c.table_family = b[7] / 2 % 12;
		c.verdict = b[3] / 5; /* up to 51, and 6 is known no more */
		snprintf(c.table, sizeof(c.table), "filter");
		snprintf(c.name, sizeof(c.name), "INPUT");
	}
	memcpy(record, &c, sizeof(c));
	feed_record(j, record, chain ? CHAIN_BYTES : DEVICE_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journey *j = journey_new(check_hop, name_device, NULL);
	const struct journey_calls calls = {.close = check_way, .reopen = reopen};
	uint64_t sent = 1, now = 1000;

	REQUIRE(j);
	journey_set_calls(j, &calls, 200);
	journey_sent(j, sent, now);
	while (size) {
		uint8_t step = *data++ % 16;
		size_t take = step == 0    ? DEVICE_BYTES
			      : step < 11  ? EVENT_BYTES
			      : step == 15 ? CHAIN_BYTES
					   : 0;

		size--;
		now += 10;
		if (take > size)
			take = size;
		if (step == 0 || step == 15)
			feed_record(j, data, take);
		else if (step < 11 && take == EVENT_BYTES)
			feed_event(j, data, now, step > 7);
		else if (step == 11)
			journey_sent(j, ++sent, now);
		else if (step == 12)
			journey_sent(j, sent += 4093, now);
		else if (step == 13)
			journey_replied(j, (uint16_t)sent, now);
		else if (step == 14)
			journey_tick(j, size % 2 ? now : UINT64_MAX);
		journey_is_settled(j, sent);
		data += take;
		size -= take;
	}
	REQUIRE(journey_summary(j)->received <= journey_summary(j)->sent);
	if (now % 20)
		journey_finish(j);
	journey_free(j);
	return 0;
}
