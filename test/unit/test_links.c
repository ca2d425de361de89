/* The way up a stack of devices. */
#include "links.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>

static const struct link devices[] = {
	{.ifindex = 1},                          /* lo */
	{.ifindex = 2, .master = 4},             /* s0, port of bond0 */
	{.ifindex = 3, .master = 4},             /* s1 */
	{.ifindex = 4},                          /* bond0 */
	{.ifindex = 5, .lower = 4},              /* bond0.7 */
	{.ifindex = 6, .lower = 5, .master = 8}, /* macvlan on it, in a VRF */
	{.ifindex = 7, .lower = 99},             /* on a device that is not there */
	{.ifindex = 8},                          /* the VRF */
	{.ifindex = 9, .lower = 10},             /* a ring, which cannot be */
	{.ifindex = 10, .lower = 9},
	{.ifindex = 11, .is_bridge = true},
	{.ifindex = 12, .master = 11},
};

static const struct {
	uint32_t bottom, top;
	int n;
	size_t max;
	uint32_t between[3];
} ways[] = {
	{2, 4, 0, 3, {0}},    {2, 5, 1, 3, {4}}, {3, 6, 2, 3, {4, 5}}, {2, 8, 3, 3, {4, 5, 6}},
	{2, 8, 2, 2, {4, 5}}, {5, 2, 0, 3, {0}}, {1, 5, 0, 3, {0}},    {4, 4, 0, 3, {0}},
	{2, 7, 0, 3, {0}},    {1, 9, 0, 3, {0}}, {77, 5, 0, 3, {0}},   {2, 77, 0, 3, {0}},
	{12, 11, -1, 3, {0}},
};

START_TEST(test_between)
{
	uint32_t between[3] = {0};
	int n = links_between(devices, sizeof(devices) / sizeof(devices[0]), ways[_i].bottom,
			      ways[_i].top, between, ways[_i].max);

	ck_assert_int_eq(n, ways[_i].n);
	for (int i = 0; i < n; i++)
		ck_assert_uint_eq(between[i], ways[_i].between[i]);
}
END_TEST

START_TEST(test_read_this_namespace)
{
	struct link *links = NULL;
	int n = links_read(&links);

	ck_assert_int_ge(n, 1);
	ck_assert_uint_gt(links[0].ifindex, 0);
	free(links);
}
END_TEST

Suite *links_suite(void)
{
	Suite *s = suite_create("links");
	TCase *t = tcase_create("links");

	tcase_add_loop_test(t, test_between, 0, sizeof(ways) / sizeof(ways[0]));
	tcase_add_test(t, test_read_this_namespace);
	suite_add_tcase(s, t);
	return s;
}
