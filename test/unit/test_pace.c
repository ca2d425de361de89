/* pace: when the buffers are read, and that nobody looks when nothing is to be seen. */
#include "pace.h"
#include "suites.h"
#include "support.h"
#include "util.h"

#define START (1000 * NS_PER_S)
#define MS(n) (START + (n)*NS_PER_MS)

static struct pace pace;

static void set_up(void)
{
	pace = (struct pace){0};
}

/* Reads when it is due, with these results; returns the pause that follows, in ms, 0 for ever. */
static uint64_t pause_after(bool news, bool under_way)
{
	uint64_t now = pace_next(&pace) ? pace_next(&pace) : START;

	pace_read(&pace, now, news, under_way);
	return pace_next(&pace) ? (pace_next(&pace) - now) / NS_PER_MS : 0;
}

/* Nothing was sent: nothing is read, whatever else makes the loop go round. */
START_TEST(test_nothing_sent)
{
	ck_assert_uint_eq(pace_next(&pace), 0);
	ck_assert_uint_eq(pause_after(false, false), 0);
}
END_TEST

/* Soon after a ping, then less often, and not at all when it was answered. */
START_TEST(test_answered)
{
	pace_sent(&pace, START);
	ck_assert_uint_eq(pace_next(&pace), MS(1));
	ck_assert_uint_eq(pause_after(true, false), 1);
	ck_assert_uint_eq(pause_after(false, false), 4);
	ck_assert_uint_eq(pause_after(false, false), 16);
	ck_assert_uint_eq(pause_after(false, false), 0);
	ck_assert_uint_eq(pause_after(false, false), 0);
	ck_assert_uint_eq(pause_after(true, false), 1); /* something late */
}
END_TEST

/* While there may be an answer, somebody looks; no row is later than that because of it. */
START_TEST(test_under_way)
{
	pace_sent(&pace, START);
	for (int i = 0; i < 2; i++)
		pause_after(false, true);
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(pause_after(false, true), 16);
	ck_assert_uint_eq(pause_after(true, true), 1);
	pause_after(false, true);
	pause_after(false, true);
	ck_assert_uint_eq(pause_after(false, false), 0);
}
END_TEST

/* In a flood, pings do not put off what is due; after a pause they bring it forward. */
START_TEST(test_sent_again)
{
	pace_sent(&pace, START);
	pace_sent(&pace, START + NS_PER_MS / 2);
	ck_assert_uint_eq(pace_next(&pace), MS(1));
	pace_read(&pace, MS(1), false, true);
	pace_read(&pace, MS(5), false, true);
	ck_assert_uint_eq(pace_next(&pace), MS(21));
	pace_sent(&pace, MS(6));
	ck_assert_uint_eq(pace_next(&pace), MS(7));
	ck_assert_uint_eq(pause_after(false, true), 4);
}
END_TEST

START_TEST(test_hurry)
{
	pace_hurry(&pace);
	ck_assert_uint_ne(pace_next(&pace), 0);
	ck_assert_uint_le(pace_next(&pace), START);
	pace_read(&pace, START, true, false);
	ck_assert_uint_eq(pace_next(&pace), MS(1));
}
END_TEST

Suite *pace_suite(void)
{
	Suite *s = suite_create("pace");
	TCase *c = tcase_create("pace");

	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, test_nothing_sent);
	tcase_add_test(c, test_answered);
	tcase_add_test(c, test_under_way);
	tcase_add_test(c, test_sent_again);
	tcase_add_test(c, test_hurry);
	suite_add_tcase(s, c);
	return s;
}
