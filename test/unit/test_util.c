/* util, say and attach_points: what the rest stands on. */
#include "attach_points.h"
#include "say.h"
#include "suites.h"
#include "support.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

static char *dir;

static void set_up(void)
{
	dir = temp_dir_new();
}

static void tear_down(void)
{
	temp_dir_remove(dir);
}

START_TEST(test_read_file)
{
	char *path = path_in(dir, "f"), *text;
	size_t len = 99;

	write_file_in(dir, "f", "12345");
	text = read_file_at(AT_FDCWD, path, 5, &len);
	ck_assert_pstr_eq(text, "12345");
	ck_assert_uint_eq(len, 5);
	free(text);
	text = read_file_at(AT_FDCWD, path, 100, NULL);
	ck_assert_pstr_eq(text, "12345");
	free(text);
	errno = 0;
	ck_assert_ptr_null(read_file_at(AT_FDCWD, path, 4, &len));
	ck_assert_int_eq(errno, EFBIG);
	write_file_in(dir, "f", "");
	text = read_file_at(AT_FDCWD, path, 5, &len);
	ck_assert_pstr_eq(text, "");
	ck_assert_uint_eq(len, 0);
	free(text);
	errno = 0;
	ck_assert_ptr_null(read_file_at(AT_FDCWD, dir, 5, &len));
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_ptr_null(read_file_at(AT_FDCWD, "no/such/file", 5, &len));
	ck_assert_int_eq(errno, ENOENT);
	free(path);
}
END_TEST

START_TEST(test_read_line)
{
	char *path = path_in(dir, "f"), line[8];

	write_file_in(dir, "f", "one\ntwo\n");
	ck_assert_int_eq(read_line(path, line, sizeof(line)), 0);
	ck_assert_str_eq(line, "one");
	write_file_in(dir, "f", "1234567890");
	ck_assert_int_eq(read_line(path, line, sizeof(line)), 0);
	ck_assert_str_eq(line, "1234567");
	write_file_in(dir, "f", "");
	ck_assert_int_eq(read_line(path, line, sizeof(line)), 0);
	ck_assert_str_eq(line, "");
	ck_assert_int_eq(read_line("no/such/file", line, sizeof(line)), -1);
	free(path);
}
END_TEST

START_TEST(test_strbuf)
{
	struct strbuf b;
	char *text;

	ck_assert_int_eq(strbuf_open(&b), 0);
	text = strbuf_finish(&b);
	ck_assert_pstr_eq(text, "");
	free(text);
	ck_assert_int_eq(strbuf_open(&b), 0);
	for (int i = 0; i < 5000; i++)
		fputs("0123456789", b.f);
	text = strbuf_finish(&b);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(strlen(text), 50000);
	free(text);
}
END_TEST

START_TEST(test_now)
{
	uint64_t before = now_ns();

	ck_assert_uint_gt(before, 0);
	ck_assert_uint_ge(now_ns(), before);
}
END_TEST

START_TEST(test_kernel_is_before)
{
	unsigned int major, minor;
	struct utsname un;

	uname(&un);
	ck_assert_int_eq(sscanf(un.release, "%u.%u", &major, &minor), 2);
	ck_assert(!kernel_is_before(major, minor));
	ck_assert(kernel_is_before(major, minor + 1));
	ck_assert(kernel_is_before(major + 1, 0));
	ck_assert(!kernel_is_before(major - 1, minor + 1));
	ck_assert(!kernel_is_before(0, 0));
}
END_TEST

START_TEST(test_say)
{
	struct capture err;
	char long_text[3000], *said;

	capture_start(&err, stderr);
	say_error("a %s %d", "b\n\033[2J\xff\\", 7);
	said = capture_stop(&err);
	ck_assert_str_eq(said, "tracepkt: a b\\x0a\\x1b[2J\\xff\\ 7\n");
	free(said);
	memset(long_text, '\n', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	capture_start(&err, stderr);
	say_error("%s", long_text);
	expect_message(capture_stop(&err), "\\x0a\\x0a");
}
END_TEST

static const struct {
	enum verbosity v;
	const char *said;
} levels[] = {
	{QUIET, ""},
	{NORMAL, "tracepkt: warning\n"},
	{VERBOSE, "tracepkt: warning\ntracepkt: detail\n"},
};

START_TEST(test_verbosity)
{
	struct capture err;
	char *said;

	capture_start(&err, stderr);
	say_warning(levels[_i].v, "%s", "warning");
	say_detail(levels[_i].v, "%s", "detail");
	said = capture_stop(&err);
	ck_assert_str_eq(said, levels[_i].said);
	free(said);
}
END_TEST

START_TEST(test_say_lines)
{
	struct capture err;
	char *said;

	capture_start(&err, stderr);
	say_lines("");
	say_lines("\n\n");
	say_lines("one\n\ntwo %s\r\nthree");
	said = capture_stop(&err);
	ck_assert_str_eq(said, "tracepkt: one\ntracepkt: two %s\\x0d\ntracepkt: three\n");
	free(said);
}
END_TEST

START_TEST(test_attach_points)
{
	unsigned int needed = 0;

	ck_assert_uint_gt(n_attach_points, 0);
	for (size_t i = 0; i < n_attach_points; i++) {
		const struct attach_point *p = &attach_points[i];

		ck_assert_str_eq(attach_point_name(p->probe), p->name);
		ck_assert_str_ne(p->loss, "");
		needed += p->need == POINT_NEEDED;
		for (size_t k = 0; k < i; k++)
			ck_assert_int_ne(attach_points[k].probe, p->probe);
	}
	ck_assert_uint_gt(needed, 0);
	ck_assert_str_eq(attach_point_name(PROBE_net_dev_queue), "net_dev_queue");
	ck_assert_str_eq(attach_point_name(PROBE_kfree_skb), "kfree_skb");
	ck_assert_ptr_null(attach_point_name(0));
	ck_assert_ptr_null(attach_point_name(255));
}
END_TEST

Suite *util_suite(void)
{
	Suite *s = suite_create("util");
	TCase *c = tcase_create("util");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_read_file);
	tcase_add_test(c, test_read_line);
	tcase_add_test(c, test_strbuf);
	tcase_add_test(c, test_now);
	tcase_add_test(c, test_kernel_is_before);
	tcase_add_test(c, test_say);
	tcase_add_loop_test(c, test_verbosity, 0, N_OF(levels));
	tcase_add_test(c, test_say_lines);
	tcase_add_test(c, test_attach_points);
	suite_add_tcase(s, c);
	return s;
}
