/* icmp_is_our_error: which errors are about our ping, and what they say. */
#include "icmp.h"
#include "icmp_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct ping_identity *who_of(int v6)
{
	return v6 ? &who6 : &who4;
}

/* On a copy that is allocated exactly, so that the sanitizer and valgrind see a byte too much. */
static bool is_ours(const struct ping_identity *who, const uint8_t *message, size_t len,
		    struct icmp_error *error)
{
	uint8_t *exact = malloc(len ? len : 1);
	bool ours;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, message, len);
	memset(error, 0xa5, sizeof(*error));
	ours = icmp_is_our_error(who, len ? exact : exact + 1, len, error);
	if (!ours) {
		ck_assert_uint_eq(error->type, 0xa5);
		ck_assert_uint_eq(error->seq, 0xa5a5);
	}
	free(exact);
	return ours;
}

static bool is_error_type(int v6, int type)
{
	const uint8_t *types = v6 ? error_types6 : error_types4;

	for (int i = 0; types[i]; i++)
		if (types[i] == type)
			return true;
	return false;
}

/* Of all types there are, the errors and redirects of the family; what they say is read. */
START_TEST(test_types)
{
	for (int type = 0; type < 256; type++) {
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo,
			len = error_make(who_of(_i), (uint8_t)type, 0xfffe, NULL, m, &ip, &echo);

		ck_assert_msg(is_ours(who_of(_i), m, len, &e) == is_error_type(_i, type), "type %d",
			      type);
		if (!is_error_type(_i, type))
			continue;
		ck_assert_uint_eq(e.type, (uint8_t)type);
		ck_assert_uint_eq(e.code, 0x0c);
		ck_assert_uint_eq(e.info, _i && type == 137 ? 0 : 0x01020304);
		ck_assert_uint_eq(e.seq, 0xfffe);
		ck_assert(!e.about_reply);
		ck_assert(!is_ours(who_of(!_i), m, len, &e));
	}
}
END_TEST

/* The quoted echo may be the reply; other types and codes of ICMP are not ours. */
START_TEST(test_quoted_type)
{
	for (int type = 0; type < 256; type++) {
		int request = _i ? 128 : 8, reply = _i ? 129 : 0;
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo, len = error_make(who_of(_i), _i ? 1 : 3, 7, NULL, m, &ip, &echo);
		bool ours;

		m[echo] = (uint8_t)type;
		ours = is_ours(who_of(_i), m, len, &e);
		ck_assert_msg(ours == (type == request || type == reply), "type %d", type);
		if (ours)
			ck_assert_int_eq(e.about_reply, type == reply);
		m[echo + 1] = 1;
		ck_assert(!is_ours(who_of(_i), m, len, &e));
	}
}
END_TEST

/* Quotes are cut anywhere: from the header of the echo on they are ours. */
START_TEST(test_every_length)
{
	const uint8_t *types = _i ? error_types6 : error_types4;

	for (int i = 0; types[i]; i++) {
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo, whole;

		whole = error_make(who_of(_i), types[i], 7, NULL, m, &ip, &echo);
		for (size_t len = 0; len <= whole; len++) {
			ck_assert_msg(is_ours(who_of(_i), m, len, &e) == (len >= echo + 8),
				      "type %u, length %zu", types[i], len);
			if (len >= echo + 8)
				ck_assert_uint_eq(e.seq, 7);
		}
	}
}
END_TEST

/* A whole cookie decides, whatever the id; in a cut one each byte counts, and so does the id. */
START_TEST(test_id_and_cookie)
{
	for (size_t cookie = 0; cookie <= 9; cookie++) {
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo, len;

		error_make(who_of(_i), _i ? 3 : 11, 7, NULL, m, &ip, &echo);
		len = echo + 8 + cookie;
		for (size_t i = 0; i < cookie; i++) {
			m[echo + 8 + i] ^= 0x10;
			ck_assert_msg(is_ours(who_of(_i), m, len, &e) == (i == 8),
				      "byte %zu of %zu", i, cookie);
			m[echo + 8 + i] ^= 0x10;
		}
		for (size_t i = 4; i < 6; i++) {
			m[echo + i] ^= 1;
			ck_assert_msg(is_ours(who_of(_i), m, len, &e) == (cookie >= 8),
				      "id, cookie of %zu", cookie);
			m[echo + i] ^= 1;
		}
	}
}
END_TEST

/* Payloads without room for a whole cookie: id and what there is of the cookie must match. */
START_TEST(test_small_payload)
{
	for (unsigned int size = 0; size < 8; size++) {
		struct ping_identity who = *who_of(_i);
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo, len;

		who.size = size;
		len = error_make(&who, _i ? 4 : 12, 7, NULL, m, &ip, &echo);
		memset(m + len, 0, 8); /* padding behind it is not the cookie's */
		ck_assert(is_ours(&who, m, len, &e));
		ck_assert(is_ours(&who, m, len + 8, &e));
		m[echo + 5] ^= 1;
		ck_assert(!is_ours(&who, m, len, &e));
		ck_assert(!is_ours(&who, m, len + 8, &e));
		m[echo + 5] ^= 1;
		if (!size)
			continue;
		m[len - 1] ^= 1;
		ck_assert(!is_ours(&who, m, len, &e));
	}
}
END_TEST

static const struct {
	int v6;
	size_t at; /* in the quoted IP header */
	uint8_t value;
	bool ours;
} headers[] = {
	{0, 9, 17, false},   /* UDP */
	{0, 9, 58, false},   /* ICMPv6 */
	{0, 0, 0x65, false}, /* version 6 */
	{0, 0, 0x44, false}, /* length 16 */
	{0, 0, 0x40, false}, /* length 0 */
	{0, 0, 0x46, false}, /* length 24: then the echo starts with its id */
	{0, 7, 1, false},    /* fragments: at 8, at 7936, the first one */
	{0, 6, 0x1f, false}, {0, 6, 0x20, true}, {0, 8, 99, true},  /* ttl */
	{1, 6, 17, false},   {1, 6, 1, false},   {1, 6, 59, false}, /* no next header */
	{1, 6, 0, false},                        /* the echo is no extension header */
	{1, 0, 0x45, false}, {1, 0, 0x6f, true}, /* traffic class */
	{1, 7, 99, true},                        /* hop limit */
};

START_TEST(test_quoted_header)
{
	int v6 = headers[_i].v6;
	uint8_t m[ERROR_BYTES];
	struct icmp_error e;
	size_t ip, echo, len = error_make(who_of(v6), v6 ? 1 : 3, 7, NULL, m, &ip, &echo);

	m[ip + headers[_i].at] = headers[_i].value;
	ck_assert(is_ours(who_of(v6), m, len, &e) == headers[_i].ours);
}
END_TEST

/* A header that says it is shorter than 20 bytes has no echo in it, even if it looks like one. */
START_TEST(test_short_header)
{
	uint8_t m[ERROR_BYTES];
	struct icmp_error e;
	size_t ip, echo, len = error_make(&who4, 3, 7, NULL, m, &ip, &echo);

	icmp_build_request(&who4, 7, m + ip + 16);
	m[ip] = 0x44;
	ck_assert(!is_ours(&who4, m, len - 4, &e));
}
END_TEST

/* Options of the quoted IPv4 header, up to the most there can be, cut anywhere. */
START_TEST(test_ipv4_options)
{
	static const char options[40] = {7, 39, 4};

	for (size_t n = 0; n <= 40; n += 4) {
		struct between b = {0, options, n};
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo, whole = error_make(&who4, 11, 7, &b, m, &ip, &echo);

		ck_assert_uint_eq(echo, 28 + n);
		for (size_t len = 0; len <= whole; len++)
			ck_assert(is_ours(&who4, m, len, &e) == (len >= echo + 8));
	}
}
END_TEST

#define OPTIONS(next) next "\0\1\4\0\0\0\0"

static const struct {
	struct between b;
	bool ours;
} extensions[] = {
	{{0, OPTIONS("\x3a"), 8}, true},
	{{60, OPTIONS("\x3a"), 8}, true},
	{{43, OPTIONS("\x3a"), 8}, true},
	/* a length in units of 8 */
	{{0, "\x3a\1\1\014\0\0\0\0\0\0\0\0\0\0\0", 16}, true},
	/* AH counts otherwise: (4 + 2) * 4 bytes */
	{{51, "\x3a\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24}, true},
	/* the first fragment, a later one, and one whose reserved bits are set */
	{{44, "\x3a\0\0\1\0\0\0\1", 8}, true},
	{{44, "\x3a\0\0\x09\0\0\0\1", 8}, false},
	{{44, "\x3a\0\x10\0\0\0\0\1", 8}, false},
	{{44, "\x3a\xff\0\7\0\0\0\1", 8}, true},
	/* several */
	{{0, OPTIONS("\x3c") OPTIONS("\x2b") OPTIONS("\x2c") "\x3a\0\0\1\0\0\0\1", 32}, true},
	/* others: UDP behind options, ESP, something unknown */
	{{0, OPTIONS("\x11"), 8}, false},
	{{50, OPTIONS("\x3a"), 8}, false},
	{{135, OPTIONS("\x3a"), 8}, false},
	/* longer than there is */
	{{0, "\x3a\xff\1\4\0\0\0\0", 8}, false},
};

START_TEST(test_ipv6_extensions)
{
	for (int redirect = 0; redirect < 2; redirect++) {
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo,
			whole = error_make(&who6, redirect ? 137 : 3, 7, &extensions[_i].b, m, &ip,
					   &echo);

		for (size_t len = 0; len <= whole; len++)
			ck_assert_msg(is_ours(&who6, m, len, &e) ==
					      (extensions[_i].ours && len >= echo + 8),
				      "length %zu", len);
	}
}
END_TEST

/* The option with the quote is found behind others, and none is read past its end. */
START_TEST(test_redirect_options)
{
	uint8_t m[ERROR_BYTES];
	struct icmp_error e;
	size_t ip, echo, len = error_make(&who6, 137, 7, NULL, m, &ip, &echo);

	ck_assert(is_ours(&who6, m, len, &e));
	m[40] = 99; /* an option that nobody knows is skipped */
	ck_assert(is_ours(&who6, m, len, &e));
	m[41] = 0; /* of no length: the message is invalid (RFC 4861, 4.6) */
	ck_assert(!is_ours(&who6, m, len, &e));
	m[41] = 255;
	ck_assert(!is_ours(&who6, m, len, &e));
	m[41] = 1;
	m[48] = 5; /* no Redirected Header there */
	ck_assert(!is_ours(&who6, m, len, &e));
	m[48] = 4;
	m[49] = 6; /* it ends with the quoted IP header */
	ck_assert(!is_ours(&who6, m, len, &e));
	m[49] = 7; /* with that of the echo: the cookie is not in it, so the id decides */
	m[echo + 8] ^= 1;
	ck_assert(is_ours(&who6, m, len, &e));
	m[echo + 5] ^= 1;
	ck_assert(!is_ours(&who6, m, len, &e));
	m[49] = 255; /* more than there is: cut */
	m[echo + 5] ^= 1;
	m[echo + 8] ^= 1;
	ck_assert(is_ours(&who6, m, len, &e));
}
END_TEST

/* Replies are no errors, and errors no replies. */
START_TEST(test_reply)
{
	const struct ping_identity *who = who_of(_i);
	uint8_t m[ERROR_BYTES];
	struct icmp_error e;
	uint16_t seq;
	size_t ip, echo, len = error_make(who, _i ? 1 : 3, 7, NULL, m, &ip, &echo);

	ck_assert(!icmp_is_our_reply(who, m, len, &seq));
	icmp_build_request(who, 7, m);
	m[0] = _i ? 129 : 0;
	ck_assert(!is_ours(who, m, 64, &e));
}
END_TEST

Suite *icmp_error_suite(void)
{
	Suite *s = suite_create("icmp_error");
	TCase *c = tcase_create("icmp_error");

	tcase_set_timeout(c, 30);
	tcase_add_loop_test(c, test_types, 0, 2);
	tcase_add_loop_test(c, test_quoted_type, 0, 2);
	tcase_add_loop_test(c, test_every_length, 0, 2);
	tcase_add_loop_test(c, test_id_and_cookie, 0, 2);
	tcase_add_loop_test(c, test_small_payload, 0, 2);
	tcase_add_loop_test(c, test_quoted_header, 0, N_OF(headers));
	tcase_add_test(c, test_short_header);
	tcase_add_test(c, test_ipv4_options);
	tcase_add_loop_test(c, test_ipv6_extensions, 0, N_OF(extensions));
	tcase_add_test(c, test_redirect_options);
	tcase_add_loop_test(c, test_reply, 0, 2);
	suite_add_tcase(s, c);
	return s;
}
