/* btf_types: just those kernel types are printed that the text needs, and they compile. */
#include "btf_types.h"
#include "btf_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static struct btf *btf;

static void set_up(void)
{
	btf = small_btf_new();
}

static void tear_down(void)
{
	btf__free(btf);
}

/* What is printed for text, without the lines that rename the names of uapi/linux/bpf.h. */
static char *print_types(const char *text)
{
	FILE *f = tmpfile();
	char *all, *rest;
	size_t len = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(btf_types_print(btf, text, f), 0);
	all = read_stream(f);
	fclose(f);
	rest = calloc(1, strlen(all) + 1);
	ck_assert_ptr_nonnull(rest);
	for (const char *line = all; *line;) {
		size_t n = strcspn(line, "\n") + 1;

		if (strncmp(line, "#define ", 8) != 0 && strncmp(line, "#undef ", 7) != 0) {
			memcpy(rest + len, line, n);
			len += n;
		}
		line += n;
	}
	free(all);
	return rest;
}

/* The same as it comes, followed by text, compiled. */
static void expect_text_compiles(const char *text)
{
	char *all = types_and_text(btf, text);

	expect_compiles(all);
	free(all);
}

enum { NONE, FORWARD, DEFINED };

/* How a type stands in the printed text. head: "struct inner". */
static int state_of(const char *printed, const char *head)
{
	char definition[64], forward[64];

	snprintf(definition, sizeof(definition), "%s {", head);
	snprintf(forward, sizeof(forward), "%s;", head);
	return strstr(printed, definition) ? DEFINED : strstr(printed, forward) ? FORWARD : NONE;
}

static const char *const heads[] = {"struct inner",  "struct far", "enum verdict", "union both",
				    "struct packet", "struct own", "struct unused"};

static const struct {
	const char *text;
	int state[sizeof(heads) / sizeof(heads[0])];
} cases[] = {
	{"", {0}},
	{"int x;", {0}},
	{"struct nothing *p;", {0}},
	/* a pointer or a value: the text may want the members either way */
	{"struct inner *p;", {DEFINED}},
	{"struct inner in;", {DEFINED}},
	/* by value with all it contains, by pointer declared only */
	{"int f(struct packet *p);", {DEFINED, FORWARD, DEFINED, DEFINED, DEFINED}},
	{"struct packet p; struct far d;", {DEFINED, DEFINED, DEFINED, DEFINED, DEFINED}},
	{"union both b;", {DEFINED, NONE, NONE, DEFINED}},
	{"enum verdict v;", {NONE, NONE, DEFINED}},
	{"int v = VERDICT_ACCEPT;", {NONE, NONE, DEFINED}},
	/* the tag with another keyword, or without one, is not the type */
	{"union inner x; struct both y; struct verdict z; int packet, far;", {0}},
	{"/* struct inner */ // struct far\nchar *s = \"struct own\";", {0}},
	/* what the text defines itself is its own */
	{"struct own { long user_side; }; struct own o;", {0}},
	{"enum verdict { VERDICT_MINE }; enum verdict v;", {0}},
	{"enum { VERDICT_DROP }; int v = VERDICT_DROP;", {0}},
	{"#define VERDICT_DROP 0\nint v = VERDICT_DROP;", {0}},
};

START_TEST(test_closure)
{
	char *printed = print_types(cases[_i].text);

	for (int i = 0; i < N_OF(heads); i++)
		ck_assert_msg(state_of(printed, heads[i]) == cases[_i].state[i],
			      "%s in the output for '%s':\n%s", heads[i], cases[_i].text, printed);
	free(printed);
	if (!strstr(cases[_i].text, "union inner")) /* that text is no C */
		expect_text_compiles(cases[_i].text);
}
END_TEST

START_TEST(test_typedef)
{
	char *printed = print_types("far_t *f;");

	ck_assert_ptr_nonnull(strstr(printed, "typedef struct far far_t;"));
	free(printed);
	printed = print_types("struct inner *i;"); /* brought along by its member */
	ck_assert_ptr_nonnull(strstr(printed, "typedef unsigned int u32_t;"));
	free(printed);
	printed = print_types("struct far_t *f;"); /* a tag, not the typedef */
	ck_assert_ptr_null(strstr(printed, "far_t;"));
	free(printed);
	expect_text_compiles("int f(far_t *x, u32_t y) { return x->x + (int)y; }\n");
}
END_TEST

START_TEST(test_anonymous_enum)
{
	char *printed = print_types("int x = ANON_TWO;");

	ck_assert_ptr_nonnull(strstr(printed, "ANON_ONE = 1"));
	ck_assert_ptr_nonnull(strstr(printed, "ANON_TWO = 2"));
	free(printed);
	printed = print_types("int x = ANON_THREE;");
	ck_assert_ptr_null(strstr(printed, "ANON_"));
	free(printed);
	expect_text_compiles("_Static_assert(ANON_TWO == 2, \"\");\n");
}
END_TEST

/* libbcc brings uapi/linux/bpf.h before all else: what it defines must not come again. */
START_TEST(test_uapi_names)
{
	static const char bpf_h[] =
		"struct bpf_raw_tracepoint_args { unsigned long long args[0]; };\n"
		"enum bpf_map_type { BPF_MAP_TYPE_HASH = 1 };\n";
	static const char text[] = "int f(struct bpf_raw_tracepoint_args *a, struct with_uapi *w)\n"
				   "{\n"
				   "\treturn (int)a->args[0] + w->args.args + BPF_MAP_TYPE_HASH;\n"
				   "}\n";
	char *printed = print_types("struct bpf_raw_tracepoint_args *a; int i = BPF_MAP_TYPE_HASH;"
				    "enum bpf_map_type t;");
	FILE *f = tmpfile();

	ck_assert_str_eq(printed, "");
	free(printed);
	fputs(bpf_h, f);
	ck_assert_int_eq(btf_types_print(btf, text, f), 0);
	fputs(text, f);
	printed = read_stream(f);
	fclose(f);
	expect_compiles(printed);
	free(printed);
}
END_TEST

/* libbcc's bpf.h may be newer than the one that we were built with: all BPF_ enumerators give way.
 */
START_TEST(test_newer_bpf_enumerators)
{
	static const char bpf_h[] = "enum { BPF_FROM_THE_FUTURE = 1, __BPF_FUTURE_MAX = 2 };\n";
	static const char text[] =
		"int f(struct modern *m) { return (int)m->e == BPF_FROM_THE_FUTURE; }\n";
	int type = btf__add_enum(btf, "future", 4);
	FILE *f = tmpfile();
	char *all;

	ck_assert_int_gt(type, 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "BPF_FROM_THE_FUTURE", 1), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "__BPF_FUTURE_MAX", 2), 0);
	ck_assert_int_gt(btf__add_struct(btf, "modern", 4), 0);
	ck_assert_int_eq(btf__add_field(btf, "e", type, 0, 0), 0);
	fputs(bpf_h, f);
	ck_assert_int_eq(btf_types_print(btf, text, f), 0);
	fputs(text, f);
	all = read_stream(f);
	fclose(f);
	expect_compiles(all);
	free(all);
}
END_TEST

/* Whatever name the renaming defines is undefined again behind the types. */
START_TEST(test_renames_end)
{
	FILE *f = tmpfile();
	int defined = 0;
	char *all;

	ck_assert_int_eq(btf_types_print(btf, "struct with_uapi *w;", f), 0);
	all = read_stream(f);
	fclose(f);
	for (const char *s = all; (s = strstr(s, "#define ")); defined++) {
		char undef[128] = "#undef ";
		size_t len = strcspn(s += strlen("#define "), " \n");

		ck_assert_uint_lt(strlen(undef) + len + 2, sizeof(undef));
		strncat(undef, s, len);
		strcat(undef, "\n");
		ck_assert_msg(strstr(s, undef), "no %s", undef);
	}
	ck_assert_int_gt(defined, 0);
	free(all);
}
END_TEST

/* A module's types build on those of the kernel. */
START_TEST(test_split_btf)
{
	struct btf *module = btf__new_empty_split(btf), *kernel = btf;
	char *printed;
	int inner = btf__find_by_name_kind(btf, "inner", BTF_KIND_STRUCT);

	ck_assert_ptr_nonnull(module);
	ck_assert_int_gt(btf__add_struct(module, "of_module", 4), 0);
	ck_assert_int_eq(btf__add_field(module, "in", inner, 0, 0), 0);
	btf = module;
	printed = print_types("struct of_module *m; struct far *f;");
	expect_text_compiles("int f(struct of_module *m) { return (int)m->in.a; }\n");
	btf = kernel;
	btf__free(module);
	ck_assert_int_eq(state_of(printed, "struct of_module"), DEFINED);
	ck_assert_int_eq(state_of(printed, "struct inner"), DEFINED);
	ck_assert_int_eq(state_of(printed, "struct far"), DEFINED);
	free(printed);
}
END_TEST

#ifdef HAVE_BTF_ADD_ENUM64
/* Kernels from 6.0 on have enums of 64 bits, as a kind of their own. */
START_TEST(test_enum64)
{
	char *printed;

	ck_assert_int_gt(btf__add_enum64(btf, "wide", 8, false), 0);
	ck_assert_int_eq(btf__add_enum64_value(btf, "WIDE_ONE", 1ULL << 40), 0);
	printed = print_types("enum wide w;");
	ck_assert_int_eq(state_of(printed, "enum wide"), DEFINED);
	free(printed);
	printed = print_types("long long w = WIDE_ONE;");
	ck_assert_int_eq(state_of(printed, "enum wide"), DEFINED);
	free(printed);
}
END_TEST
#endif

Suite *btf_types_suite(void)
{
	Suite *s = suite_create("btf_types");
	TCase *c = tcase_create("btf_types");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_closure, 0, N_OF(cases));
	tcase_add_test(c, test_typedef);
	tcase_add_test(c, test_anonymous_enum);
	tcase_add_test(c, test_uapi_names);
	tcase_add_test(c, test_newer_bpf_enumerators);
	tcase_add_test(c, test_renames_end);
	tcase_add_test(c, test_split_btf);
#ifdef HAVE_BTF_ADD_ENUM64
	tcase_add_test(c, test_enum64);
#endif
	suite_add_tcase(s, c);
	return s;
}
