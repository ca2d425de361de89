/* journey: devices that no tracepoint shows. */
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

/* Interface numbers are of one namespace: 7 in another is another device. */
START_TEST(test_same_ifindex_elsewhere)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, HOST, 7, "v0", 0},
		{20, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{30, 0xa, QUEUE, TX, ROUTER, 3, "eth1", 7},
		{40, 0xb, NETIF, RX, BOX, 2, "eth0", 0},
		{50, 0xb, FREED, END, BOX, 7, "mv0", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx host/v0.7 netif_rx\n"
			  "1 +20 request rx router/eth0.2 netif_rx\n"
			  "1 +20 request rx router/router-if7.7 skb_iif\n"
			  "1 +30 request tx router/eth1.3 net_dev_queue\n"
			  "1 +40 request rx box/eth0.2 netif_rx\n"
			  "1 +40 request rx box/mv0.7 consume_skb\n");
}
END_TEST

/* A router whose VLAN devices no tracepoint shows: they are known by skb_iif when it sends on. */
START_TEST(test_vlan_router)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{20, 0xa, QUEUE, TX, ROUTER, 8, "eth1.20", 7},
		{30, 0xa, QUEUE, TX, ROUTER, 3, "eth1", 7},
		{40, 0xb, NETIF, RX_BACK, ROUTER, 3, "eth1", 0},
		{50, 0xb, QUEUE, TX_BACK, ROUTER, 7, "eth0.10", 8},
		{60, 0xb, QUEUE, TX_BACK, ROUTER, 2, "eth0", 8},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +10 request rx router/router-if7.7 skb_iif\n"
			  "1 +20 request tx router/eth1.20.8 net_dev_queue\n"
			  "1 +30 request tx router/eth1.3 net_dev_queue\n"
			  "1 +40 reply rx router/eth1.3 netif_rx\n"
			  "1 +40 reply rx router/router-if8.8 skb_iif\n"
			  "1 +50 reply tx router/eth0.10.7 net_dev_queue\n"
			  "1 +60 reply tx router/eth0.2 net_dev_queue\n");
	ck_assert_uint_eq(log_.names_asked, 2);
}
END_TEST

/* The skb that is sent on is another than came in (a copy): the last device of any counts. */
START_TEST(test_iif_of_unseen_skb)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{20, 0xb, QUEUE, TX, ROUTER, 3, "eth1", 7},
		{30, 0xf, QUEUE, TX, ROUTER, 3, "eth1", 9},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +10 request rx router/router-if7.7 skb_iif\n"
			  "1 +20 request tx router/eth1.3 net_dev_queue\n"
			  "1 +30 request tx router/eth1.3 net_dev_queue\n");
}
END_TEST

/* Each skb has a way of its own: that another was sent in between does not matter. */
START_TEST(test_iif_by_skb)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{20, 0xb, QUEUE, TX, HOST, 4, "v0", 0},
		{30, 0xa, QUEUE, TX, ROUTER, 3, "eth1", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +20 request tx host/v0.4 net_dev_queue\n"
			  "1 +10 request rx router/router-if7.7 skb_iif\n"
			  "1 +30 request tx router/eth1.3 net_dev_queue\n");
}
END_TEST

/* skb_iif stays as it was when a device hands the packet to another: it tells nothing after a TX.
 */
START_TEST(test_iif_after_tx)
{
	static const struct seen events[] = {
		{10, 0xa, QUEUE, TX, BOX, 7, "mv0", 3}, /* nothing was taken in yet */
		{20, 0xb, NETIF, RX, ROUTER, 2, "eth0", 0},
		{30, 0xb, QUEUE, TX, ROUTER, 3, "ifb0", 2},
		{40, 0xb, QUEUE, TX, HOST, 4, "eth1", 2}, /* 2 is of the namespace before */
		{50, 0xc, NETIF, RX_BACK, ROUTER, 2, "eth0", 0},
		{60, 0xd, QUEUE, TX, ROUTER, 4, "eth1", 9}, /* of another type than the last RX */
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request tx box/mv0.7 net_dev_queue\n"
			  "1 +20 request rx router/eth0.2 netif_rx\n"
			  "1 +30 request tx router/ifb0.3 net_dev_queue\n"
			  "1 +40 request tx host/eth1.4 net_dev_queue\n"
			  "1 +50 reply rx router/eth0.2 netif_rx\n"
			  "1 +60 request tx router/eth1.4 net_dev_queue\n");
}
END_TEST

/* What an edited probe put into extra belongs to the device that it saw, and so does the CPU. */
START_TEST(test_inferred_fields)
{
	struct event e = {
		.time_ns = SENT_NS + 10,
		.skb = 1,
		.cpu = 2,
		.netns = ROUTER,
		.ifindex = 2,
		.extra = 5,
		.seq = 1,
		.probe = NETIF,
		.dir = EVENT_RX,
		.type = EVENT_REQUEST,
		.family = 4,
		.ifname = "eth0",
	};

	journey_event(log_.journey, &e);
	e.time_ns += 10;
	e.cpu = 3;
	e.dir = EVENT_TX;
	e.iif = 7;
	e.extra = 6;
	e.skb = 2;
	journey_event(log_.journey, &e);
	ck_assert_str_eq(log_.before_last.probe, "skb_iif");
	ck_assert_uint_eq(log_.before_last.extra, 0);
	ck_assert_uint_eq(log_.last.extra, 6);
	log_.len = 0;
	e.skb = 1;
	e.iif = 11;
	e.dir = EVENT_END;
	e.ifindex = 11;
	e.probe = FREED;
	journey_event(log_.journey, &e);
	ck_assert_uint_eq(log_.last.cpu, 2);
	ck_assert_uint_eq(log_.last.ifindex, 11);
	ck_assert_uint_eq(log_.last.time_ns, 10);
	log_expect(&log_, "1 +10 request rx router/eth0.11 consume_skb\n");
}
END_TEST

/* A router drops the packet when its device is already the one that it was to leave by. */
START_TEST(test_dropped_by_router)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0},
		{20, 0xa, FREED, END, ROUTER, 3, "eth1", 2},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n");
}
END_TEST

/* An inferred device is shown once, however many events point at it. */
START_TEST(test_inferred_once)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0}, {20, 0xc, NETIF, RX, BOX, 2, "eth0", 0},
		{30, 0xa, FREED, END, BOX, 7, "mv0", 7}, {40, 0xc, FREED, END, BOX, 7, "mv0", 7},
		{50, 0xe, QUEUE, TX, BOX, 3, "eth1", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n"
			  "1 +10 request rx box/mv0.7 consume_skb\n"
			  "1 +50 request tx box/eth1.3 net_dev_queue\n");
}
END_TEST

/* The device that took it over is in another namespace (a macvlan moved into a container). */
START_TEST(test_end_elsewhere)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, HOST, 2, "eth0", 0},
		{20, 0xa, FREED, END, BOX, 7, "mv0", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx host/eth0.2 netif_rx\n"
			  "1 +10 request rx box/mv0.7 consume_skb\n");
}
END_TEST

/* The end is of another type than the last device: the skb was turned into something else. */
START_TEST(test_end_of_another_type)
{
	static const struct seen events[] = {
		{30, 0xb, NETIF, RX, BOX, 2, "eth0", 0},
		{40, 0xb, FREED, END_BACK, BOX, 7, "mv0", 7},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +30 request rx box/eth0.2 netif_rx\n");
}
END_TEST

Suite *journey_hidden_suite(void)
{
	Suite *s = suite_create("journey_hidden");
	TCase *c = tcase_create("journey_hidden");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_same_ifindex_elsewhere);
	tcase_add_test(c, test_vlan_router);
	tcase_add_test(c, test_iif_of_unseen_skb);
	tcase_add_test(c, test_iif_by_skb);
	tcase_add_test(c, test_iif_after_tx);
	tcase_add_test(c, test_inferred_fields);
	tcase_add_test(c, test_dropped_by_router);
	tcase_add_test(c, test_inferred_once);
	tcase_add_test(c, test_end_elsewhere);
	tcase_add_test(c, test_end_of_another_type);
	suite_add_tcase(s, c);
	return s;
}
