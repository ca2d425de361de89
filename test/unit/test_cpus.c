/* cpus: the kernel's lists. */
#include "cpus.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static bool cpus[MAX_CPUS];

static const struct {
	const char *list;
	int count;
	const char *set; /* which of 0 to 9 */
} lists[] = {
	{"", 0, ""},
	{"0", 1, "0"},
	{"3", 1, "3"},
	{"0-3", 4, "0123"},
	{"0-3,8", 5, "01238"},
	{"1,3,5-6,9", 5, "13569"},
	{"8,0-1", 3, "018"},
	{"2-2", 1, "2"},
	{"1,1,0-2", 3, "012"},
	{"007", 1, "7"},
	{"8191", 1, ""},
	{"0-8191", 8192, "0123456789"},
	/* no lists */
	{"8192", -1, NULL},
	{"0-8192", -1, NULL},
	{"4294967296", -1, NULL},
	{"99999999999999999999", -1, NULL},
	{"3-1", -1, NULL},
	{"0-", -1, NULL},
	{"-1", -1, NULL},
	{"-", -1, NULL},
	{",", -1, NULL},
	{"0,", -1, NULL},
	{",0", -1, NULL},
	{"0,,1", -1, NULL},
	{"0-1-2", -1, NULL},
	{" 0", -1, NULL},
	{"0 ", -1, NULL},
	{"0\n", -1, NULL},
	{"+1", -1, NULL},
	{"0x1", -1, NULL},
	{"all", -1, NULL},
	{"0-3:1/2", -1, NULL},
};

START_TEST(test_parse)
{
	memset(cpus, true, sizeof(cpus));
	ck_assert_int_eq(cpus_parse(lists[_i].list, cpus), lists[_i].count);
	if (lists[_i].set) {
		char set[11] = "";
		size_t n = 0;
		int all = 0;

		for (int i = 0; i < 10; i++)
			if (cpus[i])
				set[n++] = (char)('0' + i);
		ck_assert_str_eq(set, lists[_i].set);
		for (int i = 0; i < MAX_CPUS; i++)
			all += cpus[i];
		ck_assert_int_eq(all, lists[_i].count);
	}
}
END_TEST

START_TEST(test_online)
{
	int n = cpus_online(cpus), all = 0;

	ck_assert_int_gt(n, 0);
	for (int i = 0; i < MAX_CPUS; i++)
		all += cpus[i];
	ck_assert_int_eq(all, n);
}
END_TEST

Suite *cpus_suite(void)
{
	Suite *s = suite_create("cpus");
	TCase *c = tcase_create("cpus");

	tcase_add_loop_test(c, test_parse, 0, N_OF(lists));
	tcase_add_test(c, test_online);
	suite_add_tcase(s, c);
	return s;
}
