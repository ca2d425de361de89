/* text: what comes from outside is made safe to show. */
#include "suites.h"
#include "support.h"
#include "text.h"

#include <string.h>

static const struct {
	const char *in, *name, *message; /* message NULL: as name */
} escapes[] = {
	{"", "", NULL},
	{"eth0", "eth0", NULL},
	{" ~!@", " ~!@", NULL},
	{"\033[2J", "\\x1b[2J", NULL},
	{"\x01\x1f\x20", "\\x01\\x1f ", NULL},
	{"a\nb\rc\td", "a\\x0ab\\x0dc\\x09d", NULL},
	{"\x7e\x7f", "~\\x7f", NULL},
	{"back\\slash", "back\\x5cslash", "back\\slash"},
	/* C1 controls as UTF-8, and what comes after them */
	{"\xc2\x80\xc2\x9b\xc2\x9f", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f", NULL},
	{"\xc2\xa0", "\xc2\xa0", NULL},
	/* C1 controls as bytes, stray continuations, bytes that never occur */
	{"\x9b", "\\x9b", NULL},
	{"a\x80z", "a\\x80z", NULL},
	{"\xfe\xff\xf8", "\\xfe\\xff\\xf8", NULL},
	/* valid: two, three and four bytes */
	{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", NULL},
	/* cut off */
	{"\xc3", "\\xc3", NULL},
	{"\xe2\x82", "\\xe2\\x82", NULL},
	{"\xf0\x9f\x90", "\\xf0\\x9f\\x90", NULL},
	{"\xe2\x82\x41", "\\xe2\\x82\x41", NULL},
	{"\xc3\xc3\xa9", "\\xc3\xc3\xa9", NULL},
	/* overlong: '/', NUL, U+07FF and U+FFFF in too many bytes */
	{"\xc0\xaf", "\\xc0\\xaf", NULL},
	{"\xc1\xbf", "\\xc1\\xbf", NULL},
	{"\xe0\x80\x80", "\\xe0\\x80\\x80", NULL},
	{"\xe0\x9f\xbf", "\\xe0\\x9f\\xbf", NULL},
	{"\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf", NULL},
	/* and the least that those lengths may hold */
	{"\xc2\xbf\xe0\xa0\x80\xf0\x90\x80\x80", "\xc2\xbf\xe0\xa0\x80\xf0\x90\x80\x80", NULL},
	/* surrogates and their neighbours */
	{"\xed\xa0\x80\xed\xbf\xbf", "\\xed\\xa0\\x80\\xed\\xbf\\xbf", NULL},
	{"\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80", NULL},
	/* U+10FFFF and above */
	{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", NULL},
	{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", NULL},
	{"\xf7\xbf\xbf\xbf", "\\xf7\\xbf\\xbf\\xbf", NULL},
	/* direction marks U+061C, U+200E, U+200F and their neighbours */
	{"\xd8\x9c", "\\xd8\\x9c", NULL},
	{"\xd8\x9b\xd8\x9d", "\xd8\x9b\xd8\x9d", NULL},
	{"\xe2\x80\x8e\xe2\x80\x8f", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f", NULL},
	{"\xe2\x80\x90", "\xe2\x80\x90", NULL},
	/* invisible: U+200B to U+200D, U+2060, U+FEFF */
	{"\xe2\x80\x8a", "\xe2\x80\x8a", NULL},
	{"\xe2\x80\x8b\xe2\x80\x8d", "\\xe2\\x80\\x8b\\xe2\\x80\\x8d", NULL},
	{"\xe2\x81\x9f\xe2\x81\xa0", "\xe2\x81\x9f\\xe2\\x81\\xa0", NULL},
	{"\xef\xbb\xbf\xef\xbb\xbe", "\\xef\\xbb\\xbf\xef\xbb\xbe", NULL},
	/* U+2028 to U+202E: separators, embeddings, overrides */
	{"\xe2\x80\xa7", "\xe2\x80\xa7", NULL},
	{"\xe2\x80\xa8\xe2\x80\xae", "\\xe2\\x80\\xa8\\xe2\\x80\\xae", NULL},
	{"\xe2\x80\xaf", "\xe2\x80\xaf", NULL},
	/* U+2066 to U+2069: isolates */
	{"\xe2\x81\xa5", "\xe2\x81\xa5", NULL},
	{"\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9", NULL},
	{"\xe2\x81\xaa", "\xe2\x81\xaa", NULL},
};

/* Characters of valid UTF-8. */
static size_t count_characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void expect_escape(const char *in, enum text_use use, const char *expected)
{
	char out[256];
	size_t columns = text_escape(out, sizeof(out), in, strlen(in), use);

	ck_assert_str_eq(out, expected);
	ck_assert_uint_eq(columns, count_characters(expected));
}

START_TEST(test_escape)
{
	const char *name = escapes[_i].name;
	const char *message = escapes[_i].message;

	expect_escape(escapes[_i].in, TEXT_NAME, name);
	expect_escape(escapes[_i].in, TEXT_MESSAGE, message ? message : name);
}
END_TEST

START_TEST(test_nul_inside)
{
	char out[64];

	ck_assert_uint_eq(text_escape(out, sizeof(out), "a\0b", 3, TEXT_NAME), 6);
	ck_assert_str_eq(out, "a\\x00b");
}
END_TEST

/* The text has no end of its own: bytes behind len are not looked at. */
START_TEST(test_len_ends_it)
{
	char out[64];

	text_escape(out, sizeof(out), "\xe2\x82\xac", 2, TEXT_NAME);
	ck_assert_str_eq(out, "\\xe2\\x82");
	text_escape(out, sizeof(out), "abc", 0, TEXT_NAME);
	ck_assert_str_eq(out, "");
}
END_TEST

/* For every buffer size: as many whole characters as fit, terminated, nothing written behind. */
START_TEST(test_every_size)
{
	static const char in[] = "a\xc3\xa9\xe2\x82\xac\n\xf0\x9f\x90\xa7\xe2\x80\xaez";
	static const char *const units[] = {
		"a", "\xc3\xa9", "\xe2\x82\xac", "\\x0a", "\xf0\x9f\x90\xa7", "\\xe2\\x80\\xae",
		"z",
	};

	for (size_t size = 0; size <= 40; size++) {
		char out[41], expected[41] = "";
		size_t columns;

		memset(out, '#', sizeof(out));
		columns = text_escape(out, size, in, strlen(in), TEXT_NAME);
		for (int i = 0; i < N_OF(units); i++) {
			if (strlen(expected) + strlen(units[i]) + 1 > size)
				break;
			strcat(expected, units[i]);
		}
		for (size_t i = size; i < sizeof(out); i++)
			ck_assert_int_eq(out[i], '#');
		if (size) {
			ck_assert_str_eq(out, expected);
			ck_assert_uint_eq(columns, count_characters(expected));
		} else {
			ck_assert_uint_eq(columns, 0);
		}
	}
}
END_TEST

/* 4 * len + 1 is always enough, and the result is harmless and valid, whatever goes in. */
START_TEST(test_all_pairs)
{
	for (unsigned int n = 0; n < 65536; n++) {
		char in[2] = {(char)(n >> 8), (char)n}, out[9];
		const unsigned char *s = (const unsigned char *)out;

		text_escape(out, sizeof(out), in, sizeof(in), TEXT_NAME);
		if (strlen(out) < 2) /* plain ifs: valgrind is slow enough */
			ck_abort_msg("%02x %02x gave %s", n >> 8, n & 255, out);
		for (; *s; s++)
			if (*s < 0x20 || *s == 0x7f)
				ck_abort_msg("%02x %02x gave %s", n >> 8, n & 255, out);
		for (size_t at = 0; out[at];) {
			size_t len = text_utf8_length(out + at, strlen(out + at));

			if (!len)
				ck_abort_msg("%02x %02x gave %s", n >> 8, n & 255, out);
			at += len;
		}
	}
}
END_TEST

START_TEST(test_utf8_length)
{
	ck_assert_uint_eq(text_utf8_length("", 0), 0);
	ck_assert_uint_eq(text_utf8_length("a", 1), 1);
	ck_assert_uint_eq(text_utf8_length("\0", 1), 1);
	ck_assert_uint_eq(text_utf8_length("\x7f", 1), 1);
	ck_assert_uint_eq(text_utf8_length("\xc3\xa9x", 3), 2);
	ck_assert_uint_eq(text_utf8_length("\xc3\xa9", 1), 0);
	ck_assert_uint_eq(text_utf8_length("\xe2\x82\xac", 3), 3);
	ck_assert_uint_eq(text_utf8_length("\xe2\x82\xac", 2), 0);
	ck_assert_uint_eq(text_utf8_length("\xf0\x9f\x90\xa7", 4), 4);
	ck_assert_uint_eq(text_utf8_length("\xf0\x9f\x90\xa7", 3), 0);
	ck_assert_uint_eq(text_utf8_length("\xe2\x80\xae", 3), 3); /* valid, if not harmless */
	ck_assert_uint_eq(text_utf8_length("\x80", 1), 0);
	ck_assert_uint_eq(text_utf8_length("\xff", 1), 0);
}
END_TEST

Suite *text_suite(void)
{
	Suite *s = suite_create("text");
	TCase *c = tcase_create("text");

	tcase_set_timeout(c, 30);
	tcase_add_loop_test(c, test_escape, 0, N_OF(escapes));
	tcase_add_test(c, test_nul_inside);
	tcase_add_test(c, test_len_ends_it);
	tcase_add_test(c, test_every_size);
	tcase_add_test(c, test_all_pairs);
	tcase_add_test(c, test_utf8_length);
	suite_add_tcase(s, c);
	return s;
}
