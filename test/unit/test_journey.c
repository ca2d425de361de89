/* journey: events become hops. Here the plain cases, and what is ignored. */
#include "journey_support.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static struct log log_;

static void set_up(void)
{
	log_open(&log_);
}

static void tear_down(void)
{
	log_close(&log_);
}

/* The bridge example of DESIGN.md: br0, v0, eth0 and back. */
static const struct seen bridge[] = {
	{10, 0xa, QUEUE, TX, HOST, 3, "br0", 0},
	{20, 0xa, QUEUE, TX, HOST, 4, "v0", 0},
	{30, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
	{40, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
	{50, 0xb, NETIF, RX_BACK, HOST, 4, "v0", 0},
	{60, 0xa, FREED, END, BOX, 2, "eth0", 2},
	{70, 0xb, ENTRY, RX_BACK, HOST, 3, "br0", 4},
	{80, 0xb, DROPPED, END_BACK, HOST, 3, "br0", 4},
};

static const char bridge_hops[] = "1 +10 request tx host/br0.3 net_dev_queue\n"
				  "1 +20 request tx host/v0.4 net_dev_queue\n"
				  "1 +30 request rx box/eth0.2 netif_rx\n"
				  "1 +40 reply tx box/eth0.2 net_dev_queue\n"
				  "1 +50 reply rx host/v0.4 netif_rx\n"
				  "1 +70 reply rx host/br0.3 netif_receive_skb_entry\n";

START_TEST(test_bridge)
{
	FEED(&log_, bridge);
	log_expect(&log_, bridge_hops);
	ck_assert_uint_eq(log_.names_asked, 0);
}
END_TEST

START_TEST(test_fields)
{
	struct event e = {
		.time_ns = SENT_NS + 77,
		.skb = 1,
		.size = sizeof(e),
		.cpu = 5,
		.netns = BOX,
		.ifindex = 0xfffffffe,
		.extra = 0xdeadbeef,
		.seq = 1,
		.probe = PROBE_napi_gro_receive_entry,
		.dir = EVENT_RX,
		.type = EVENT_REQUEST,
		.family = 6,
		.saddr = {0xfe, 0x80, [15] = 1},
		.daddr = {0xfe, 0x80, [15] = 2},
		.ifname = "0123456789abcde",
	};

	e.ifname[15] = 'f'; /* lacks the NUL */
	journey_event(log_.journey, &e);
	log_expect(&log_, "1 +77 request rx box/0123456789abcde.4294967294 "
			  "napi_gro_receive_entry\n");
	ck_assert_uint_eq(log_.last.cpu, 5);
	ck_assert_uint_eq(log_.last.extra, 0xdeadbeef);
	ck_assert_int_eq(log_.last.family, 6);
	ck_assert_mem_eq(log_.last.saddr, e.saddr, sizeof(e.saddr));
	ck_assert_mem_eq(log_.last.daddr, e.daddr, sizeof(e.daddr));
	ck_assert_ptr_null(log_.last.netns_name);
}
END_TEST

START_TEST(test_unknown_probe)
{
	static const struct seen events[] = {{10, 0xa, 99, TX, HOST, 3, "br0", 0}};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request tx host/br0.3 ?\n");
}
END_TEST

/* The clocks of two CPUs may differ by a little: no time before the ping. */
START_TEST(test_before_sent)
{
	static const struct seen events[] = {{(uint64_t)-5, 0xa, QUEUE, TX, HOST, 3, "br0", 0}};

	FEED(&log_, events);
	log_expect(&log_, "1 +0 request tx host/br0.3 net_dev_queue\n");
}
END_TEST

static const __u16 unknown[] = {0, 2, 4097, 8193, 65535};

START_TEST(test_unknown_seq)
{
	log_feed(&log_, unknown[_i], bridge, (size_t)N_OF(bridge));
	log_expect(&log_, "");
	ck_assert(!journey_replied(log_.journey, unknown[_i], SENT_NS + 100));
	ck_assert_uint_eq(journey_summary(log_.journey)->received, 0);
}
END_TEST

/* A clone that was never seen on a device ends: no hop. */
START_TEST(test_end_of_unknown_skb)
{
	static const struct seen events[] = {
		{10, 0xa, QUEUE, TX, HOST, 3, "br0", 0},
		{20, 0xc, FREED, END, HOST, 9, "mv0", 9},
		{30, 0xc, DROPPED, END_BACK, HOST, 9, "mv0", 0},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request tx host/br0.3 net_dev_queue\n");
}
END_TEST

/* The device of an skb that was sent for good tells nothing new. */
START_TEST(test_end_after_tx)
{
	static const struct seen events[] = {
		{10, 0xa, QUEUE, TX, HOST, 3, "br0", 0},
		{20, 0xa, FREED, END, HOST, 9, "eth9", 9},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request tx host/br0.3 net_dev_queue\n");
}
END_TEST

/* The address of a freed skb is used again for the reply: nothing of the first is left. */
START_TEST(test_reused_skb)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{20, 0xa, FREED, END, BOX, 2, "eth0", 2},
		{30, 0xa, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
		{40, 0xa, NETIF, RX_BACK, HOST, 4, "v0", 0},
		{50, 0xa, FREED, END_BACK, HOST, 4, "v0", 4},
		{60, 0xa, FREED, END_BACK, HOST, 9, "mv0", 9},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +30 reply tx box/eth0.2 net_dev_queue\n"
			  "1 +40 reply rx host/v0.4 netif_rx\n");
}
END_TEST

/* A bridge floods: three copies of the request, each shown. */
START_TEST(test_many_carriers)
{
	struct seen events[20];
	char expected[1024] = "";
	size_t len = 0;

	for (unsigned int i = 0; i < 20; i++) {
		events[i] = (struct seen){i, 0x100 + i, QUEUE, TX, HOST, i + 1, "port", 0};
		len += (size_t)snprintf(expected + len, sizeof(expected) - len,
					"1 +%u request tx host/port.%u net_dev_queue\n", i, i + 1);
	}
	FEED(&log_, events);
	log_expect(&log_, expected);
}
END_TEST

START_TEST(test_two_pings_do_not_mix)
{
	static const struct seen one[] = {{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0}};
	static const struct seen two[] = {
		{1000, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{1010, 0xa, FREED, END, BOX, 7, "mv0", 7},
	};

	journey_sent(log_.journey, 2, SENT_NS + 900);
	log_feed(&log_, 1, one, 1);
	log_feed(&log_, 2, two, 2);
	log_feed(&log_, 1, one, 1);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "2 +100 request rx box/eth0.2 netif_rx\n"
			  "2 +100 request rx box/mv0.7 consume_skb\n"
			  "1 +10 request rx box/eth0.2 netif_rx\n");
}
END_TEST

Suite *journey_suite(void)
{
	Suite *s = suite_create("journey");
	TCase *c = tcase_create("journey");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_bridge);
	tcase_add_test(c, test_fields);
	tcase_add_test(c, test_unknown_probe);
	tcase_add_test(c, test_before_sent);
	tcase_add_loop_test(c, test_unknown_seq, 0, N_OF(unknown));
	tcase_add_test(c, test_end_of_unknown_skb);
	tcase_add_test(c, test_end_after_tx);
	tcase_add_test(c, test_reused_skb);
	tcase_add_test(c, test_many_carriers);
	tcase_add_test(c, test_two_pings_do_not_mix);
	suite_add_tcase(s, c);
	return s;
}
