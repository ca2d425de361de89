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
	bool perf_refused;
} cases[] = {
	{0, false, "CAP_NET_RAW", false},
	{~RAW, true, "CAP_NET_RAW", false},
	{~0ULL, true, NULL, false},
	{~0ULL, false, NULL, false},
	{RAW | ADMIN, false, NULL, false},
	{RAW | ADMIN, true, NULL, false},
	{RAW | BPF | PERFMON, false, NULL, false},
	{RAW | BPF | PERFMON, true, "CAP_SYS_ADMIN", false},
	{RAW | PERFMON, false, "CAP_BPF (or CAP_SYS_ADMIN)", false},
	{RAW | BPF, false, "CAP_PERFMON (or CAP_SYS_ADMIN)", false},
	{RAW, false, "CAP_BPF (or CAP_SYS_ADMIN)", false},
	{RAW, true, "CAP_SYS_ADMIN", false},
	{ADMIN | BPF | PERFMON, false, "CAP_NET_RAW", false},
	{~(ADMIN | BPF), false, "CAP_BPF (or CAP_SYS_ADMIN)", false},
	{~(ADMIN | PERFMON), false, "CAP_PERFMON (or CAP_SYS_ADMIN)", false},
	{~ADMIN, false, NULL, false},
	{~ADMIN, true, "CAP_SYS_ADMIN", false},
	/* CAP_SYS_RESOURCE is not asked for */
	{~BIT(CAP_SYS_RESOURCE), true, NULL, false},
	{~ADMIN, false, "CAP_SYS_ADMIN (as kernel.perf_event_paranoid is above 2)", true},
	{~(ADMIN | BPF), false, "CAP_BPF (or CAP_SYS_ADMIN)", true},
	{RAW | ADMIN, true, NULL, true},
};

START_TEST(test_missing)
{
	const char *missing = privileges_missing(cases[_i].effective, cases[_i].enters_netns,
						 cases[_i].perf_refused);

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
