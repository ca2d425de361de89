/* record: what comes out of the perf buffer is checked before it is believed. */
#include "record.h"
#include "suites.h"
#include "support.h"

#include <string.h>

#define RECORD_BYTES 100 /* 96, and 4 of perf's padding */

static struct event good_event(void)
{
	struct event e = {
		.time_ns = 123456789,
		.skb = 0xffff888012345678,
		.size = sizeof(e),
		.cpu = 3,
		.netns = 4026531992,
		.ifindex = 7,
		.iif = 2,
		.extra = 9,
		.id = 0xbeef,
		.seq = 65535,
		.probe = PROBE_netif_rx,
		.dir = EVENT_RX,
		.type = EVENT_REPLY,
		.family = 4,
		.saddr = {172, 17, 0, 2},
		.daddr = {172, 17, 0, 1},
		.ifname = "eth0",
	};

	return e;
}

static int decode(const struct event *e, int size, struct event *out, int *found)
{
	unsigned char record[RECORD_BYTES + 16];

	memset(record, 0xa5, sizeof(record));
	memcpy(record, e, sizeof(*e));
	return record_decode(record, size, out, found);
}

START_TEST(test_good)
{
	struct event e = good_event(), out = {0};
	int found = 0;

	ck_assert_int_eq(decode(&e, RECORD_BYTES, &out, &found), 0);
	ck_assert_int_eq(found, EVENT_SIZE);
	ck_assert_mem_eq(&e, &out, sizeof(e));
}
END_TEST

START_TEST(test_unaligned)
{
	struct event e = good_event(), out = {0};
	unsigned char record[RECORD_BYTES + 1] = {0};
	int found = 0;

	memcpy(record + 1, &e, sizeof(e));
	ck_assert_int_eq(record_decode(record + 1, RECORD_BYTES, &out, &found), 0);
	ck_assert_mem_eq(&e, &out, sizeof(e));
}
END_TEST

static const int wrong_sizes[] = {-1, 0, 4, 36, 92, 95, 96, 97, 99, 101, 104, 108, 4096};

START_TEST(test_wrong_record_size)
{
	struct event e = good_event(), out = {0};
	int found = 12345;

	ck_assert_int_eq(decode(&e, wrong_sizes[_i], &out, &found), -1);
	ck_assert_int_eq(found, wrong_sizes[_i]);
}
END_TEST

static const unsigned int wrong_fields[] = {0, 1, 95, 97, 104, 0x7fffffff};

START_TEST(test_wrong_size_field)
{
	struct event e = good_event(), out = {0};
	int found = 0;

	e.size = wrong_fields[_i];
	ck_assert_int_eq(decode(&e, RECORD_BYTES, &out, &found), -1);
	ck_assert_int_eq(found, (int)wrong_fields[_i]);
}
END_TEST

static const struct {
	__u8 dir, type, family;
	int result;
} fields[] = {
	{EVENT_TX, EVENT_REQUEST, 4, 0},
	{EVENT_RX, EVENT_REQUEST, 6, 0},
	{EVENT_END, EVENT_REPLY, 4, 0},
	{0, EVENT_REQUEST, 4, -1},
	{4, EVENT_REQUEST, 4, -1},
	{255, EVENT_REQUEST, 4, -1},
	{EVENT_TX, 0, 4, -1},
	{EVENT_TX, 3, 4, -1},
	{EVENT_TX, 255, 4, -1},
	{EVENT_TX, EVENT_REQUEST, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 3, -1},
	{EVENT_TX, EVENT_REQUEST, 5, -1},
	{EVENT_TX, EVENT_REQUEST, 7, -1},
	{EVENT_TX, EVENT_REQUEST, 255, -1},
};

START_TEST(test_field_range)
{
	struct event e = good_event(), out = {0};
	int found = 0;

	e.dir = fields[_i].dir;
	e.type = fields[_i].type;
	e.family = fields[_i].family;
	ck_assert_int_eq(decode(&e, RECORD_BYTES, &out, &found), fields[_i].result);
	ck_assert_int_eq(found, EVENT_SIZE);
}
END_TEST

Suite *record_suite(void)
{
	Suite *s = suite_create("record");
	TCase *c = tcase_create("record");

	tcase_add_test(c, test_good);
	tcase_add_test(c, test_unaligned);
	tcase_add_loop_test(c, test_wrong_record_size, 0, N_OF(wrong_sizes));
	tcase_add_loop_test(c, test_wrong_size_field, 0, N_OF(wrong_fields));
	tcase_add_loop_test(c, test_field_range, 0, N_OF(fields));
	suite_add_tcase(s, c);
	return s;
}
