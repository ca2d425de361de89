/* record: what comes out of the perf buffer is checked before it is believed. */
#include "record.h"
#include "suites.h"
#include "support.h"

#include <string.h>

/* 120 and 640, and 4 of perf's padding */
#define DEVICE_BYTES 124
#define CHAIN_BYTES  644

static union record device_record(void)
{
	union record r = {.chain = {.verdict = 0}};

	r.e = (struct event){
		.time_ns = 123456789,
		.skb = 0xffff888012345678,
		.size = sizeof(struct event),
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
	return r;
}

static union record chain_record(void)
{
	union record r = device_record();

	r.e.size = sizeof(struct event_chain);
	r.e.probe = PROBE_nft_do_chain;
	r.e.dir = EVENT_CHAIN;
	r.chain.verdict = 0x30003;
	r.chain.hook = 4;
	r.chain.pf = EVENT_PF_IPV4;
	r.chain.table_family = EVENT_PF_INET;
	r.chain.spare = 0xee;
	memset(r.chain.table, 't', sizeof(r.chain.table)); /* lacks the NUL */
	memset(r.chain.name, 'n', sizeof(r.chain.name));
	return r;
}

static const struct {
	union record (*make)(void);
	int bytes, size;
} kinds[] = {
	{device_record, DEVICE_BYTES, EVENT_SIZE},
	{chain_record, CHAIN_BYTES, EVENT_CHAIN_SIZE},
};

static int decode(const union record *r, int size, union record *out, int *found)
{
	unsigned char bytes[CHAIN_BYTES + 16];

	memset(bytes, 0xa5, sizeof(bytes));
	memcpy(bytes, r, r->e.dir == EVENT_CHAIN ? sizeof(r->chain) : sizeof(r->e));
	return record_decode(bytes, size, out, found);
}

START_TEST(test_good)
{
	union record r = kinds[_i].make(), out;
	int found = 0;

	memset(&out, 0x5a, sizeof(out));
	ck_assert_int_eq(decode(&r, kinds[_i].bytes, &out, &found), 0);
	ck_assert_int_eq(found, kinds[_i].size);
	ck_assert_uint_eq(record_size(&out.e), (size_t)kinds[_i].size);
	ck_assert_mem_eq(&r, &out, sizeof(r)); /* what a device's has not is 0 */
}
END_TEST

START_TEST(test_unaligned)
{
	union record r = kinds[_i].make(), out;
	unsigned char bytes[CHAIN_BYTES + 1] = {0};
	int found = 0;

	memcpy(bytes + 1, &r, sizeof(r));
	ck_assert_int_eq(record_decode(bytes + 1, kinds[_i].bytes, &out, &found), 0);
	ck_assert_mem_eq(&r, &out, sizeof(r));
}
END_TEST

static const int wrong_sizes[] = {-1,  0,   4,   36,  96,  100, 116, 119, 120, 121, 123, 125,
				  128, 132, 616, 620, 636, 639, 640, 643, 645, 648, 652, 4096};

START_TEST(test_wrong_record_size)
{
	for (int i = 0; i < N_OF(kinds); i++) {
		union record r = kinds[i].make(), out;
		int found = 12345;

		ck_assert_int_eq(decode(&r, wrong_sizes[_i], &out, &found), -1);
		ck_assert_int_eq(found, wrong_sizes[_i]);
	}
}
END_TEST

/* A sane record of the other kind's size: the size that the probe gave it is told. */
START_TEST(test_size_of_the_other_kind)
{
	union record r = kinds[_i].make(), out;
	int found = 0;

	ck_assert_int_eq(decode(&r, kinds[!_i].bytes, &out, &found), -1);
	ck_assert_int_eq(found, kinds[_i].size);
	/* the direction decides, not what the probe says of the size */
	r.e.size = (__u32)kinds[!_i].size;
	ck_assert_int_eq(decode(&r, kinds[!_i].bytes, &out, &found), -1);
	ck_assert_int_eq(decode(&r, kinds[_i].bytes, &out, &found), -1);
	ck_assert_int_eq(found, kinds[!_i].size);
}
END_TEST

static const unsigned int wrong_fields[] = {0, 1, 96, 119, 121, 128, 616, 639, 641, 0x7fffffff};

START_TEST(test_wrong_size_field)
{
	for (int i = 0; i < N_OF(kinds); i++) {
		union record r = kinds[i].make(), out;
		int found = 0;

		r.e.size = wrong_fields[_i];
		ck_assert_int_eq(decode(&r, kinds[i].bytes, &out, &found), -1);
		ck_assert_int_eq(found, (int)wrong_fields[_i]);
	}
}
END_TEST

static const struct {
	__u8 dir, type, family, flags;
	int result;
} fields[] = {
	{EVENT_TX, EVENT_REQUEST, 4, 0, 0},
	{EVENT_RX, EVENT_REQUEST, 6, 0, 0},
	{EVENT_END, EVENT_REPLY, 4, 0, 0},
	{EVENT_CHAIN, EVENT_REQUEST, 4, 0, 0},
	{EVENT_CHAIN, EVENT_REPLY, 6, 0, 0},
	{0, EVENT_REQUEST, 4, 0, -1},
	{EVENT_XMIT, EVENT_REQUEST, 4, 0, 0},
	{6, EVENT_REQUEST, 4, 0, -1},
	{255, EVENT_REQUEST, 4, 0, -1},
	{EVENT_TX, 0, 4, 0, -1},
	{EVENT_TX, EVENT_ERROR, 4, 0, 0},
	{EVENT_TX, 4, 4, 0, -1},
	{EVENT_TX, 255, 4, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 0, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 3, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 5, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 7, 0, -1},
	{EVENT_TX, EVENT_REQUEST, 255, 0, -1},
	{EVENT_CHAIN, 0, 4, 0, -1},
	{EVENT_CHAIN, EVENT_ERROR, 4, 0, 0},
	{EVENT_CHAIN, 4, 4, 0, -1},
	{EVENT_CHAIN, EVENT_REPLY, 2, 0, -1},
	{EVENT_CHAIN, EVENT_REPLY, 10, 0, -1},
	/* a header that is neither of IPv4 nor of IPv6 may be outside */
	{EVENT_TX, EVENT_REQUEST, 0, EVENT_F_ENCAP, 0},
	{EVENT_TX, EVENT_REQUEST, 0, EVENT_F_FRAGMENT, -1},
	{EVENT_TX, EVENT_REQUEST, 5, EVENT_F_ENCAP, -1},
};

START_TEST(test_field_range)
{
	bool chain = fields[_i].dir == EVENT_CHAIN;
	union record r = chain ? chain_record() : device_record(), out;
	int found = 0;

	r.e.dir = fields[_i].dir;
	r.e.type = fields[_i].type;
	r.e.family = fields[_i].family;
	r.e.flags = fields[_i].flags;
	ck_assert_int_eq(decode(&r, kinds[chain].bytes, &out, &found), fields[_i].result);
	ck_assert_int_eq(found, kinds[chain].size);
}
END_TEST

/* What a chain's record says of the chain is text and numbers: none of it is refused. */
START_TEST(test_any_chain)
{
	union record r = chain_record(), out;
	int found = 0;

	memset((char *)&r + sizeof(r.e), 0xff, sizeof(r) - sizeof(r.e));
	ck_assert_int_eq(decode(&r, CHAIN_BYTES, &out, &found), 0);
	ck_assert_mem_eq(&r, &out, sizeof(r));
}
END_TEST

Suite *record_suite(void)
{
	Suite *s = suite_create("record");
	TCase *c = tcase_create("record");

	tcase_add_loop_test(c, test_good, 0, N_OF(kinds));
	tcase_add_loop_test(c, test_unaligned, 0, N_OF(kinds));
	tcase_add_loop_test(c, test_wrong_record_size, 0, N_OF(wrong_sizes));
	tcase_add_loop_test(c, test_size_of_the_other_kind, 0, N_OF(kinds));
	tcase_add_loop_test(c, test_wrong_size_field, 0, N_OF(wrong_fields));
	tcase_add_loop_test(c, test_field_range, 0, N_OF(fields));
	tcase_add_test(c, test_any_chain);
	suite_add_tcase(s, c);
	return s;
}
