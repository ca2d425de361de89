/*
 * record_decode and journey: what the perf buffer hands over. The input is a list of steps, the
 * first byte of each says which: a whole record, an event made of eight bytes (so that few skbs,
 * devices and sequence numbers meet again and again), or something that the session does.
 */
#include "fuzz.h"
#include "journey.h"
#include "record.h"

#include <string.h>

#define RECORD_BYTES 100
#define EVENT_BYTES  8

static void check_hop(void *ctx, const struct hop *h)
{
	(void)ctx;
	REQUIRE(memchr(h->ifname, '\0', sizeof(h->ifname)));
	REQUIRE(h->type == EVENT_REQUEST || h->type == EVENT_REPLY);
	REQUIRE(h->dir == EVENT_TX || h->dir == EVENT_RX);
	REQUIRE(h->family == 4 || h->family == 6);
	REQUIRE(h->probe && h->seq > 0);
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
	struct event e;
	int found;

	if (record_decode(exact, (int)size, &e, &found) == 0)
		journey_event(j, &e);
	free(exact);
}

static void feed_event(struct journey *j, const uint8_t b[EVENT_BYTES], uint64_t time_ns)
{
	struct event e = {
		.time_ns = time_ns,
		.skb = b[0] % 6,
		.size = sizeof(e),
		.netns = b[1] % 3,
		.ifindex = b[2] % 5,
		.iif = b[3] % 5,
		.seq = b[4] % 4,
		.probe = b[5] % 10,
		.dir = (__u8)(EVENT_TX + b[6] % 3),
		.type = (__u8)(EVENT_REQUEST + b[7] % 2),
		.family = 4,
	};
	uint8_t record[RECORD_BYTES] = {0};

	memcpy(record, &e, sizeof(e));
	feed_record(j, record, sizeof(record));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journey *j = journey_new(check_hop, name_device, NULL);
	uint64_t sent = 1, now = 1000;

	REQUIRE(j);
	journey_sent(j, sent, now);
	while (size) {
		uint8_t step = *data++ % 16;
		size_t take = step == 0 ? RECORD_BYTES : step < 11 ? EVENT_BYTES : 0;

		size--;
		now += 10;
		if (take > size)
			take = size;
		if (step == 0)
			feed_record(j, data, take);
		else if (step < 11 && take == EVENT_BYTES)
			feed_event(j, data, now);
		else if (step == 11)
			journey_sent(j, ++sent, now);
		else if (step == 12)
			journey_sent(j, sent += 4093, now);
		else if (step == 13)
			journey_replied(j, (uint16_t)sent, now);
		else if (step == 14)
			journey_tick(j, UINT64_MAX);
		else
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
