/* journey: chains of netfilter among the devices. */
#include "journey_support.h"
#include "suites.h"
#include "support.h"

#include <string.h>

#define V4     EVENT_PF_IPV4
#define NETDEV EVENT_PF_NETDEV

static struct log log_;

static void set_up(void)
{
	log_open(&log_);
}

static void tear_down(void)
{
	log_close(&log_);
}

/* DESIGN.md's example: nothing is inferred where each device was seen. */
START_TEST(test_example)
{
	static const struct feed_step steps[] = {
		{{1, 0xa, TABLE, HOST, 3, "br0", 0}, 3, V4, "nat", 1, ""},
		{{2, 0xa, TABLE, HOST, 3, "br0", 0}, 3, V4, "filter", 1, ""},
		{{3, 0xa, TABLE, HOST, 3, "br0", 0}, 4, V4, "nat", 1, ""},
		DEVICE(10, 0xa, QUEUE, TX, HOST, 3, "br0", 0),
		DEVICE(20, 0xa, QUEUE, TX, HOST, 4, "v0", 0),
		DEVICE(30, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		{{31, 0xa, TABLE, BOX, 2, "eth0", 2}, 1, V4, "filter", 1, ""},
		DEVICE(35, 0xa, FREED, END, BOX, 2, "eth0", 2),
		DEVICE(40, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0),
		DEVICE(50, 0xb, NETIF, RX_BACK, HOST, 4, "v0", 0),
		DEVICE(60, 0xb, ENTRY, RX_BACK, HOST, 3, "br0", 4),
		{{70, 0xb, TABLE_BACK, HOST, 3, "br0", 3}, 1, V4, "filter", 0, ""},
		DEVICE(80, 0xb, DROPPED, END_BACK, HOST, 3, "br0", 3),
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +1 request chain host/br0.3 ipt_do_table nat.OUTPUT:ACCEPT\n"
			  "1 +2 request chain host/br0.3 ipt_do_table filter.OUTPUT:ACCEPT\n"
			  "1 +3 request chain host/br0.3 ipt_do_table nat.POSTROUTING:ACCEPT\n"
			  "1 +10 request tx host/br0.3 net_dev_queue\n"
			  "1 +20 request tx host/v0.4 net_dev_queue\n"
			  "1 +30 request rx box/eth0.2 netif_rx\n"
			  "1 +31 request chain box/eth0.2 ipt_do_table filter.INPUT:ACCEPT\n"
			  "1 +40 reply tx box/eth0.2 net_dev_queue\n"
			  "1 +50 reply rx host/v0.4 netif_rx\n"
			  "1 +60 reply rx host/br0.3 netif_receive_skb_entry\n"
			  "1 +70 reply chain host/br0.3 ipt_do_table filter.INPUT:DROP\n");
	ck_assert_uint_eq(log_.names_asked, 0);
}
END_TEST

static struct event_chain chain_event(void)
{
	struct event_chain c = {
		.e = {.time_ns = SENT_NS + 5,
		      .skb = 9,
		      .size = sizeof(c),
		      .cpu = 6,
		      .netns = BOX,
		      .ifindex = 4,
		      .extra = 77,
		      .seq = 1,
		      .probe = PROBE_nft_do_chain,
		      .dir = EVENT_CHAIN,
		      .type = EVENT_REQUEST,
		      .family = 6,
		      .saddr = {0xfd, [15] = 1},
		      .daddr = {0xfd, [15] = 2},
		      .ifname = "eth0"},
		.verdict = 0x00070003,
		.hook = 3,
		.pf = EVENT_PF_IPV6,
		.table_family = EVENT_PF_INET,
		.spare = 0xff,
		.table = "fw",
		.name = "out",
	};

	return c;
}

START_TEST(test_fields)
{
	struct event_chain c = chain_event();
	const struct hop *h = &log_.last;

	journey_event(log_.journey, &c.e);
	log_expect(&log_, "1 +5 request chain box/eth0.4 nft_do_chain fw.out:QUEUE 7\n");
	ck_assert_int_eq(h->dir, EVENT_CHAIN);
	ck_assert_uint_eq(h->cpu, 6);
	ck_assert_uint_eq(h->extra, 77);
	ck_assert_int_eq(h->family, 6);
	ck_assert_mem_eq(h->saddr, c.e.saddr, sizeof(h->saddr));
	ck_assert_mem_eq(h->daddr, c.e.daddr, sizeof(h->daddr));
	ck_assert_ptr_null(h->netns_name);
	ck_assert(h->chain.nftables);
	ck_assert_uint_eq(h->chain.pf, EVENT_PF_IPV6);
	ck_assert_uint_eq(h->chain.table_family, EVENT_PF_INET);
	ck_assert_uint_eq(h->chain.hook, 3);
	ck_assert_uint_eq(h->chain.verdict, 0x00070003);
	c.e.probe = PROBE_ip6t_do_table;
	journey_event(log_.journey, &c.e);
	ck_assert(!h->chain.nftables);
	log_expect(&log_, "1 +5 request chain box/eth0.4 ip6t_do_table fw.OUTPUT:QUEUE 7\n");
}
END_TEST

/* Names that fill their place lack the NUL: the last byte goes. */
START_TEST(test_full_names)
{
	struct event_chain c = chain_event();

	memset(c.table, 't', sizeof(c.table));
	memset(c.name, 'n', sizeof(c.name));
	memset(c.e.ifname, 'i', sizeof(c.e.ifname));
	journey_event(log_.journey, &c.e);
	ck_assert_uint_eq(strlen(log_.last.chain.table), EVENT_TABLE_LEN - 1);
	ck_assert_uint_eq(strlen(log_.last.chain.name), EVENT_CHAIN_LEN - 1);
	ck_assert_uint_eq(strlen(log_.last.ifname), IF_NAMESIZE - 1);
	log_.len = 0;
	log_.text[0] = '\0';
}
END_TEST

/* The hop of a device has nothing of a chain before it. */
START_TEST(test_device_after_chain)
{
	static const struct hop_chain none;
	static const struct feed_step steps[] = {
		{{1, 0xa, NFT, HOST, 3, "br0", 0}, 3, V4, "fw", 1, "out"},
		DEVICE(10, 0xa, QUEUE, TX, HOST, 3, "br0", 0),
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +1 request chain host/br0.3 nft_do_chain fw.out:ACCEPT\n"
			  "1 +10 request tx host/br0.3 net_dev_queue\n");
	ck_assert_mem_eq(&log_.last.chain, &none, sizeof(none));
}
END_TEST

/* The hook names the macvlan that took the packet over: it is shown before the chain. */
static const struct {
	__u8 hook, pf;
	const char *chain; /* as it is shown */
} ways_in[] = {
	{0, EVENT_PF_IPV4, "PREROUTING"},   {1, EVENT_PF_IPV4, "INPUT"},
	{2, EVENT_PF_IPV4, "FORWARD"},      {5, EVENT_PF_INET, "?"},
	{0, EVENT_PF_NETDEV, "PREROUTING"}, {0, EVENT_PF_BRIDGE, "PREROUTING"},
};

START_TEST(test_reveals)
{
	const struct feed_step steps[] = {
		DEVICE(20, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		{{30, 0xa, TABLE, BOX, 7, "mv0", 7},
		 ways_in[_i].hook,
		 ways_in[_i].pf,
		 "raw",
		 1,
		 ""},
		{{35, 0xa, TABLE, BOX, 7, "mv0", 7}, 1, V4, "filter", 1, ""},
		DEVICE(40, 0xb, QUEUE, TX_BACK, BOX, 7, "mv0", 0),
		DEVICE(60, 0xa, FREED, END, BOX, 7, "mv0", 7), /* tells nothing new */
	};
	char expected[512];

	FEED_STEPS(&log_, steps);
	snprintf(expected, sizeof(expected),
		 "1 +20 request rx box/eth0.2 netif_rx\n"
		 "1 +20 request rx box/mv0.7 ipt_do_table\n"
		 "1 +30 request chain box/mv0.7 ipt_do_table raw.%s:ACCEPT\n"
		 "1 +35 request chain box/mv0.7 ipt_do_table filter.INPUT:ACCEPT\n"
		 "1 +40 reply tx box/mv0.7 net_dev_queue\n",
		 ways_in[_i].chain);
	log_expect(&log_, expected);
	ck_assert_uint_eq(log_.names_asked, 0); /* the event has the name */
}
END_TEST

/* On the way out the state's device is one that the packet has not reached yet. */
static const struct {
	__u8 hook, pf;
	const char *chain;
} ways_out[] = {
	{3, EVENT_PF_IPV4, "OUTPUT"},        {4, EVENT_PF_IPV4, "POSTROUTING"},
	{4, EVENT_PF_BRIDGE, "POSTROUTING"}, {1, EVENT_PF_NETDEV, "INPUT"}, /* egress */
	{3, EVENT_PF_IPV6, "OUTPUT"},
};

START_TEST(test_reveals_nothing_on_the_way_out)
{
	const struct feed_step steps[] = {
		DEVICE(20, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0),
		{{30, 0xa, TABLE, ROUTER, 3, "eth1", 2},
		 ways_out[_i].hook,
		 ways_out[_i].pf,
		 "raw",
		 1,
		 ""},
		DEVICE(40, 0xa, QUEUE, TX, ROUTER, 3, "eth1", 2),
	};
	char expected[512];

	FEED_STEPS(&log_, steps);
	snprintf(expected, sizeof(expected),
		 "1 +20 request rx router/eth0.2 netif_rx\n"
		 "1 +30 request chain router/eth1.3 ipt_do_table raw.%s:ACCEPT\n"
		 "1 +40 request tx router/eth1.3 net_dev_queue\n",
		 ways_out[_i].chain);
	log_expect(&log_, expected);
}
END_TEST

/* A chain that knows no device, and one of a packet that no device has taken in. */
START_TEST(test_reveals_nothing_without_device)
{
	static const struct feed_step steps[] = {
		{{10, 0xa, TABLE, ROUTER, 7, "eth0.10", 7}, 0, V4, "raw", 1, ""},
		DEVICE(20, 0xa, QUEUE, TX, HOST, 4, "v0", 0),
		{{25, 0xa, TABLE, ROUTER, 7, "eth0.10", 7}, 0, V4, "mangle", 1, ""},
		DEVICE(30, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0),
		{{40, 0xa, TABLE, ROUTER, 0, "", 2}, 0, V4, "nat", 1, ""},
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_,
		   "1 +10 request chain router/eth0.10.7 ipt_do_table raw.PREROUTING:ACCEPT\n"
		   "1 +20 request tx host/v0.4 net_dev_queue\n"
		   "1 +25 request chain router/eth0.10.7 ipt_do_table "
		   "mangle.PREROUTING:ACCEPT\n"
		   "1 +30 request rx router/eth0.2 netif_rx\n"
		   "1 +40 request chain router/.0 ipt_do_table nat.PREROUTING:ACCEPT\n");
}
END_TEST

/* A router with VLANs: the device is there once, not again when skb_iif tells of it. */
START_TEST(test_forward)
{
	static const struct feed_step steps[] = {
		DEVICE(10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0),
		{{20, 0xa, NFT, ROUTER, 7, "eth0.10", 7}, 0, V4, "fw", 1, "pre"},
		{{30, 0xa, NFT, ROUTER, 7, "eth0.10", 7}, 2, V4, "fw", 1, "fwd"},
		{{40, 0xa, NFT, ROUTER, 8, "eth1.20", 7}, 4, V4, "fw", 1, "post"},
		DEVICE(50, 0xa, QUEUE, TX, ROUTER, 8, "eth1.20", 7),
		DEVICE(60, 0xa, QUEUE, TX, ROUTER, 3, "eth1", 7),
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +10 request rx router/eth0.10.7 nft_do_chain\n"
			  "1 +20 request chain router/eth0.10.7 nft_do_chain fw.pre:ACCEPT\n"
			  "1 +30 request chain router/eth0.10.7 nft_do_chain fw.fwd:ACCEPT\n"
			  "1 +40 request chain router/eth1.20.8 nft_do_chain fw.post:ACCEPT\n"
			  "1 +50 request tx router/eth1.20.8 net_dev_queue\n"
			  "1 +60 request tx router/eth1.3 net_dev_queue\n");
	ck_assert_uint_eq(log_.names_asked, 0);
}
END_TEST

/* A chain is no device: what the skb passed last is still the device before the chain. */
START_TEST(test_iif_after_chain)
{
	static const struct feed_step steps[] = {
		DEVICE(10, 0xa, NETIF, RX, ROUTER, 2, "eth0", 0),
		{{20, 0xa, NFT, ROUTER, 8, "eth1.20", 7}, 4, V4, "fw", 1, "post"},
		DEVICE(30, 0xa, QUEUE, TX, ROUTER, 8, "eth1.20", 7),
		/* and a packet dropped by its chain ends at the device it came to */
		DEVICE(40, 0xb, NETIF, RX_BACK, BOX, 2, "eth0", 0),
		{{50, 0xb, NFT_BACK, BOX, 2, "eth0", 2}, 0, NETDEV, "fw", 0, "in"},
		DEVICE(60, 0xb, DROPPED, END_BACK, BOX, 9, "mv9", 9),
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +10 request rx router/eth0.2 netif_rx\n"
			  "1 +20 request chain router/eth1.20.8 nft_do_chain fw.post:ACCEPT\n"
			  "1 +10 request rx router/router-if7.7 skb_iif\n"
			  "1 +30 request tx router/eth1.20.8 net_dev_queue\n"
			  "1 +40 reply rx box/eth0.2 netif_rx\n"
			  "1 +50 reply chain box/eth0.2 nft_do_chain fw.in:DROP\n"
			  "1 +40 reply rx box/mv9.9 kfree_skb\n");
}
END_TEST

/* The answer's OUTPUT is its first sign: all waits for the request's end, and keeps its order. */
static const struct feed_step held[] = {
	DEVICE(20, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
	{{30, 0xb, NFT_BACK, BOX, 7, "mv0", 0}, 3, V4, "fw", 1, "out"},
	{{31, 0xb, NFT_BACK, BOX, 7, "mv0", 0}, 4, V4, "fw", 0x00018003, "post"},
	DEVICE(32, 0xb, QUEUE, TX_BACK, BOX, 7, "mv0", 0),
	{{33, 0xb, TABLE_BACK, HOST, 4, "v0", 4}, 0, V4, "a table of thirty-two characters", 1, ""},
	DEVICE(60, 0xa, FREED, END, BOX, 7, "mv0", 7),
};

static const char held_hops[] =
	"1 +30 reply chain box/mv0.7 nft_do_chain fw.out:ACCEPT\n"
	"1 +31 reply chain box/mv0.7 nft_do_chain fw.post:QUEUE 1\n"
	"1 +32 reply tx box/mv0.7 net_dev_queue\n"
	"1 +33 reply chain host/v0.4 ipt_do_table a table of thirty-two characters"
	".PREROUTING:ACCEPT\n";

START_TEST(test_output_of_reply_waits)
{
	char expected[512];

	log_feed_steps(&log_, 1, held, 5);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n");
	ck_assert_uint_gt(journey_deadline(log_.journey), 0);
	log_feed_steps(&log_, 1, held + 5, 1);
	snprintf(expected, sizeof(expected), "1 +20 request rx box/mv0.7 consume_skb\n%s",
		 held_hops);
	log_expect(&log_, expected);
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
}
END_TEST

START_TEST(test_hold_runs_out)
{
	log_feed_steps(&log_, 1, held, 5);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n");
	if (_i)
		journey_tick(log_.journey, LATE);
	else
		journey_finish(log_.journey);
	log_expect(&log_, held_hops);
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
}
END_TEST

/* INPUT has named the device already; the reply's chains are held and released all the same. */
START_TEST(test_input_before_held_output)
{
	static const struct feed_step steps[] = {
		DEVICE(20, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		{{25, 0xa, NFT, BOX, 7, "mv0", 7}, 1, V4, "fw", 1, "in"},
		{{30, 0xb, NFT_BACK, BOX, 7, "mv0", 0}, 3, V4, "fw", 1, "out"},
	};
	static const struct feed_step end[] = {DEVICE(60, 0xa, FREED, END, BOX, 7, "mv0", 7)};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n"
			  "1 +20 request rx box/mv0.7 nft_do_chain\n"
			  "1 +25 request chain box/mv0.7 nft_do_chain fw.in:ACCEPT\n");
	FEED_STEPS(&log_, end);
	log_expect(&log_, "1 +30 reply chain box/mv0.7 nft_do_chain fw.out:ACCEPT\n");
}
END_TEST

/* Chains of a request, and of a reply that came in from elsewhere, wait for nothing. */
START_TEST(test_no_hold)
{
	static const struct feed_step steps[] = {
		DEVICE(20, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		{{30, 0xc, NFT, BOX, 2, "eth0", 0}, 3, V4, "fw", 1, "out"},
		DEVICE(35, 0xb, NETIF, RX_BACK, BOX, 2, "eth0", 0),
		{{40, 0xb, NFT_BACK, BOX, 2, "eth0", 2}, 0, V4, "fw", 1, "pre"},
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n"
			  "1 +30 request chain box/eth0.2 nft_do_chain fw.out:ACCEPT\n"
			  "1 +35 reply rx box/eth0.2 netif_rx\n"
			  "1 +40 reply chain box/eth0.2 nft_do_chain fw.pre:ACCEPT\n");
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
}
END_TEST

START_TEST(test_freed_while_holding)
{
	log_feed_steps(&log_, 1, held, 5);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n");
}
END_TEST

static const __u16 unknown[] = {0, 2, 4097, 65535};

START_TEST(test_unknown_seq)
{
	log_feed_steps(&log_, unknown[_i], held, (size_t)N_OF(held));
	log_expect(&log_, "");
}
END_TEST

/* A chain does not make a ping settled, nor does it keep it from being so. */
START_TEST(test_settled)
{
	static const struct feed_step steps[] = {
		{{10, 0xa, NFT, HOST, 3, "br0", 0}, 1, V4, "fw", 1, "in"},
		DEVICE(20, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		DEVICE(30, 0xa, FREED, END, BOX, 2, "eth0", 2),
		{{40, 0xa, NFT, BOX, 2, "eth0", 0}, 1, V4, "fw", 1, "in"},
	};

	journey_replied(log_.journey, 1, SENT_NS + 55);
	log_feed_steps(&log_, 1, steps, 1);
	ck_assert(!journey_is_settled(log_.journey, 1));
	log_feed_steps(&log_, 1, steps + 1, 1);
	ck_assert(!journey_is_settled(log_.journey, 1));
	log_feed_steps(&log_, 1, steps + 2, 2);
	ck_assert(journey_is_settled(log_.journey, 1));
	log_expect(&log_, "1 +10 request chain host/br0.3 nft_do_chain fw.in:ACCEPT\n"
			  "1 +20 request rx box/eth0.2 netif_rx\n"
			  "1 +40 request chain box/eth0.2 nft_do_chain fw.in:ACCEPT\n");
}
END_TEST

/* An edited probe may have a number of its own: each hop has a name for it all the same. */
START_TEST(test_unknown_probe)
{
	static const struct feed_step steps[] = {
		DEVICE(10, 0xa, NETIF, RX, BOX, 2, "eth0", 0),
		{{20, 0xa, 99, EVENT_CHAIN, EVENT_REQUEST, BOX, 7, "mv0", 7},
		 1,
		 V4,
		 "filter",
		 1,
		 ""},
		DEVICE(30, 0xb, NETIF, RX, BOX, 3, "eth1", 0),
		DEVICE(40, 0xb, 98, END, BOX, 8, "mv1", 8),
	};

	FEED_STEPS(&log_, steps);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n"
			  "1 +10 request rx box/mv0.7 ?\n"
			  "1 +20 request chain box/mv0.7 ? filter.INPUT:ACCEPT\n"
			  "1 +30 request rx box/eth1.3 netif_rx\n"
			  "1 +30 request rx box/mv1.8 ?\n");
}
END_TEST

Suite *journey_chain_suite(void)
{
	Suite *s = suite_create("journey_chain");
	TCase *c = tcase_create("journey_chain");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_example);
	tcase_add_test(c, test_fields);
	tcase_add_test(c, test_full_names);
	tcase_add_test(c, test_device_after_chain);
	tcase_add_loop_test(c, test_reveals, 0, N_OF(ways_in));
	tcase_add_loop_test(c, test_reveals_nothing_on_the_way_out, 0, N_OF(ways_out));
	tcase_add_test(c, test_reveals_nothing_without_device);
	tcase_add_test(c, test_forward);
	tcase_add_test(c, test_iif_after_chain);
	tcase_add_test(c, test_output_of_reply_waits);
	tcase_add_loop_test(c, test_hold_runs_out, 0, 2);
	tcase_add_test(c, test_input_before_held_output);
	tcase_add_test(c, test_no_hold);
	tcase_add_test(c, test_freed_while_holding);
	tcase_add_loop_test(c, test_unknown_seq, 0, N_OF(unknown));
	tcase_add_test(c, test_settled);
	tcase_add_test(c, test_unknown_probe);
	suite_add_tcase(s, c);
	return s;
}
