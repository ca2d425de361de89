/* journey: a reply waits until its request is freed, for only then a hidden device is known. */
#include "journey_support.h"
#include "suites.h"
#include "support.h"

static struct log log_;

static void set_up(void)
{
	log_open(&log_);
}

static void tear_down(void)
{
	log_close(&log_);
}

/*
 * macvlan mv0 on eth0 answers: that it took the request over is known when the request is freed,
 * after the reply was sent. It is shown before the reply, at the time when eth0 took it in.
 */
static const struct seen macvlan[] = {
	{10, 0xa, QUEUE, TX, HOST, 4, "v0", 0},      {20, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
	{30, 0xb, QUEUE, TX_BACK, BOX, 7, "mv0", 0}, {40, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
	{50, 0xb, NETIF, RX_BACK, HOST, 4, "v0", 0}, {60, 0xa, FREED, END, BOX, 7, "mv0", 7},
};

static const char macvlan_hops[] = "1 +10 request tx host/v0.4 net_dev_queue\n"
				   "1 +20 request rx box/eth0.2 netif_rx\n"
				   "1 +20 request rx box/mv0.7 consume_skb\n"
				   "1 +30 reply tx box/mv0.7 net_dev_queue\n"
				   "1 +40 reply tx box/eth0.2 net_dev_queue\n"
				   "1 +50 reply rx host/v0.4 netif_rx\n";

START_TEST(test_macvlan)
{
	FEED(&log_, macvlan);
	log_expect(&log_, macvlan_hops);
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
}
END_TEST

/* The hold runs out: the reply is shown without waiting longer; the device is shown late. */
START_TEST(test_hold_runs_out)
{
	uint64_t deadline;

	log_feed(&log_, 1, macvlan, 4);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n");
	deadline = journey_deadline(log_.journey);
	ck_assert_uint_gt(deadline, 0);
	journey_tick(log_.journey, deadline - 1);
	log_expect(&log_, "");
	journey_tick(log_.journey, deadline);
	log_expect(&log_, "1 +30 reply tx box/mv0.7 net_dev_queue\n"
			  "1 +40 reply tx box/eth0.2 net_dev_queue\n");
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
	journey_tick(log_.journey, LATE);
	log_feed(&log_, 1, macvlan + 4, 2);
	log_expect(&log_, "1 +50 reply rx host/v0.4 netif_rx\n"
			  "1 +20 request rx box/mv0.7 consume_skb\n");
}
END_TEST

START_TEST(test_finish_releases)
{
	log_feed(&log_, 1, macvlan, 5);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n");
	journey_finish(log_.journey);
	log_expect(&log_, "1 +30 reply tx box/mv0.7 net_dev_queue\n"
			  "1 +40 reply tx box/eth0.2 net_dev_queue\n"
			  "1 +50 reply rx host/v0.4 netif_rx\n");
	journey_finish(log_.journey);
}
END_TEST

START_TEST(test_freed_while_holding)
{
	log_feed(&log_, 1, macvlan, 5);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n");
	/* tear_down() frees the journey: nothing is shown, nothing leaks */
}
END_TEST

/* While one ping's reply waits, the hops of another are shown at once; deadlines are separate. */
START_TEST(test_hold_is_per_ping)
{
	static const struct seen other[] = {{900, 0xd, QUEUE, TX, HOST, 4, "v0", 0}};
	uint64_t first;

	journey_sent(log_.journey, 2, SENT_NS + 800);
	log_feed(&log_, 1, macvlan, 3);
	first = journey_deadline(log_.journey);
	log_feed(&log_, 2, other, 1);
	log_feed(&log_, 2, macvlan, 3);
	ck_assert_uint_eq(journey_deadline(log_.journey), first);
	log_feed(&log_, 1, macvlan + 5, 1);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n"
			  "2 +100 request tx host/v0.4 net_dev_queue\n"
			  "2 +0 request tx host/v0.4 net_dev_queue\n"
			  "2 +0 request rx box/eth0.2 netif_rx\n"
			  "1 +20 request rx box/mv0.7 consume_skb\n"
			  "1 +30 reply tx box/mv0.7 net_dev_queue\n");
	ck_assert_uint_ge(journey_deadline(log_.journey), first);
	journey_finish(log_.journey);
	log_expect(&log_, "2 +0 reply tx box/mv0.7 net_dev_queue\n");
}
END_TEST

/* The ends of other skbs that come while the reply waits take effect in their place. */
START_TEST(test_end_while_holding)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{20, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
		{30, 0xb, NETIF, RX_BACK, HOST, 4, "eth1", 0},
		{40, 0xb, DROPPED, END_BACK, HOST, 9, "mv1", 9},
		{50, 0xa, FREED, END, BOX, 2, "eth0", 2},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +20 reply tx box/eth0.2 net_dev_queue\n"
			  "1 +30 reply rx host/eth1.4 netif_rx\n"
			  "1 +30 reply rx host/mv1.9 kfree_skb\n");
}
END_TEST

/* The macvlan is in another namespace than the device below it: the reply waits all the same. */
START_TEST(test_hold_for_request_elsewhere)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, HOST, 2, "eth0", 0},
		{20, 0xb, QUEUE, TX_BACK, BOX, 7, "mv0", 0},
		{30, 0xa, FREED, END, BOX, 7, "mv0", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx host/eth0.2 netif_rx\n"
			  "1 +10 request rx box/mv0.7 consume_skb\n"
			  "1 +20 reply tx box/mv0.7 net_dev_queue\n");
}
END_TEST

/* Of two copies of the request it waits for the one in the reply's own namespace. */
START_TEST(test_hold_for_the_nearest)
{
	static const struct seen box = {10, 0xa, NETIF, RX, BOX, 2, "eth0", 0};
	static const struct seen host = {10, 0xc, NETIF, RX, HOST, 3, "br0", 0};
	static const struct seen reply = {20, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0};
	static const struct seen host_end = {30, 0xc, FREED, END, HOST, 3, "br0", 3};
	static const struct seen box_end = {40, 0xa, FREED, END, BOX, 2, "eth0", 2};

	log_feed(&log_, 1, _i ? &box : &host, 1);
	log_feed(&log_, 1, _i ? &host : &box, 1);
	log_.len = 0;
	log_.text[0] = '\0';
	log_feed(&log_, 1, &reply, 1);
	log_feed(&log_, 1, &host_end, 1);
	log_expect(&log_, "");
	log_feed(&log_, 1, &box_end, 1);
	log_expect(&log_, "1 +20 reply tx box/eth0.2 net_dev_queue\n");
}
END_TEST

/* A reply that is passed on was not made here: it waits for nothing. */
START_TEST(test_no_hold_for_passed_on_reply)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{20, 0xb, NETIF, RX_BACK, ROUTER, 3, "eth1", 0},
		{30, 0xb, QUEUE, TX_BACK, ROUTER, 2, "eth0", 3},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +20 reply rx router/eth1.3 netif_rx\n"
			  "1 +30 reply tx router/eth0.2 net_dev_queue\n");
}
END_TEST

/* The namespace sent a request on; the reply is to another that it does not take in. */
START_TEST(test_no_hold_for_request_sent_on)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{20, 0xa, QUEUE, TX, BOX, 3, "eth1", 2},
		{30, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +20 request tx box/eth1.3 net_dev_queue\n"
			  "1 +30 reply tx box/eth0.2 net_dev_queue\n");
}
END_TEST

Suite *journey_hold_suite(void)
{
	Suite *s = suite_create("journey_hold");
	TCase *c = tcase_create("journey_hold");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_macvlan);
	tcase_add_test(c, test_hold_runs_out);
	tcase_add_test(c, test_finish_releases);
	tcase_add_test(c, test_freed_while_holding);
	tcase_add_test(c, test_hold_is_per_ping);
	tcase_add_test(c, test_end_while_holding);
	tcase_add_test(c, test_hold_for_request_elsewhere);
	tcase_add_loop_test(c, test_hold_for_the_nearest, 0, 2);
	tcase_add_test(c, test_no_hold_for_passed_on_reply);
	tcase_add_test(c, test_no_hold_for_request_sent_on);
	suite_add_tcase(s, c);
	return s;
}
