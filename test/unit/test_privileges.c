/* privileges: which capability is missing. */
#include "privileges.h"
#include "suites.h"
#include "support.h"

#include <linux/capability.h>

#define BIT(n)  (1ULL << (n))
#define RAW     BIT(CAP_NET_RAW)
#define ADMIN   BIT(CAP_SYS_ADMIN)
#define PERFMON BIT(38)
#define BPF     BIT(39)

static const struct {
	uint64_t effective;
	bool enters_netns;
	const char *missing;
	int paranoid;
} cases[] = {
	{0, false, "CAP_NET_RAW", 0},
	{~RAW, true, "CAP_NET_RAW", 0},
	{~0ULL, true, NULL, 0},
	{~0ULL, false, NULL, 0},
	{RAW | ADMIN, false, NULL, 0},
	{RAW | ADMIN, true, NULL, 0},
	{RAW | BPF | PERFMON, false, NULL, 0},
	{RAW | BPF | PERFMON, true, "CAP_SYS_ADMIN", 0},
	{RAW | PERFMON, false, "CAP_BPF (or CAP_SYS_ADMIN)", 0},
	{RAW | BPF, false, "CAP_PERFMON (or CAP_SYS_ADMIN)", 0},
	{RAW, false, "CAP_BPF (or CAP_SYS_ADMIN)", 0},
	{RAW, true, "CAP_SYS_ADMIN", 0},
	{ADMIN | BPF | PERFMON, false, "CAP_NET_RAW", 0},
	{~(ADMIN | BPF), false, "CAP_BPF (or CAP_SYS_ADMIN)", 0},
	{~(ADMIN | PERFMON), false, "CAP_PERFMON (or CAP_SYS_ADMIN)", 0},
	{~ADMIN, false, NULL, 0},
	{~ADMIN, true, "CAP_SYS_ADMIN", 0},
	/* CAP_SYS_RESOURCE is not asked for */
	{~BIT(CAP_SYS_RESOURCE), true, NULL, 0},
	{~ADMIN, false, NULL, 2},
	{~ADMIN, false, "CAP_SYS_ADMIN (as kernel.perf_event_paranoid is above 2)", 3},
	{~(ADMIN | BPF), false, "CAP_BPF (or CAP_SYS_ADMIN)", 4},
	{RAW | ADMIN, true, NULL, 4},
	{~ADMIN, false, NULL, -1},
};

START_TEST(test_missing)
{
	const char *missing =
		privileges_missing(cases[_i].effective, cases[_i].enters_netns, cases[_i].paranoid);

	if (cases[_i].missing)
		ck_assert_pstr_eq(missing, cases[_i].missing);
	else
		ck_assert_ptr_null(missing);
}
END_TEST

/* For this process it says one thing, and only if it fails. */
START_TEST(test_check)
{
	struct capture err;
	int result;

	capture_start(&err, stderr);
	result = privileges_check(true);
	if (result)
		expect_message(capture_stop(&err), "CAP_");
	else
		expect_silence(capture_stop(&err));
}
END_TEST

Suite *privileges_suite(void)
{
	Suite *s = suite_create("privileges");
	TCase *c = tcase_create("privileges");

	tcase_add_loop_test(c, test_missing, 0, N_OF(cases));
	tcase_add_test(c, test_check);
	suite_add_tcase(s, c);
	return s;
}
