/* line: numbers, addresses and blanks, and lines that are longer than it has room for. */
#include "line.h"
#include "suites.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;
static struct line line;

static void set_up(void)
{
	out = tmpfile();
	ck_assert_ptr_nonnull(out);
	line_begin(&line, out);
}

/* Asserts what has been written when the line ends. */
static void expect_line(const char *wanted)
{
	char *text;

	ck_assert_int_eq(line_end(&line), 0);
	text = read_stream(out);
	ck_assert_str_eq(text, wanted);
	free(text);
	fclose(out);
}

START_TEST(test_numbers)
{
	line_number(&line, 0, 0);
	line_char(&line, ',');
	line_number(&line, UINT64_MAX, 0);
	line_char(&line, ',');
	line_number(&line, 1234567890, 3);
	line_char(&line, ',');
	line_number(&line, 42, 4);
	line_text(&line, "");
	line_number(&line, 9, 1);
	expect_line("0,18446744073709551615,1234567890,  429");
}
END_TEST

START_TEST(test_blanks)
{
	char wanted[203];

	memset(wanted, ' ', sizeof(wanted));
	wanted[0] = '[';
	wanted[sizeof(wanted) - 2] = ']';
	wanted[sizeof(wanted) - 1] = '\0';
	line_char(&line, '[');
	line_blanks(&line, 0);
	line_blanks(&line, 1);
	line_blanks(&line, 32);
	line_blanks(&line, 167);
	line_char(&line, ']');
	expect_line(wanted);
}
END_TEST

/* As inet_ntop() has them. */
static const char *const addresses[] = {
	"0.0.0.0", "255.255.255.255", "10.0.200.9",  "192.0.2.100",
	"::",      "2001:db8::1",     "fe80::1:0:0", "::ffff:198.51.100.255"};

START_TEST(test_addresses)
{
	bool v6 = strchr(addresses[_i], ':');
	uint8_t bytes[16];

	ck_assert_int_eq(inet_pton(v6 ? AF_INET6 : AF_INET, addresses[_i], bytes), 1);
	ck_assert_uint_eq(line_address(&line, v6 ? 6 : 4, bytes), strlen(addresses[_i]));
	expect_line(addresses[_i]);
}
END_TEST

/* Longer than the room in it, in pieces of all sizes. */
START_TEST(test_long)
{
	static const size_t sizes[] = {1, 1000, 23, 1, 1024, 1025, 5000, 1023, 1, 2};
	char wanted[16384], piece[5000], c = 'a';
	size_t len = 0;

	for (int i = 0; i < N_OF(sizes); i++, c++) {
		memset(piece, c, sizes[i]);
		line_bytes(&line, piece, sizes[i]);
		memset(wanted + len, c, sizes[i]);
		len += sizes[i];
	}
	wanted[len] = '\0';
	expect_line(wanted);
}
END_TEST

START_TEST(test_failure)
{
	fclose(out);
	out = fopen("/dev/full", "w");
	ck_assert_ptr_nonnull(out);
	line_begin(&line, out);
	line_text(&line, "x\n");
	errno = 0;
	ck_assert_int_eq(line_end(&line), -1);
	ck_assert_int_eq(errno, ENOSPC);
	fclose(out);
}
END_TEST

Suite *line_suite(void)
{
	Suite *s = suite_create("line");
	TCase *c = tcase_create("line");

	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, test_numbers);
	tcase_add_test(c, test_blanks);
	tcase_add_loop_test(c, test_addresses, 0, N_OF(addresses));
	tcase_add_test(c, test_long);
	tcase_add_test(c, test_failure);
	suite_add_tcase(s, c);
	return s;
}
