/* icmp: the bytes of requests, and which replies are ours. */
#include "icmp.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct ping_identity who4 = {
	.family = AF_INET, .id = 0x1234, .cookie = "\x01\x02\x03\x04\x05\x06\x07\xff", .size = 56};
static const struct ping_identity who6 = {
	.family = AF_INET6, .id = 0x1234, .cookie = "\x01\x02\x03\x04\x05\x06\x07\xff", .size = 56};

static void expect_checksum(const char *data, size_t len, unsigned char high, unsigned char low)
{
	uint16_t sum = icmp_checksum(data, len);
	unsigned char bytes[2];

	memcpy(bytes, &sum, 2);
	ck_assert_uint_eq(bytes[0], high);
	ck_assert_uint_eq(bytes[1], low);
}

START_TEST(test_checksum)
{
	/* section 3 of RFC 1071: sum ddf2, so the checksum is its complement 220d */
	expect_checksum("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7", 8, 0x22, 0x0d);
	expect_checksum("", 0, 0xff, 0xff);
	/* the last byte of an odd length counts as the first of a pair */
	expect_checksum("\xab", 1, 0x54, 0xff);
	expect_checksum("\x01\x02\x03\xee", 3, 0xfb, 0xfd);
	expect_checksum("\xff\xff\xff\xff", 4, 0x00, 0x00);
	/* carries that carry again */
	expect_checksum("\xff\xff\x00\x01\xff\xff", 6, 0xff, 0xfe);
	/* an IPv4 header known from everywhere: b861 */
	expect_checksum("\x45\x00\x00\x73\x00\x00\x40\x00\x40\x11\x00\x00\xc0\xa8\x00\x01"
			"\xc0\xa8\x00\xc7",
			20, 0xb8, 0x61);
}
END_TEST

/* 64 KiB of 0xff: the sum must not run over. */
START_TEST(test_checksum_long)
{
	unsigned char *data = malloc(65535);

	ck_assert_ptr_nonnull(data);
	memset(data, 0xff, 65535);
	data[65534] = 0x12;
	ck_assert_uint_eq(icmp_checksum(data, 65534), 0);
	expect_checksum((const char *)data, 65535, 0xed, 0xff);
	free(data);
}
END_TEST

static const unsigned int sizes[] = {0, 1, 7, 8, 9, 56, 65507};

/* The packet is allocated exactly, so that the sanitizer and valgrind see a byte too much. */
START_TEST(test_build)
{
	for (int v6 = 0; v6 < 2; v6++) {
		struct ping_identity who = v6 ? who6 : who4;
		size_t len;
		uint8_t *p;

		who.size = sizes[_i];
		len = ICMP_HEADER_BYTES + who.size;
		p = malloc(len);
		ck_assert_ptr_nonnull(p);
		memset(p, 0xcc, len);
		icmp_build_request(&who, 0xabcd, p);
		ck_assert_uint_eq(p[0], v6 ? 128 : 8);
		ck_assert_uint_eq(p[1], 0);
		ck_assert_mem_eq(p + 4, "\x12\x34\xab\xcd", 4);
		for (unsigned int i = 0; i < who.size; i++)
			if (p[8 + i] != who.cookie[i % 8])
				ck_abort_msg("byte %u is %02x", i, p[8 + i]);
		if (v6)
			ck_assert_mem_eq(p + 2, "\0\0", 2);
		else
			ck_assert_uint_eq(icmp_checksum(p, len), 0); /* as a receiver checks it */
		free(p);
	}
}
END_TEST

START_TEST(test_known_packet)
{
	struct ping_identity who = who4;
	uint8_t p[17];

	who.size = 9;
	icmp_build_request(&who, 1, p);
	/* 0800 + 1234 + 0001 + 0102 + 0304 + 0506 + 07ff + 0100 = 2c40 */
	ck_assert_mem_eq(p, "\x08\x00\xd3\xbf\x12\x34\x00\x01\x01\x02\x03\x04\x05\x06\x07\xff\x01",
			 17);
}
END_TEST

/* A good reply to who. */
static size_t make_reply(const struct ping_identity *who, uint16_t seq, uint8_t reply[128])
{
	icmp_build_request(who, seq, reply);
	reply[0] = who->family == AF_INET ? 0 : 129;
	return ICMP_HEADER_BYTES + who->size;
}

START_TEST(test_our_reply)
{
	static const uint16_t seqs[] = {0, 1, 0x00ff, 0xff00, 0xffff};

	for (int i = 0; i < N_OF(seqs); i++) {
		uint8_t reply[128];
		uint16_t seq = 4711;
		size_t len = make_reply(&who4, seqs[i], reply);

		ck_assert(icmp_is_our_reply(&who4, reply, len, &seq));
		ck_assert_uint_eq(seq, seqs[i]);
		len = make_reply(&who6, seqs[i], reply);
		seq = 4711;
		ck_assert(icmp_is_our_reply(&who6, reply, len, &seq));
		ck_assert_uint_eq(seq, seqs[i]);
	}
}
END_TEST

/* One byte of a good reply is changed: header and cookie count, sum, sequence and padding do not.
 */
START_TEST(test_one_byte_off)
{
	for (int v6 = 0; v6 < 2; v6++)
		for (size_t i = 0; i < 64; i++) {
			const struct ping_identity *who = v6 ? &who6 : &who4;
			uint8_t reply[128];
			uint16_t seq;
			size_t len = make_reply(who, 3, reply);
			bool matters = i < 2 || i == 4 || i == 5 || (i >= 8 && i < 16);

			reply[i] ^= 0x80;
			ck_assert_msg(icmp_is_our_reply(who, reply, len, &seq) != matters,
				      "byte %zu", i);
		}
}
END_TEST

START_TEST(test_types_of_the_other_family)
{
	uint8_t reply[128];
	uint16_t seq;
	size_t len = make_reply(&who4, 3, reply);

	ck_assert(!icmp_is_our_reply(&who6, reply, len, &seq));
	reply[0] = 8; /* our own request, as on loopback */
	ck_assert(!icmp_is_our_reply(&who4, reply, len, &seq));
	len = make_reply(&who6, 3, reply);
	ck_assert(!icmp_is_our_reply(&who4, reply, len, &seq));
	reply[0] = 128;
	ck_assert(!icmp_is_our_reply(&who6, reply, len, &seq));
}
END_TEST

/* What is shorter than header and cookie is not ours, and not read past its end. */
START_TEST(test_short)
{
	for (unsigned int size = 0; size <= 10; size++)
		for (size_t len = 0; len <= 18; len++) {
			struct ping_identity who = who4;
			uint8_t all[128], *exact = malloc(len ? len : 1);
			uint16_t seq = 99;
			bool enough = len >= 8 + (size < 8 ? size : 8);

			who.size = size;
			memset(all, 0, sizeof(all));
			make_reply(&who, 3, all);
			memcpy(exact, all, len);
			ck_assert_msg(icmp_is_our_reply(&who, exact, len, &seq) == enough,
				      "size %u, length %zu", size, len);
			ck_assert_uint_eq(seq, enough ? 3 : 99);
			free(exact);
		}
}
END_TEST

static const struct {
	uint8_t first;
	size_t len, offset;
} ipv4[] = {
	{0x45, 84, 20}, {0x46, 84, 24}, {0x4f, 84, 60}, {0x45, 20, 20},
	{0x4f, 60, 60}, {0x45, 19, 19}, {0x46, 23, 23}, {0x4f, 59, 59},
	{0x45, 1, 1},   {0x45, 0, 0},   {0x44, 84, 84}, {0x40, 84, 84},
};

START_TEST(test_offset)
{
	size_t len = ipv4[_i].len;
	uint8_t *packet = calloc(1, len ? len : 1);

	ck_assert_ptr_nonnull(packet);
	packet[0] = ipv4[_i].first;
	/* of nothing, not one byte may be read: it starts where the allocation ends */
	ck_assert_uint_eq(icmp_offset_in_ipv4(len ? packet : packet + 1, len), ipv4[_i].offset);
	free(packet);
}
END_TEST

Suite *icmp_suite(void)
{
	Suite *s = suite_create("icmp");
	TCase *c = tcase_create("icmp");

	tcase_set_timeout(c, 30);
	tcase_add_test(c, test_checksum);
	tcase_add_test(c, test_checksum_long);
	tcase_add_loop_test(c, test_build, 0, N_OF(sizes));
	tcase_add_test(c, test_known_packet);
	tcase_add_test(c, test_our_reply);
	tcase_add_test(c, test_one_byte_off);
	tcase_add_test(c, test_types_of_the_other_family);
	tcase_add_test(c, test_short);
	tcase_add_loop_test(c, test_offset, 0, N_OF(ipv4));
	suite_add_tcase(s, c);
	return s;
}
