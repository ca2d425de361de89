/* journey: when a ping is over, and the facts of its way. */
#include "journey_support.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <string.h>

#define TIMEOUT 1000

static struct log log_;

static void set_up(void)
{
	log_open(&log_);
	log_set_timeout(&log_, TIMEOUT);
	log_.losing = true;
}

static void tear_down(void)
{
	log_.text[0] = '\0';
	log_close(&log_);
}

/* host/v0 to box/eth0, where the request is dropped. */
static const struct seen dropped[] = {
	{10, 0xa, QUEUE, TX, HOST, 4, "v0", 0},
	{20, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
	{30, 0xa, DROPPED, END, BOX, 2, "eth0", 2},
};

START_TEST(test_drop_is_a_row)
{
	FEED(&log_, dropped);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n"
			  "1 +30 request drop box/eth0.2 kfree_skb\n");
}
END_TEST

START_TEST(test_delivered_is_no_row)
{
	log_.losing = false;
	FEED(&log_, dropped);
	log_expect(&log_, "1 +10 request tx host/v0.4 net_dev_queue\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n");
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.way.passages[EVENT_REQUEST].n_drops, 0);
	ck_assert_uint_eq(log_.way.passages[EVENT_REQUEST].used.time_ns, 30);
}
END_TEST

/* The same facts in every order of the events. */
static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

START_TEST(test_facts_of_a_drop)
{
	const struct passage *p = &log_.way.passages[EVENT_REQUEST];

	for (int i = 0; i < 3; i++)
		log_feed(&log_, 1, &dropped[orders[_i][i]], 1);
	journey_tick(log_.journey, SENT_NS + TIMEOUT - 1);
	ck_assert_uint_eq(log_.n_closed, 0);
	ck_assert_uint_eq(journey_deadline(log_.journey), SENT_NS + TIMEOUT);
	journey_tick(log_.journey, SENT_NS + TIMEOUT);
	ck_assert_uint_eq(log_.n_closed, 1);
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
	ck_assert_uint_eq(log_.way.seq, 1);
	ck_assert(!log_.way.answered);
	ck_assert_str_eq(p->first.ifname, "v0");
	ck_assert_int_eq(p->first.dir, EVENT_TX);
	ck_assert_str_eq(p->last.ifname, "eth0");
	ck_assert_uint_eq(p->last.netns, BOX);
	ck_assert_int_eq(p->last.dir, EVENT_RX);
	ck_assert_uint_eq(p->n_drops, 1);
	ck_assert_uint_eq(p->drops[0].netns, BOX);
	ck_assert_int_eq(log_.way.passages[EVENT_REPLY].last.dir, 0);
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.n_closed, 1); /* once is enough */
}
END_TEST

START_TEST(test_waiting)
{
	FEED(&log_, dropped); /* freed: nothing waits */
	journey_finish(log_.journey);
	ck_assert(!log_.way.passages[EVENT_REQUEST].waiting);
	journey_sent(log_.journey, 2, SENT_NS);
	log_feed(&log_, 2, dropped, 2);
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.way.seq, 2);
	ck_assert(log_.way.passages[EVENT_REQUEST].waiting);
	ck_assert(!log_.way.passages[EVENT_REQUEST].waiting_to_send);
	journey_sent(log_.journey, 3, SENT_NS);
	log_feed(&log_, 3, dropped, 1);
	journey_finish(log_.journey);
	ck_assert(log_.way.passages[EVENT_REQUEST].waiting_to_send);
}
END_TEST

START_TEST(test_nothing_seen)
{
	journey_send_failed(log_.journey, 1, EPERM);
	journey_tick(log_.journey, SENT_NS + TIMEOUT);
	ck_assert_uint_eq(log_.n_closed, 1);
	ck_assert_int_eq(log_.way.send_error, EPERM);
	ck_assert_int_eq(log_.way.passages[EVENT_REQUEST].last.dir, 0);
}
END_TEST

START_TEST(test_answered)
{
	journey_replied(log_.journey, 1, SENT_NS + 400);
	ck_assert_uint_eq(log_.n_closed, 0);
	journey_tick(log_.journey, SENT_NS + TIMEOUT);
	ck_assert_uint_eq(log_.n_closed, 1);
	ck_assert(log_.way.answered && !log_.way.late);
	ck_assert_uint_eq(log_.way.rtt_ns, 400);
	journey_replied(log_.journey, 1, SENT_NS + 2 * TIMEOUT); /* a duplicate */
	ck_assert_int_eq(log_.reopened, 0);
}
END_TEST

/* It is told again, as late. */
START_TEST(test_late)
{
	journey_tick(log_.journey, SENT_NS + TIMEOUT);
	ck_assert(!log_.way.answered);
	journey_replied(log_.journey, 1, SENT_NS + TIMEOUT + 5);
	ck_assert_int_eq(log_.reopened, 1001);
	ck_assert_uint_eq(log_.n_closed, 2);
	ck_assert(log_.way.answered && log_.way.late);
	ck_assert_uint_eq(log_.way.rtt_ns, TIMEOUT + 5);
	ck_assert_uint_eq(journey_summary(log_.journey)->received, 1);
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.n_closed, 2);
}
END_TEST

static const struct {
	uint8_t family, type;
	bool counts;
} errors[] = {{4, 3, true}, {4, 11, true}, {4, 12, true}, {4, 4, false},  {4, 5, false},
	      {6, 1, true}, {6, 2, true},  {6, 4, true},  {6, 137, false}};

START_TEST(test_error)
{
	struct heard_error e = {.family = errors[_i].family, .type = errors[_i].type, .code = 1};

	journey_error(log_.journey, 1, &e);
	journey_error(log_.journey, 1, &e);
	journey_error(log_.journey, 77, &e);
	ck_assert_uint_eq(journey_errors(log_.journey), errors[_i].counts);
	journey_finish(log_.journey);
	ck_assert(log_.way.error.heard == errors[_i].counts);
	ck_assert_uint_eq(log_.way.error.type, errors[_i].counts ? errors[_i].type : 0);
}
END_TEST

/* A reply outweighs it. */
START_TEST(test_error_and_reply)
{
	struct heard_error e = {.family = 4, .type = 3};

	journey_error(log_.journey, 1, &e);
	journey_replied(log_.journey, 1, SENT_NS + 10);
	ck_assert_uint_eq(journey_errors(log_.journey), 0);
	journey_error(log_.journey, 1, &e);
	ck_assert_uint_eq(journey_errors(log_.journey), 0);
}
END_TEST

/* In the order in which they were sent, and all in the end. */
START_TEST(test_many)
{
	for (uint64_t seq = 2; seq <= 5000; seq++)
		journey_sent(log_.journey, seq, SENT_NS + seq);
	ck_assert_uint_eq(log_.n_closed, 5000 - 4096); /* whose places others took */
	journey_tick(log_.journey, SENT_NS + 4000 + TIMEOUT);
	ck_assert_uint_eq(log_.n_closed, 4000);
	ck_assert_uint_eq(log_.way.seq, 4000);
	ck_assert_uint_eq(journey_deadline(log_.journey), SENT_NS + 4001 + TIMEOUT);
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.n_closed, 5000);
	ck_assert_uint_eq(log_.way.seq, 5000);
}
END_TEST

/* Two namespaces reply. */
START_TEST(test_origins)
{
	static const struct seen events[] = {
		{10, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
		{20, 0xc, QUEUE, TX_BACK, ROUTER, 5, "lan", 0},
		{25, 0xd, QUEUE, TX_BACK, BOX, 3, "eth1", 0}, /* the same namespace */
		{30, 0xb, QUEUE, TX_BACK, HOST, 4, "v0", 7},  /* passed on, not made there */
	};

	FEED(&log_, events);
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.way.n_origins, 2);
	ck_assert_uint_eq(log_.way.origins[0].netns, BOX);
	ck_assert_str_eq(log_.way.origins[1].ifname, "lan");
}
END_TEST

/* A driver freed it as if it were sent, and then said that it was not. */
START_TEST(test_xmit)
{
	static const struct seen events[] = {
		{10, 0xa, QUEUE, TX, HOST, 4, "eth0", 0},
		{20, 0xa, FREED, END, HOST, 4, "eth0", 0},
		{21, 0xa, PROBE_net_dev_xmit, XMIT, HOST, 4, "eth0", 0},
	};

	log_.losing = false;
	FEED(&log_, events);
	log_expect(&log_, "1 +10 request tx host/eth0.4 net_dev_queue\n"
			  "1 +21 request xmit host/eth0.4 net_dev_xmit\n");
	journey_finish(log_.journey);
	ck_assert_uint_eq(log_.way.passages[EVENT_REQUEST].n_drops, 1);
}
END_TEST

/* A fragment waits without a device while another goes on elsewhere: it is where it was itself. */
START_TEST(test_drop_without_device_of_one)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{15, 0xb, NETIF, RX, ROUTER, 3, "left", 0},
		{20, 0xa, DROPPED, END, 0, 0, "", 2},
		{30, 0xc, DROPPED, END, 0, 0, "", 2}, /* never seen at a device */
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +15 request rx router/left.3 netif_rx\n"
			  "1 +20 request drop box/eth0.2 kfree_skb\n"
			  "1 +30 request drop router/left.3 kfree_skb\n");
}
END_TEST

/* Dropped before it had a device: where it was last. */
START_TEST(test_drop_without_device)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{20, 0xa, DROPPED, END, 0, 0, "", 2},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +20 request drop box/eth0.2 kfree_skb\n");
}
END_TEST

static struct event encapsulated(uint64_t time, uint64_t skb, __u8 dir, __u32 netns)
{
	struct event e = {
		.time_ns = SENT_NS + time,
		.skb = skb,
		.size = sizeof(e),
		.netns = netns,
		.ifindex = 2,
		.seq = 1,
		.probe = dir == EVENT_TX ? QUEUE : NETIF,
		.dir = dir,
		.type = EVENT_REQUEST,
		.family = 4,
		.flags = EVENT_F_ENCAP,
		.proto = 17,
		.port = 4789,
		.saddr = {198, 51, 100, 1},
		.daddr = {198, 51, 100, 2},
		.ifname = "eth0",
	};

	return e;
}

/* Inside a tunnel: the device that put it there, the addresses inside and those outside. */
START_TEST(test_tunnel)
{
	static const struct seen before[] = {{10, 0xa, QUEUE, TX, HOST, 4, "vx0", 0}};
	static const struct seen after[] = {{40, 0xa, NETIF, RX, BOX, 7, "vx1", 0}};
	struct event out = encapsulated(20, 0xa, EVENT_TX, HOST);
	struct event in = encapsulated(30, 0xa, EVENT_RX, BOX);
	const struct passage *p = &log_.way.passages[EVENT_REQUEST];

	FEED(&log_, before);
	journey_event(log_.journey, &out);
	journey_event(log_.journey, &in);
	log_expect(&log_, "1 +10 request tx host/vx0.4 net_dev_queue\n"
			  "1 +20 request tx host/eth0.2 net_dev_queue in vx0\n"
			  "1 +30 request rx box/eth0.2 netif_rx in vx0\n");
	ck_assert_mem_eq(log_.last.saddr, "\x0a\0\0\1", 4);
	ck_assert_mem_eq(log_.last.tunnel.daddr, "\xc6\x33\x64\2", 4);
	ck_assert_uint_eq(log_.last.tunnel.port, 4789);
	ck_assert_int_eq(log_.last.tunnel.family, 4);
	FEED(&log_, after);
	log_expect(&log_, "1 +40 request rx box/vx1.7 netif_rx\n");
	journey_finish(log_.journey);
	ck_assert(!p->last.in_tunnel);
}
END_TEST

/* A copy that a tunnel device made: nothing was seen of that skb before. */
START_TEST(test_tunnel_of_a_copy)
{
	static const struct seen before[] = {{10, 0xa, QUEUE, TX, HOST, 4, "vx0", 0}};
	struct event out = encapsulated(20, 0xb, EVENT_TX, HOST);
	struct event in = encapsulated(30, 0xb, EVENT_RX, BOX);
	struct event other = encapsulated(40, 0xc, EVENT_RX, BOX);

	FEED(&log_, before);
	journey_event(log_.journey, &out);
	journey_event(log_.journey, &in);
	journey_event(log_.journey, &other);
	log_expect(&log_, "1 +10 request tx host/vx0.4 net_dev_queue\n"
			  "1 +20 request tx host/eth0.2 net_dev_queue in vx0\n"
			  "1 +30 request rx box/eth0.2 netif_rx in vx0\n"
			  "1 +40 request rx box/eth0.2 netif_rx in vx0\n");
}
END_TEST

/* Encrypted before any device showed it: no tunnel's name, and the addresses are those there are.
 */
START_TEST(test_tunnel_without_device)
{
	struct event out = encapsulated(20, 0xa, EVENT_TX, HOST);

	journey_event(log_.journey, &out);
	log_expect(&log_, "1 +20 request tx host/eth0.2 net_dev_queue in \n");
	ck_assert_mem_eq(log_.last.saddr, "\xc6\x33\x64\1", 4);
	out.family = 0;
	journey_event(log_.journey, &out);
	log_expect(&log_, "1 +20 request tx host/eth0.2 net_dev_queue in \n");
	ck_assert_int_eq(log_.last.family, 4); /* whatever: it can be written */
	ck_assert_int_eq(log_.last.tunnel.family, 0);
}
END_TEST

START_TEST(test_fragment)
{
	struct event e = encapsulated(20, 0xa, EVENT_TX, HOST);

	e.flags = EVENT_F_FRAGMENT;
	e.info = 1480;
	journey_event(log_.journey, &e);
	log_expect(&log_, "1 +20 request tx host/eth0.2 net_dev_queue at 1480\n");
	ck_assert(!log_.last.in_tunnel);
}
END_TEST

START_TEST(test_error_rows)
{
	struct event e = encapsulated(20, 0xa, EVENT_RX, HOST);

	e.type = EVENT_ERROR;
	e.flags = EVENT_F_REPLY;
	e.icmp_type = 3;
	e.icmp_code = 4;
	e.info = 1400;
	journey_event(log_.journey, &e);
	log_expect(&log_, "1 +20 error rx host/eth0.2 netif_rx\n");
	ck_assert_uint_eq(log_.last.error.type, 3);
	ck_assert_uint_eq(log_.last.error.code, 4);
	ck_assert_uint_eq(log_.last.error.info, 1400);
	ck_assert(log_.last.error.about_reply);
}
END_TEST

Suite *journey_close_suite(void)
{
	Suite *s = suite_create("journey_close");
	TCase *c = tcase_create("journey_close");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_drop_is_a_row);
	tcase_add_test(c, test_delivered_is_no_row);
	tcase_add_loop_test(c, test_facts_of_a_drop, 0, N_OF(orders));
	tcase_add_test(c, test_waiting);
	tcase_add_test(c, test_nothing_seen);
	tcase_add_test(c, test_answered);
	tcase_add_test(c, test_late);
	tcase_add_loop_test(c, test_error, 0, N_OF(errors));
	tcase_add_test(c, test_error_and_reply);
	tcase_add_test(c, test_many);
	tcase_add_test(c, test_origins);
	tcase_add_test(c, test_xmit);
	tcase_add_test(c, test_drop_without_device);
	tcase_add_test(c, test_drop_without_device_of_one);
	tcase_add_test(c, test_tunnel);
	tcase_add_test(c, test_tunnel_of_a_copy);
	tcase_add_test(c, test_tunnel_without_device);
	tcase_add_test(c, test_fragment);
	tcase_add_test(c, test_error_rows);
	suite_add_tcase(s, c);
	return s;
}
