/* journey: pings sent and answered, sequence numbers that wrap, when a ping is done. */
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

static const struct seen one_tx[] = {{10, 0xa, QUEUE, TX, HOST, 3, "br0", 0}};

START_TEST(test_nothing_yet)
{
	const struct summary *s = journey_summary(log_.journey);

	ck_assert_uint_eq(s->sent, 1);
	ck_assert_uint_eq(s->received, 0);
	ck_assert_uint_eq(s->duplicates, 0);
	ck_assert_uint_eq(s->rtt_min_ns, 0);
	ck_assert_uint_eq(s->rtt_max_ns, 0);
	ck_assert_uint_eq(s->rtt_sum_ns, 0);
	ck_assert(!journey_is_answered(log_.journey, 1));
	ck_assert(!journey_is_settled(log_.journey, 1));
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
	journey_free(NULL);
}
END_TEST

/* What somebody has to look out for: until an answer, of whatever kind, or the end of its time. */
START_TEST(test_waiting)
{
	const struct heard_error unreachable = {.family = 4, .type = 3, .code = 1};
	const struct heard_error redirect = {.family = 4, .type = 5};

	log_set_timeout(&log_, 1000);
	ck_assert(journey_is_waiting(log_.journey));
	journey_sent(log_.journey, 2, SENT_NS);
	journey_replied(log_.journey, 1, SENT_NS + 5);
	journey_replied(log_.journey, 1, SENT_NS + 6);
	ck_assert(journey_is_waiting(log_.journey));
	journey_error(log_.journey, 2, &redirect);
	ck_assert(journey_is_waiting(log_.journey));
	journey_error(log_.journey, 2, &unreachable);
	ck_assert(!journey_is_waiting(log_.journey));
	journey_replied(log_.journey, 2, SENT_NS + 7);
	ck_assert(!journey_is_waiting(log_.journey));
	journey_sent(log_.journey, 3, SENT_NS);
	journey_tick(log_.journey, SENT_NS + 999);
	ck_assert(journey_is_waiting(log_.journey));
	journey_tick(log_.journey, SENT_NS + 1000);
	ck_assert(!journey_is_waiting(log_.journey));
	journey_replied(log_.journey, 3, SENT_NS + 2000); /* late */
	ck_assert(!journey_is_waiting(log_.journey));
	journey_sent(log_.journey, 4, SENT_NS);
	ck_assert(journey_is_waiting(log_.journey));
}
END_TEST

START_TEST(test_rtt)
{
	static const uint64_t rtts[] = {500, 200, 900, 300};
	const struct summary *s = journey_summary(log_.journey);

	for (uint64_t seq = 1; seq <= 4; seq++) {
		if (seq > 1)
			journey_sent(log_.journey, seq, SENT_NS * seq);
		ck_assert(journey_replied(log_.journey, (uint16_t)seq,
					  SENT_NS * seq + rtts[seq - 1]));
	}
	ck_assert_uint_eq(s->sent, 4);
	ck_assert_uint_eq(s->received, 4);
	ck_assert_uint_eq(s->rtt_min_ns, 200);
	ck_assert_uint_eq(s->rtt_max_ns, 900);
	ck_assert_uint_eq(s->rtt_sum_ns, 1900);
	ck_assert_uint_eq(s->duplicates, 0);
}
END_TEST

START_TEST(test_duplicates)
{
	const struct summary *s = journey_summary(log_.journey);

	ck_assert(journey_replied(log_.journey, 1, SENT_NS + 500));
	ck_assert(journey_replied(log_.journey, 1, SENT_NS + 100));
	ck_assert(journey_replied(log_.journey, 1, SENT_NS + 900));
	ck_assert_uint_eq(s->received, 1);
	ck_assert_uint_eq(s->duplicates, 2);
	ck_assert_uint_eq(s->rtt_min_ns, 500);
	ck_assert_uint_eq(s->rtt_max_ns, 500);
	ck_assert_uint_eq(s->rtt_sum_ns, 500);
}
END_TEST

START_TEST(test_reply_before_sent)
{
	const struct summary *s = journey_summary(log_.journey);

	ck_assert(journey_replied(log_.journey, 1, SENT_NS - 1));
	ck_assert_uint_eq(s->received, 1);
	ck_assert_uint_eq(s->rtt_min_ns, 0);
	ck_assert_uint_eq(s->rtt_max_ns, 0);
}
END_TEST

/* The smallest round trip is 0 and stays it. */
START_TEST(test_rtt_zero_is_a_minimum)
{
	const struct summary *s = journey_summary(log_.journey);

	journey_replied(log_.journey, 1, SENT_NS);
	journey_sent(log_.journey, 2, SENT_NS);
	journey_replied(log_.journey, 2, SENT_NS + 5);
	ck_assert_uint_eq(s->rtt_min_ns, 0);
	ck_assert_uint_eq(s->rtt_max_ns, 5);
}
END_TEST

/* On the wire are 16 bits; the ping is known by its full number. */
START_TEST(test_wrap)
{
	static const uint64_t seqs[] = {65535, 65536, 65537, 131072, 4294967296 + 3};

	for (int i = 0; i < N_OF(seqs); i++) {
		char expected[128];
		uint64_t seq = seqs[i];

		journey_sent(log_.journey, seq, SENT_NS);
		log_feed(&log_, (__u16)seq, one_tx, 1);
		snprintf(expected, sizeof(expected),
			 "%llu +10 request tx host/br0.3 net_dev_queue\n", (unsigned long long)seq);
		log_expect(&log_, expected);
		ck_assert(journey_replied(log_.journey, (uint16_t)seq, SENT_NS + 1));
		ck_assert(journey_is_answered(log_.journey, seq));
		ck_assert(!journey_is_answered(log_.journey, seq & 0xffff) || seq < 65536);
	}
}
END_TEST

/* Far more pings than are kept: the old ones are forgotten, the new ones known. */
START_TEST(test_more_than_kept)
{
	const struct summary *s = journey_summary(log_.journey);

	for (uint64_t seq = 2; seq <= 70000; seq++) {
		journey_sent(log_.journey, seq, SENT_NS);
		if (seq % 100 == 0)
			log_feed(&log_, (__u16)seq, one_tx, 1);
		log_.len = 0;
		log_.text[0] = '\0';
	}
	ck_assert_uint_eq(s->sent, 70000);
	ck_assert(!journey_replied(log_.journey, (uint16_t)(70000 - 60000), SENT_NS + 1));
	ck_assert(!journey_replied(log_.journey, (uint16_t)(70000 + 1), SENT_NS + 1));
	ck_assert(journey_replied(log_.journey, (uint16_t)70000, SENT_NS + 1));
	ck_assert(journey_replied(log_.journey, (uint16_t)69000, SENT_NS + 1));
	ck_assert(journey_is_answered(log_.journey, 70000));
	ck_assert(!journey_is_answered(log_.journey, 70000 - 65536));
	ck_assert_uint_eq(s->received, 2);
}
END_TEST

/* A ping whose place is taken by a new one lets go of what it holds. */
START_TEST(test_forgotten_while_holding)
{
	static const struct seen events[] = {
		{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{20, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n");
	journey_sent(log_.journey, 65537, SENT_NS);
	log_expect(&log_, "1 +20 reply tx box/eth0.2 net_dev_queue\n");
	ck_assert_uint_eq(journey_deadline(log_.journey), 0);
	ck_assert(!journey_is_answered(log_.journey, 1));
}
END_TEST

/* Nothing that an old ping left behind shows in the one that takes its place. */
START_TEST(test_place_is_clean)
{
	static const struct seen first[] = {{10, 0xa, NETIF, RX, BOX, 2, "eth0", 0}};
	static const struct seen second[] = {
		{20, 0xa, QUEUE, TX, BOX, 3, "eth1", 9}, /* the first ping's RX does not count */
		{30, 0xa, NETIF, RX, BOX, 5, "eth5", 0},
		{40, 0xa, QUEUE, TX, BOX, 3, "eth1", 2}, /* and neither does its device 2 */
	};

	FEED(&log_, first);
	log_expect(&log_, "1 +10 request rx box/eth0.2 netif_rx\n");
	journey_replied(log_.journey, 1, SENT_NS + 1);
	journey_sent(log_.journey, 65537, SENT_NS);
	ck_assert(!journey_is_answered(log_.journey, 65537));
	FEED(&log_, second);
	log_expect(&log_, "65537 +20 request tx box/eth1.3 net_dev_queue\n"
			  "65537 +30 request rx box/eth5.5 netif_rx\n"
			  "65537 +30 request rx box/box-if2.2 skb_iif\n"
			  "65537 +40 request tx box/eth1.3 net_dev_queue\n");
}
END_TEST

/* A ping is settled when it is answered and no skb of it is still being taken in. */
START_TEST(test_settled)
{
	static const struct seen out_and_in[] = {
		{10, 0xa, QUEUE, TX, HOST, 4, "v0", 0},
		{20, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{30, 0xb, QUEUE, TX_BACK, BOX, 2, "eth0", 0},
	};
	static const struct seen request_end[] = {
		{40, 0xa, FREED, END, BOX, 2, "eth0", 2},
	};
	static const struct seen back[] = {
		{50, 0xb, NETIF, RX_BACK, HOST, 4, "v0", 0},
	};
	static const struct seen reply_end[] = {
		{60, 0xb, DROPPED, END_BACK, HOST, 4, "v0", 4},
	};
	struct journey *j = log_.journey;

	journey_replied(j, 1, SENT_NS + 55);
	ck_assert(!journey_is_settled(j, 1)); /* not one device has taken it in */
	log_feed(&log_, 1, out_and_in, 1);
	ck_assert(!journey_is_settled(j, 1));
	log_feed(&log_, 1, out_and_in + 1, 2);
	ck_assert(!journey_is_settled(j, 1)); /* holds the reply */
	FEED(&log_, request_end);
	FEED(&log_, back);
	ck_assert(!journey_is_settled(j, 1)); /* the reply is still being taken in */
	FEED(&log_, reply_end);
	ck_assert(journey_is_settled(j, 1));
	ck_assert(!journey_is_settled(j, 2));
	ck_assert(!journey_is_settled(j, 65537));
	log_.len = 0;
	log_.text[0] = '\0';
}
END_TEST

START_TEST(test_not_settled_without_answer)
{
	static const struct seen events[] = {
		{20, 0xa, NETIF, RX, BOX, 2, "eth0", 0},
		{40, 0xa, FREED, END, BOX, 2, "eth0", 2},
	};

	FEED(&log_, events);
	log_expect(&log_, "1 +20 request rx box/eth0.2 netif_rx\n");
	ck_assert(!journey_is_settled(log_.journey, 1));
	journey_replied(log_.journey, 1, SENT_NS + 55);
	ck_assert(journey_is_settled(log_.journey, 1));
}
END_TEST

Suite *journey_count_suite(void)
{
	Suite *s = suite_create("journey_count");
	TCase *c = tcase_create("journey_count");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_nothing_yet);
	tcase_add_test(c, test_waiting);
	tcase_add_test(c, test_rtt);
	tcase_add_test(c, test_duplicates);
	tcase_add_test(c, test_reply_before_sent);
	tcase_add_test(c, test_rtt_zero_is_a_minimum);
	tcase_add_test(c, test_wrap);
	tcase_add_test(c, test_more_than_kept);
	tcase_add_test(c, test_forgotten_while_holding);
	tcase_add_test(c, test_place_is_clean);
	tcase_add_test(c, test_settled);
	tcase_add_test(c, test_not_settled_without_answer);
	suite_add_tcase(s, c);
	return s;
}
