/* probe_text: files of the user's in the place of embedded ones, and writing those out. */
#include "probe_text.h"
#include "suites.h"
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct probe_file files[] = {
	{"a.c", "a1\n#include \"x.h\"\na3\n"},
	{"x.h", "x1\n"},
	{NULL, NULL},
};

static const char *const wanted[] = {"a.c", NULL};
static char *dir;

static void set_up(void)
{
	dir = temp_dir_new();
}

static void tear_down(void)
{
	temp_dir_remove(dir);
}

/* Asserts that the user's directory at gives expected, where each @ stands for at. */
static void expect_text(const char *at, const char *expected)
{
	struct capture err;
	char *text, *full;
	size_t size = 0;
	FILE *f = open_memstream(&full, &size);

	ck_assert_ptr_nonnull(f);
	for (; *expected; expected++)
		if (*expected == '@')
			fputs(at, f);
		else
			fputc(*expected, f);
	fclose(f);
	capture_start(&err, stderr);
	text = probe_text_assemble(files, wanted, at);
	expect_silence(capture_stop(&err));
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, full);
	free(text);
	free(full);
}

static void expect_error(const char *at, const char *part)
{
	struct capture err;
	char *text;

	capture_start(&err, stderr);
	text = probe_text_assemble(files, wanted, at);
	expect_message(capture_stop(&err), part);
	ck_assert_ptr_null(text);
}

static const char embedded[] = "#line 1 \"probes/a.c\"\na1\n#line 1 \"probes/x.h\"\nx1\n"
			       "#line 3 \"probes/a.c\"\na3\n";

START_TEST(test_empty_dir)
{
	expect_text(dir, embedded);
	write_file_in(dir, "README", "no probe\n");
	write_file_in(dir, "mine.h", "not included\n");
	expect_text(dir, embedded);
}
END_TEST

START_TEST(test_override)
{
	write_file_in(dir, "x.h", "user\n#include \"mine.h\"\nend");
	write_file_in(dir, "mine.h", "mine\n");
	expect_text(dir, "#line 1 \"probes/a.c\"\na1\n#line 1 \"@/x.h\"\nuser\n"
			 "#line 1 \"@/mine.h\"\nmine\n#line 3 \"@/x.h\"\nend\n"
			 "#line 3 \"probes/a.c\"\na3\n");
	write_file_in(dir, "a.c", "");
	expect_text(dir, "#line 1 \"@/a.c\"\n");
}
END_TEST

START_TEST(test_override_by_symlink)
{
	char *link = path_in(dir, "a.c");

	write_file_in(dir, "elsewhere", "linked\n");
	ck_assert_int_eq(symlink("elsewhere", link), 0);
	free(link);
	expect_text(dir, "#line 1 \"@/a.c\"\nlinked\n");
}
END_TEST

START_TEST(test_strange_dir_names)
{
	static const char *const names[] = {"with \"quote\"", "back\\slash"};
	static const char *const shown[] = {"with \\\"quote\\\"", "back\\\\slash"};

	for (int i = 0; i < N_OF(names); i++) {
		char *sub = path_in(dir, names[i]), *text, *line = malloc(strlen(sub) + 64);

		ck_assert_ptr_nonnull(line);
		ck_assert_int_eq(mkdir(sub, 0700), 0);
		write_file_in(sub, "a.c", "user\n");
		text = probe_text_assemble(files, wanted, sub);
		ck_assert_ptr_nonnull(text);
		sprintf(line, "#line 1 \"%s/%s/a.c\"\nuser\n", dir, shown[i]);
		ck_assert_str_eq(text, line);
		free(text);
		free(line);
		free(sub);
	}
}
END_TEST

START_TEST(test_not_a_directory)
{
	char *path = path_in(dir, "no");

	expect_error(path, "cannot open the probe directory");
	write_file_in(dir, "no", "");
	expect_error(path, "Not a directory");
	expect_error("", "cannot open the probe directory");
	free(path);
}
END_TEST

START_TEST(test_file_that_is_a_directory)
{
	char *path = path_in(dir, "x.h");

	ck_assert_int_eq(mkdir(path, 0700), 0);
	expect_error(dir, "/x.h: not a regular file");
	free(path);
}
END_TEST

/* The time limit of check ends the test if it waits for a writer. */
START_TEST(test_file_that_is_a_fifo)
{
	char *path = path_in(dir, "x.h");

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	expect_error(dir, "/x.h: not a regular file");
	free(path);
}
END_TEST

START_TEST(test_nul_byte)
{
	char *path = path_in(dir, "a.c");
	FILE *f = fopen(path, "w");

	ck_assert_uint_eq(fwrite("a\0b\n", 1, 4, f), 4);
	fclose(f);
	expect_error(dir, "/a.c is not text");
	free(path);
}
END_TEST

START_TEST(test_size)
{
	char *path = path_in(dir, "a.c"), *text;

	write_file_in(dir, "a.c", "");
	ck_assert_int_eq(truncate(path, (1 << 20) + 1), 0);
	expect_error(dir, "/a.c: File too large");
	/* a MiB is still read: its NUL bytes are seen */
	ck_assert_int_eq(truncate(path, 1 << 20), 0);
	expect_error(dir, "/a.c is not text");
	text = malloc((1 << 20) + 1);
	ck_assert_ptr_nonnull(text);
	memset(text, '\n', 1 << 20);
	text[1 << 20] = '\0';
	write_file_in(dir, "a.c", text);
	free(text);
	text = probe_text_assemble(files, wanted, dir);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_gt(strlen(text), 1 << 20);
	free(text);
	free(path);
}
END_TEST

START_TEST(test_unreadable)
{
	char *path = path_in(dir, "x.h");

	ck_assert_int_eq(symlink("x.h", path), 0); /* a loop: no one can read it, root neither */
	expect_error(dir, "cannot read ");
	free(path);
}
END_TEST

START_TEST(test_stray)
{
	struct capture err;

	write_file_in(dir, "b.c", "");
	write_file_in(dir, "c", "");
	write_file_in(dir, ".c", "");
	write_file_in(dir, "a.c~", "");
	write_file_in(dir, "a.c", "");
	write_file_in(dir, "mine.h", "");
	capture_start(&err, stderr);
	probe_text_warn_of_strays(files, dir, NORMAL);
	expect_message(capture_stop(&err), "/b.c has the name of no probe file and is not used");
	capture_start(&err, stderr);
	probe_text_warn_of_strays(files, dir, QUIET);
	expect_silence(capture_stop(&err));
	expect_text(dir, "#line 1 \"@/a.c\"\n"); /* it is said once, not for each text */
}
END_TEST

/* What is wrong with the directory itself is for probe_text_assemble() to say. */
START_TEST(test_stray_nowhere)
{
	struct capture err;
	char *path = path_in(dir, "no");

	capture_start(&err, stderr);
	probe_text_warn_of_strays(files, NULL, NORMAL);
	probe_text_warn_of_strays(files, path, NORMAL);
	probe_text_warn_of_strays(files, dir, NORMAL);
	expect_silence(capture_stop(&err));
	free(path);
}
END_TEST

/* A file that one text has no use for may still belong to another. */
START_TEST(test_override_of_another_text)
{
	static const struct probe_file two[] = {
		{"a.c", "a\n#include \"x.h\"\n"},
		{"b.c", "b\n#include \"x.h\"\n"},
		{"x.h", "x\n"},
		{NULL, NULL},
	};
	static const char *const first[] = {"a.c", NULL}, *const second[] = {"b.c", NULL};
	struct capture err;
	char *text;

	write_file_in(dir, "b.c", "user\n");
	capture_start(&err, stderr);
	probe_text_warn_of_strays(two, dir, NORMAL);
	text = probe_text_assemble(two, first, dir);
	ck_assert_str_eq(text, "#line 1 \"probes/a.c\"\na\n#line 1 \"probes/x.h\"\nx\n"
			       "#line 3 \"probes/a.c\"\n");
	free(text);
	text = probe_text_assemble(two, second, dir);
	ck_assert_ptr_nonnull(strstr(text, "/b.c\"\nuser\n"));
	ck_assert_ptr_null(strstr(text, "probes/"));
	free(text);
	expect_silence(capture_stop(&err));
}
END_TEST

static void expect_dump_error(const char *at, const char *part)
{
	struct capture err;

	capture_start(&err, stderr);
	ck_assert_int_eq(probe_text_dump(files, at), -1);
	expect_message(capture_stop(&err), part);
}

static void expect_file(const char *at, const char *name, const char *expected)
{
	char *text = read_file_in(at, name);

	ck_assert_msg(text, "%s/%s is not there", at, name);
	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(test_dump)
{
	char *made = path_in(dir, "made");

	ck_assert_int_eq(probe_text_dump(files, made), 0);
	expect_file(made, "a.c", files[0].text);
	expect_file(made, "x.h", files[1].text);
	expect_text(made, "#line 1 \"@/a.c\"\na1\n#line 1 \"@/x.h\"\nx1\n#line 3 \"@/a.c\"\na3\n");
	ck_assert_int_eq(probe_text_dump(files, dir), 0); /* a directory that is there */
	expect_file(dir, "x.h", files[1].text);
	free(made);
}
END_TEST

/* One file is there: none is written. */
START_TEST(test_dump_overwrites_nothing)
{
	write_file_in(dir, "x.h", "precious\n");
	expect_dump_error(dir, "/x.h exists already; name another directory");
	expect_file(dir, "x.h", "precious\n");
	ck_assert(!exists_in(dir, "a.c"));
}
END_TEST

START_TEST(test_dump_follows_no_symlink)
{
	char *link = path_in(dir, "a.c");

	ck_assert_int_eq(symlink("target", link), 0); /* dangling */
	expect_dump_error(dir, "/a.c exists already");
	ck_assert(!exists_in(dir, "target"));
	ck_assert(!exists_in(dir, "x.h"));
	free(link);
}
END_TEST

START_TEST(test_dump_impossible)
{
	char *file = path_in(dir, "file"), *deep = path_in(dir, "no/where");

	write_file_in(dir, "file", "");
	expect_dump_error(file, "cannot open directory");
	expect_dump_error(deep, "cannot make directory");
	expect_dump_error("", "cannot make directory");
	free(file);
	free(deep);
}
END_TEST

Suite *probe_dir_suite(void)
{
	Suite *s = suite_create("probe_dir");
	TCase *c = tcase_create("probe_dir");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_empty_dir);
	tcase_add_test(c, test_override);
	tcase_add_test(c, test_override_by_symlink);
	tcase_add_test(c, test_strange_dir_names);
	tcase_add_test(c, test_not_a_directory);
	tcase_add_test(c, test_file_that_is_a_directory);
	tcase_add_test(c, test_file_that_is_a_fifo);
	tcase_add_test(c, test_nul_byte);
	tcase_add_test(c, test_size);
	tcase_add_test(c, test_unreadable);
	tcase_add_test(c, test_stray);
	tcase_add_test(c, test_stray_nowhere);
	tcase_add_test(c, test_override_of_another_text);
	tcase_add_test(c, test_dump);
	tcase_add_test(c, test_dump_overwrites_nothing);
	tcase_add_test(c, test_dump_follows_no_symlink);
	tcase_add_test(c, test_dump_impossible);
	suite_add_tcase(s, c);
	return s;
}
