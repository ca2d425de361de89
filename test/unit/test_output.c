/* output: all that was staged is written, and nobody waits for ever. */
#include "output.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int pipe_fds[2], signal_fds[2];
static struct output out;

static void set_up(void)
{
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(pipe_fds), 0);
	ck_assert_int_eq(pipe(signal_fds), 0);
	ck_assert_int_eq(output_open(&out, pipe_fds[1], signal_fds[0]), 0);
}

static void tear_down(void)
{
	output_close(&out);
	for (int i = 0; i < 2; i++) {
		close(pipe_fds[i]);
		close(signal_fds[i]);
	}
}

/* Asserts what comes out of the pipe. */
static void expect_text(const char *wanted)
{
	size_t len = strlen(wanted), got = 0;
	char *text = malloc(len + 1);

	ck_assert_ptr_nonnull(text);
	while (got < len) {
		ssize_t n = read(pipe_fds[0], text + got, len - got);

		ck_assert_int_gt(n, 0);
		got += (size_t)n;
	}
	text[len] = '\0';
	ck_assert_str_eq(text, wanted);
	free(text);
	fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
	ck_assert_int_eq(read(pipe_fds[0], &(char){0}, 1), -1); /* and no more */
	fcntl(pipe_fds[0], F_SETFL, 0);
}

START_TEST(test_lines)
{
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_DONE);
	fputs("one\ntwo\n", out.stage);
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_DONE);
	expect_text("one\ntwo\n");
	fputs("3\n", out.stage); /* shorter than what was there */
	ck_assert_int_eq(output_flush(&out, true), OUTPUT_DONE);
	expect_text("3\n");
}
END_TEST

/* More than a page, in lines and in one. */
START_TEST(test_long)
{
	char text[5 * PIPE_BUF + 1];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 70; i < 3 * PIPE_BUF; i += 71)
		text[i] = '\n';
	fputs(text, out.stage);
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_DONE);
	expect_text(text);
}
END_TEST

/* To a file, all at once, even when a signal has come. */
START_TEST(test_file)
{
	FILE *file = tmpfile();
	struct output to_file;
	char *text, wanted[3 * PIPE_BUF + 1];

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(output_open(&to_file, fileno(file), signal_fds[0]), 0);
	ck_assert(to_file.is_file);
	ck_assert(!out.is_file);
	memset(wanted, 'x', sizeof(wanted) - 1);
	wanted[sizeof(wanted) - 1] = '\0';
	fputs(wanted, to_file.stage);
	ck_assert_int_eq(write(signal_fds[1], "", 1), 1);
	ck_assert_int_eq(output_flush(&to_file, true), OUTPUT_DONE);
	output_close(&to_file);
	text = read_stream(file);
	ck_assert_str_eq(text, wanted);
	free(text);
	fclose(file);
}
END_TEST

START_TEST(test_full)
{
	ck_assert(!output_is_full(&out));
	for (int i = 0; i < 65535; i++)
		fputc('.', out.stage);
	ck_assert(!output_is_full(&out));
	fputc('\n', out.stage);
	ck_assert(output_is_full(&out));
}
END_TEST

static void fill_pipe(void)
{
	char page[PIPE_BUF] = {0};

	fcntl(pipe_fds[1], F_SETFL, O_NONBLOCK);
	while (write(pipe_fds[1], page, sizeof(page)) > 0)
		;
	ck_assert_int_eq(errno, EAGAIN);
	fcntl(pipe_fds[1], F_SETFL, 0);
}

/* Nobody reads: a signal ends the wait, and after one there is an end to patience. */
START_TEST(test_stuck)
{
	fill_pipe();
	fputs("one\n", out.stage);
	ck_assert_int_eq(write(signal_fds[1], "", 1), 1);
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_STUCK);
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_DONE); /* nothing is left */
	fputs("two\n", out.stage);
	ck_assert_int_eq(output_flush(&out, true), OUTPUT_STUCK);
}
END_TEST

START_TEST(test_closed)
{
	close(pipe_fds[0]);
	pipe_fds[0] = -1;
	fputs("one\n", out.stage);
	errno = 0;
	ck_assert_int_eq(output_flush(&out, false), OUTPUT_FAILED);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

Suite *output_suite(void)
{
	Suite *s = suite_create("output");
	TCase *c = tcase_create("output");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_lines);
	tcase_add_test(c, test_long);
	tcase_add_test(c, test_file);
	tcase_add_test(c, test_full);
	tcase_add_test(c, test_stuck);
	tcase_add_test(c, test_closed);
	suite_add_tcase(s, c);
	return s;
}
