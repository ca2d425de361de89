/* misses: runs of probes that the kernel has skipped. */
#include "misses.h"
#include "suites.h"
#include "support.h"

START_TEST(test_fdinfo)
{
	ck_assert_uint_eq(misses_of_fdinfo("pos:\t0\nprog_type:\t17\nrecursion_misses:\t42\n"
					   "verified_insns:\t9\n"),
			  42);
	ck_assert_uint_eq(misses_of_fdinfo("pos:\t0\nprog_type:\t17\nrun_cnt:\t42\n"), 0);
	ck_assert_uint_eq(misses_of_fdinfo("pos:\t0\nmap_type:\t4\n"), 0);
	ck_assert_uint_eq(misses_of_fdinfo(""), 0);
}
END_TEST

/* The sample that was there when the ping was sent, or the oldest one that is kept. */
START_TEST(test_before)
{
	const struct loaded none = {0};
	struct misses m = {0};

	ck_assert_uint_eq(misses_before(&m, 100), 0);
	for (unsigned int i = 1; i <= 20; i++) {
		misses_sample(&m, &none, i * 100);
		m.samples[(i - 1) % MISSES_SAMPLES].count = i;
	}
	ck_assert_uint_eq(misses_before(&m, 2000), 20);
	ck_assert_uint_eq(misses_before(&m, 1999), 19);
	ck_assert_uint_eq(misses_before(&m, 500), 5);
	ck_assert_uint_eq(misses_before(&m, 499), 5);
	ck_assert_uint_eq(misses_before(&m, 5000), 20);
}
END_TEST

Suite *misses_suite(void)
{
	Suite *s = suite_create("misses");
	TCase *c = tcase_create("misses");

	tcase_add_test(c, test_fdinfo);
	tcase_add_test(c, test_before);
	suite_add_tcase(s, c);
	return s;
}
