/* way: the facts of a ping's way, whatever order they come in. */
#include "way.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static struct step step_at(uint64_t time, enum event_dir dir, uint32_t ifindex)
{
	return (struct step){.time_ns = time, .dir = dir, .netns = 7, .ifindex = ifindex};
}

static const uint64_t times[][4] = {
	{10, 20, 30, 40}, {40, 30, 20, 10}, {20, 40, 10, 30}, {30, 10, 40, 20}, {10, 40, 20, 30}};

START_TEST(test_devices_in_any_order)
{
	struct passage p = {0};

	for (int i = 0; i < 4; i++) {
		struct step s = step_at(times[_i][i], EVENT_RX, (uint32_t)times[_i][i] / 10);

		way_device(&p, &s);
	}
	ck_assert_uint_eq(p.first.ifindex, 1);
	ck_assert_uint_eq(p.last.ifindex, 4);
}
END_TEST

START_TEST(test_drops_in_any_order)
{
	struct passage p = {0};

	for (int i = 0; i < 4; i++) {
		struct step s = step_at(times[_i][i], EVENT_END, 1);

		way_drop(&p, &s);
	}
	ck_assert_uint_eq(p.n_drops, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(p.drops[i].time_ns, 10 * (i + 1));
}
END_TEST

/* Of more than are kept, the latest; also when they come last to first. */
START_TEST(test_many_drops)
{
	const uint64_t n = WAY_DROPS + 5;
	struct passage p = {0};

	for (uint64_t i = 1; i <= n; i++) {
		struct step s = step_at(_i ? n + 1 - i : i, EVENT_END, 1);

		way_drop(&p, &s);
	}
	ck_assert_uint_eq(p.n_drops, WAY_DROPS);
	for (size_t i = 0; i < WAY_DROPS; i++)
		ck_assert_uint_eq(p.drops[i].time_ns, n - WAY_DROPS + 1 + i);
}
END_TEST

START_TEST(test_used)
{
	struct passage p = {0};
	struct step late = step_at(20, EVENT_END, 2), early = step_at(10, EVENT_END, 1);

	way_used(&p, &late);
	way_used(&p, &early);
	ck_assert_uint_eq(p.used.ifindex, 2);
}
END_TEST

static const struct {
	uint32_t verdict;
	bool stopped;
} verdicts[] = {{0, true},  {1, false},       {2, true},       {3, true},  {4, false},
		{5, false}, {0x10001, false}, {0x30003, true}, {6, false}, {0x10002, true}};

START_TEST(test_verdicts)
{
	struct hop_chain c = {.verdict = verdicts[_i].verdict, .table = "filter"};
	struct step s = step_at(10, EVENT_CHAIN, 1);
	struct passage p = {0};

	ck_assert(way_is_stopped(c.verdict) == verdicts[_i].stopped);
	way_chain(&p, &s, &c, EVENT_CT_TRACKED);
	ck_assert(!!p.chain_at.dir == verdicts[_i].stopped);
	ck_assert_str_eq(p.chain.table, verdicts[_i].stopped ? "filter" : "");
}
END_TEST

START_TEST(test_last_chain)
{
	struct hop_chain first = {.table = "raw"}, second = {.table = "filter"};
	struct step early = step_at(10, EVENT_CHAIN, 1), late = step_at(20, EVENT_CHAIN, 2);
	struct passage p = {0};

	way_chain(&p, &late, &second, EVENT_CT_NONE);
	way_chain(&p, &early, &first, EVENT_CT_TRACKED);
	ck_assert_str_eq(p.chain.table, "filter");
	ck_assert_uint_eq(p.chain_at.ifindex, 2);
	ck_assert_uint_eq(p.ct, EVENT_CT_NONE);
}
END_TEST

Suite *way_suite(void)
{
	Suite *s = suite_create("way");
	TCase *c = tcase_create("way");

	tcase_add_loop_test(c, test_devices_in_any_order, 0, N_OF(times));
	tcase_add_loop_test(c, test_drops_in_any_order, 0, N_OF(times));
	tcase_add_loop_test(c, test_many_drops, 0, 2);
	tcase_add_test(c, test_used);
	tcase_add_loop_test(c, test_verdicts, 0, N_OF(verdicts));
	tcase_add_test(c, test_last_chain);
	suite_add_tcase(s, c);
	return s;
}
