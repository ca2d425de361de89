/* probe_text: how embedded files are put together. The user's files are in test_probe_dir.c. */
#include "probe_text.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define WANTED(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const nothing[] = {NULL};

/* Asserts that the files wanted give this text and nothing is said. */
static void expect_text(const struct probe_file *files, const char *const *wanted,
			const char *expected)
{
	struct capture err;
	char *text;

	capture_start(&err, stderr);
	text = probe_text_assemble(files, wanted, NULL);
	expect_silence(capture_stop(&err));
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, expected);
	free(text);
}

static void expect_error(const struct probe_file *files, const char *const *wanted,
			 const char *part)
{
	struct capture err;
	char *text;

	capture_start(&err, stderr);
	text = probe_text_assemble(files, wanted, NULL);
	expect_message(capture_stop(&err), part);
	ck_assert_ptr_null(text);
}

START_TEST(test_nothing)
{
	static const struct probe_file none[] = {{NULL, NULL}};
	static const struct probe_file some[] = {{"a.c", "x\n"}, {"a.h", "x\n"}, {NULL, NULL}};

	expect_text(none, nothing, "");
	expect_text(some, nothing, "");
}
END_TEST

/* Just the files that are wanted, in that order, each once. */
START_TEST(test_wanted)
{
	static const struct probe_file files[] = {
		{"a.c", "a\n#include \"x.h\"\n"},
		{"b.c", "b\n#include \"x.h\"\n"},
		{"c.c", "c\n"},
		{"x.h", "x\n"},
		{NULL, NULL},
	};

	expect_text(files, WANTED("c.c"), "#line 1 \"probes/c.c\"\nc\n");
	expect_text(files, WANTED("b.c"),
		    "#line 1 \"probes/b.c\"\nb\n#line 1 \"probes/x.h\"\nx\n"
		    "#line 3 \"probes/b.c\"\n");
	expect_text(files, WANTED("c.c", "b.c", "c.c", "a.c"),
		    "#line 1 \"probes/c.c\"\nc\n"
		    "#line 1 \"probes/b.c\"\nb\n#line 1 \"probes/x.h\"\nx\n"
		    "#line 3 \"probes/b.c\"\n"
		    "#line 1 \"probes/a.c\"\na\n#line 3 \"probes/a.c\"\n");
	expect_error(files, WANTED("a.c", "d.c", "e.c"), "\"d.c\", which does not exist");
}
END_TEST

START_TEST(test_one_file)
{
	static const struct probe_file files[] = {{"a.c", "one\ntwo\n"}, {NULL, NULL}};
	static const struct probe_file no_newline[] = {{"a.c", "one\n\ntwo"}, {NULL, NULL}};
	static const struct probe_file empty[] = {{"a.c", ""}, {"b.c", "b\n"}, {NULL, NULL}};

	expect_text(files, WANTED("a.c"), "#line 1 \"probes/a.c\"\none\ntwo\n");
	expect_text(no_newline, WANTED("a.c"), "#line 1 \"probes/a.c\"\none\n\ntwo\n");
	expect_text(empty, WANTED("a.c", "b.c"),
		    "#line 1 \"probes/a.c\"\n#line 1 \"probes/b.c\"\nb\n");
}
END_TEST

/* Includes nest; each file comes once; line numbers go on where they were. */
START_TEST(test_includes)
{
	static const struct probe_file files[] = {
		{"a.c", "a1\n#include \"x.h\"\na3\n#include \"y.h\"\na5\n"},
		{"b.c", "#include \"y.h\"\nb2\n"},
		{"x.h", "x1\n#include \"y.h\"\nx3\n"},
		{"y.h", "y1\ny2\n"},
		{"z.h", "never\n"},
		{NULL, NULL},
	};

	expect_text(files, WANTED("a.c", "b.c"),
		    "#line 1 \"probes/a.c\"\na1\n"
		    "#line 1 \"probes/x.h\"\nx1\n"
		    "#line 1 \"probes/y.h\"\ny1\ny2\n"
		    "#line 3 \"probes/x.h\"\nx3\n"
		    "#line 3 \"probes/a.c\"\na3\n"
		    "#line 5 \"probes/a.c\"\na5\n"
		    "#line 1 \"probes/b.c\"\n"
		    "#line 2 \"probes/b.c\"\nb2\n");
}
END_TEST

START_TEST(test_include_of_itself)
{
	static const struct probe_file files[] = {
		{"a.c", "#include \"a.c\"\n#include \"x.h\"\n"},
		{"x.h", "x\n#include \"y.h\"\n"},
		{"y.h", "#include \"x.h\"\ny\n"},
		{NULL, NULL},
	};

	expect_text(files, WANTED("a.c"),
		    "#line 1 \"probes/a.c\"\n#line 2 \"probes/a.c\"\n"
		    "#line 1 \"probes/x.h\"\nx\n#line 1 \"probes/y.h\"\n"
		    "#line 2 \"probes/y.h\"\ny\n#line 3 \"probes/x.h\"\n"
		    "#line 3 \"probes/a.c\"\n");
}
END_TEST

/* A .c file that another includes comes where it is included, and not again. */
START_TEST(test_include_of_c_file)
{
	static const struct probe_file files[] = {
		{"a.c", "#include \"b.c\"\n"}, {"b.c", "b\n"}, {NULL, NULL}};

	expect_text(files, WANTED("a.c", "b.c"),
		    "#line 1 \"probes/a.c\"\n#line 1 \"probes/b.c\"\nb\n"
		    "#line 2 \"probes/a.c\"\n");
}
END_TEST

static const struct {
	const char *line;
	bool is_include;
} forms[] = {
	{"#include \"x.h\"", true},
	{" \t#\t include\t\"x.h\"", true},
	{"#include\"x.h\" /* why */", true},
	{"#include \"x.h\"\r", true},
	{"#include <x.h>", false},
	{"#include x.h", false},
	{"#include \"x.h", false},
	{"#include_next \"x.h\"", false},
	{"#includ \"x.h\"", false},
	{"#include", false},
	{"#", false},
	{"//#include \"x.h\"", false},
	{"a #include \"x.h\"", false},
	{"char *s = \"#include\" \"x.h\";", false},
};

START_TEST(test_include_forms)
{
	char a[64], expected[128];
	struct probe_file files[] = {{"a.c", a}, {"x.h", "x\n"}, {NULL, NULL}};

	snprintf(a, sizeof(a), "%s\nend", forms[_i].line);
	if (forms[_i].is_include)
		snprintf(expected, sizeof(expected),
			 "#line 1 \"probes/a.c\"\n#line 1 \"probes/x.h\"\nx\n"
			 "#line 2 \"probes/a.c\"\nend\n");
	else
		snprintf(expected, sizeof(expected), "#line 1 \"probes/a.c\"\n%s\nend\n",
			 forms[_i].line);
	expect_text(files, WANTED("a.c"), expected);
}
END_TEST

static const struct {
	const char *line, *said;
} wrong[] = {
	{"#include \"no.h\"", "probe file a.c includes \"no.h\", which does not exist"},
	{"#include \"\"", "probe file a.c includes \"\""},
	{"#include \"../x.h\"", "probe file a.c includes \"../x.h\": name a file beside it"},
	{"#include \"sub/x.h\"", "name a file beside it"},
	{"#include \"/x.h\"", "name a file beside it"},
	{"#include \"\033[2J\"", "includes \"\\x1b[2J\""},
};

START_TEST(test_wrong_include)
{
	struct probe_file files[] = {{"a.c", wrong[_i].line}, {"x.h", "x\n"}, {NULL, NULL}};

	expect_error(files, WANTED("a.c"), wrong[_i].said);
}
END_TEST

/* A name that is too long is no include that we can serve; clang will say so. */
START_TEST(test_long_include)
{
	char a[400] = "#include \"";
	struct probe_file files[] = {{"a.c", a}, {NULL, NULL}};
	size_t start = strlen(a);

	memset(a + start, 'x', 255);
	strcpy(a + start + 255, "\"");
	expect_error(files, WANTED("a.c"), "which does not exist");
	memset(a + start, 'x', 256);
	strcpy(a + start + 256, "\"");
	{
		char *text = probe_text_assemble(files, WANTED("a.c"), NULL);

		ck_assert_ptr_nonnull(text);
		ck_assert_ptr_nonnull(strstr(text, a));
		free(text);
	}
}
END_TEST

/* A chain of n headers. The texts are freed by the caller. */
static void make_chain(struct probe_file *files, int n)
{
	static char names[200][8], texts[200][32];

	for (int i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), i ? "h%d.h" : "a.c", i);
		snprintf(texts[i], sizeof(texts[i]), "#include \"h%d.h\"\n", i + 1);
		files[i] = (struct probe_file){names[i], texts[i]};
	}
	strcpy(texts[n - 1], "end\n");
	files[n] = (struct probe_file){NULL, NULL};
}

START_TEST(test_deep)
{
	struct probe_file files[200];
	char *text;

	make_chain(files, 17);
	text = probe_text_assemble(files, WANTED("a.c"), NULL);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(strstr(text, "end\n"));
	free(text);
	make_chain(files, 18);
	expect_error(files, WANTED("a.c"), "too many probe files include each other, at h17.h");
}
END_TEST

/*
 * The embedded files themselves: no include of a file beside is left, what is wanted and what that
 * includes is there once, and all are used by one text or the other.
 */
static void expect_embedded(const char *const *wanted, const char *without)
{
	char *text = probe_text_assemble(probe_files, wanted, NULL);

	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strstr(text, "#include \""));
	for (const struct probe_file *f = probe_files; f->name; f++) {
		char line[128];
		const char *first;

		snprintf(line, sizeof(line), "#line 1 \"probes/%s\"\n", f->name);
		first = strstr(text, line);
		if (strcmp(f->name, without) == 0) {
			ck_assert_ptr_null(first);
			continue;
		}
		ck_assert_msg(first, "%s is not used", f->name);
		ck_assert_ptr_null(strstr(first + 1, line));
		if (f[1].name)
			ck_assert_int_lt(strcmp(f->name, f[1].name), 0);
	}
	free(text);
}

START_TEST(test_embedded)
{
	expect_embedded(WANTED("device.c", "netfilter.c"), "");
	expect_embedded(WANTED("device.c"), "netfilter.c");
	expect_embedded(WANTED("netfilter.c"), "device.c");
}
END_TEST

Suite *probe_text_suite(void)
{
	Suite *s = suite_create("probe_text");
	TCase *c = tcase_create("probe_text");

	tcase_add_test(c, test_nothing);
	tcase_add_test(c, test_wanted);
	tcase_add_test(c, test_one_file);
	tcase_add_test(c, test_includes);
	tcase_add_test(c, test_include_of_itself);
	tcase_add_test(c, test_include_of_c_file);
	tcase_add_loop_test(c, test_include_forms, 0, N_OF(forms));
	tcase_add_loop_test(c, test_wrong_include, 0, N_OF(wrong));
	tcase_add_test(c, test_long_include);
	tcase_add_test(c, test_deep);
	tcase_add_test(c, test_embedded);
	suite_add_tcase(s, c);
	return s;
}
