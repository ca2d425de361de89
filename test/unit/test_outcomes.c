/* outcomes: alike ones are counted together, and the system is asked once. */
#include "outcomes.h"
#include "outcome_support.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static struct fake_host host;
static struct outcomes *outcomes;

static void set_up(void)
{
	fake_host_init(&host);
	host.reason = "NOMEM";
	outcomes = outcomes_new(&host.context);
	ck_assert_ptr_nonnull(outcomes);
}

static void tear_down(void)
{
	outcomes_free(outcomes);
	outcomes_free(NULL);
}

static int add(uint64_t seq, uint32_t netns, const char *ifname)
{
	struct way w = {0};

	fake_arrive(&w, netns, ifname, true);
	w.seq = seq;
	return outcomes_add(outcomes, &w);
}

static int add_answered(uint64_t seq)
{
	struct way w = {.seq = seq, .answered = true};

	return outcomes_add(outcomes, &w);
}

START_TEST(test_none)
{
	size_t n = 7;

	ck_assert_int_eq(add_answered(1), -1);
	outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 0);
	outcomes_take_back(outcomes, -1);
	outcomes_take_back(outcomes, 5);
}
END_TEST

START_TEST(test_counts)
{
	const struct outcome_line *l;
	unsigned int questions;
	size_t n;

	add_answered(1);
	add(2, WEB, "eth0");
	questions = host.questions;
	add(3, WEB, "eth0");
	ck_assert_uint_eq(host.questions, questions);
	add(4, ROUTER, "eth0");
	add(5, WEB, "eth0");
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(l[0].pings, 3);
	ck_assert_uint_eq(l[0].first_seq, 2);
	ck_assert_str_eq(l[0].outcome, "request_lost");
	ck_assert_str_eq(l[0].cause, "memory");
	ck_assert_str_eq(l[0].text, "lost: the request was dropped in netns web on eth0: the "
				    "kernel had no memory for it");
	ck_assert_uint_eq(l[1].pings, 1);
	ck_assert_uint_eq(l[1].first_seq, 4);
}
END_TEST

/* They differ in what is not told. */
START_TEST(test_same_words)
{
	const struct outcome_line *l;
	struct way w = {0};
	size_t n;

	add(2, WEB, "eth0");
	fake_arrive(&w, WEB, "eth0", true);
	w.seq = 3;
	w.passages[EVENT_REQUEST].waiting = true;
	ck_assert_int_eq(outcomes_add(outcomes, &w), 1);
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(l[0].pings, 2);
	ck_assert_uint_eq(l[0].first_seq, 2);
}
END_TEST

START_TEST(test_take_back)
{
	const struct outcome_line *l;
	int one = add(1, WEB, "eth0");
	size_t n;

	outcomes_take_back(outcomes, one);
	outcomes_take_back(outcomes, one); /* more than there were */
	outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 0);
	add(9, WEB, "eth0");
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(l[0].first_seq, 9);
}
END_TEST

START_TEST(test_duplicates)
{
	struct way twice = {.seq = 1, .answered = true, .n_origins = 2};
	const struct outcome_line *l;
	size_t n;

	outcomes_note_duplicates(outcomes, 0);
	outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 0);
	outcomes_note_duplicates(outcomes, 2);
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(l[0].cause, "duplicates");
	ck_assert_str_eq(l[0].text, "answered more than once: 2 further replies came; look for a "
				    "loop, or rules that copy packets (TEE, mirred)");
	outcomes_add(outcomes, &twice); /* that says it better */
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(l[0].cause, "duplicate_address");
}
END_TEST

/* The system is asked for each of these, whatever it says then. */
START_TEST(test_differences)
{
	const struct outcome_line *l;
	struct way w[9] = {{0}};
	uint64_t sum = 0;
	size_t n;

	for (int i = 0; i < N_OF(w); i++)
		fake_arrive(&w[i], WEB, "eth0", true);
	w[1].passages[EVENT_REQUEST].drops[0].drop.location++;
	w[2].passages[EVENT_REQUEST].drops[0].drop.reason++;
	w[3].passages[EVENT_REQUEST].drops[0].netns = ROUTER;
	w[4].passages[EVENT_REQUEST].last.ifindex++;
	w[5].send_error = 1;
	w[6].error.heard = true;
	w[7].passages[EVENT_REQUEST].waiting = true;
	way_chain(&w[8].passages[EVENT_REQUEST], &w[8].passages[EVENT_REQUEST].last,
		  &(struct hop_chain){.table = "raw"}, 0);
	for (int i = 0; i < N_OF(w); i++)
		ck_assert_int_eq(outcomes_add(outcomes, &w[i]), i);
	for (int i = 0; i < N_OF(w); i++)
		ck_assert_int_eq(outcomes_add(outcomes, &w[i]), i);
	l = outcomes_lines(outcomes, &n);
	for (size_t i = 0; i < n; i++)
		sum += l[i].pings;
	ck_assert_uint_eq(sum, 2 * N_OF(w));
}
END_TEST

/* No end of different ones: memory stays bounded, and none goes uncounted. */
START_TEST(test_many)
{
	const struct outcome_line *l;
	uint64_t sum = 0;
	size_t n;

	for (uint32_t i = 0; i < 1000; i++)
		add(i + 1, 4026540000U + i, "eth0");
	l = outcomes_lines(outcomes, &n);
	ck_assert_uint_le(n, 64);
	for (size_t i = 0; i < n; i++)
		sum += l[i].pings;
	ck_assert_uint_eq(sum, 1000);
}
END_TEST

Suite *outcomes_suite(void)
{
	Suite *s = suite_create("outcomes");
	TCase *c = tcase_create("outcomes");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_none);
	tcase_add_test(c, test_counts);
	tcase_add_test(c, test_same_words);
	tcase_add_test(c, test_take_back);
	tcase_add_test(c, test_duplicates);
	tcase_add_test(c, test_differences);
	tcase_add_test(c, test_many);
	suite_add_tcase(s, c);
	return s;
}
