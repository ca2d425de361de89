/* ident: which names a C text has, and how it uses them. */
#include "ident.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>

#define P IDENT_PLAIN
#define S IDENT_STRUCT
#define U IDENT_UNION
#define E IDENT_ENUM
#define D IDENT_DEFINED

static const struct {
	const char *text, *name;
	unsigned int use;
} cases[] = {
	{"", "x", 0},
	{"x", "x", P},
	{"x", "", 0},
	{"xy", "x", 0},
	{"x", "xy", 0},
	{"_x9", "_x9", P},
	{"a+b", "b", P},
	{"a->b.c", "c", P},
	{"\xc3\xa9x", "x", P},
	/* tags */
	{"struct a", "a", S},
	{"struct a", "struct", 0},
	{"struct\n\ta *", "a", S},
	{"struct /* x */ a", "a", S},
	{"struct // x\na", "a", S},
	{"union a *p", "a", U},
	{"union a *p", "p", P},
	{"enum a e", "a", E},
	{"enum a e", "e", P},
	{"structure a", "a", P},
	{"struct_ a", "a", P},
	{"struct a; union a; enum a; a", "a", S | U | E | P},
	{"struct *a", "a", P},
	{"sizeof(struct a)", "a", S},
	/* definitions */
	{"struct a { int b; };", "a", S | D},
	{"struct a { int b; };", "b", P},
	{"struct a\n{ int b; };", "a", S | D},
	{"struct a /* { */ ;", "a", S},
	{"struct a b = { 0 };", "a", S},
	{"struct a b = { 0 };", "b", P},
	{"struct a *f(void) { }", "a", S},
	{"struct a f() {", "f", P},
	{"struct { struct a b; }", "a", S},
	{"struct { int x; } a;", "a", P},
	{"union a { int b; }", "a", U | D},
	{"enum a { b }", "a", E | D},
	{"struct a { struct b { int c; } d; }", "b", S | D},
	{"struct __attribute__((packed)) a { int b; }; struct a x;", "a", S | D},
	/* enumerators */
	{"enum { A, B }", "A", P | D},
	{"enum { A, B }", "B", P | D},
	{"enum t { A = 1, B = A + C, }", "A", P | D},
	{"enum t { A = 1, B = A + C, }", "B", P | D},
	{"enum t { A = 1, B = A + C, }", "C", P},
	{"enum t { A }; int b, c;", "c", P},
	{"enum t { A }; f(b, c);", "c", P},
	{"enum t x, y;", "y", P},
	{"enum t f(void) { a, b; }", "a", P},
	{"enum { /* B, */ A }", "A", P | D},
	{"enum { A = MAX(x, y) }", "y", P},
	/* directives */
	{"#define A B", "A", D},
	{"#define A B", "B", P},
	{"#define A(x) B", "A", D},
	{"  #\tdefine  A", "A", D},
	{"x\n#define A", "A", D},
	{"/* c */ #define A", "A", D},
	{"x #define A", "A", P},
	{"#define A \\\n B", "B", P},
	{"#define\n", "define", 0},
	{"#include <linux/x.h>\ny", "linux", 0},
	{"#include <linux/x.h>\ny", "y", P},
	{"#include \"a.h\"", "a", 0},
	{"#line 3 \"a/b\"\ny", "a", 0},
	{"#line 3 \"a/b\"\ny", "y", P},
	{"#ifdef A\nB", "A", P},
	{"#ifdef A\nB", "B", P},
	{"#if defined(A)", "A", P},
	{"#", "A", 0},
	{"#\nA", "A", P},
	{"a # b", "b", P},
	/* comments */
	{"/* a */ b", "a", 0},
	{"/* a */ b", "b", P},
	{"/* a ** / c */ b", "c", 0},
	{"/*/ a */ b", "a", 0},
	{"/*/ a */ b", "b", P},
	{"/**/a", "a", P},
	{"// a\nb", "a", 0},
	{"// a\nb", "b", P},
	{"a // b", "b", 0},
	{"a / b", "b", P},
	{"a /* b", "b", 0}, /* not ended */
	{"a /*", "a", P},
	{"a /", "a", P},
	{"\"/*\" a", "a", P},
	{"// /*\na", "a", P},
	/* strings and characters */
	{"\"a\" b", "a", 0},
	{"\"a\" b", "b", P},
	{"\"\\\"a\" b", "a", 0},
	{"\"\\\"a\" b", "b", P},
	{"\"\\\\\" b", "b", P},
	{"'a' b", "a", 0},
	{"'a' b", "b", P},
	{"'\\'' b", "b", P},
	{"'\"' b", "b", P},
	{"\"'\" b", "b", P},
	{"\"a", "a", 0}, /* not ended */
	{"\"a\\", "a", 0},
	{"\"a\nb", "b", P},
	{"#error don't\nb", "b", P},
	{"L\"x\" b", "b", P},
	/* numbers */
	{"0x1fUL", "x1fUL", 0},
	{"0x1fUL", "UL", 0},
	{"0x1fUL+a", "a", P},
	{"1e5f", "e5f", 0},
	{"1.5f", "f", 0},
	{".5f", "f", 0},
	{"1.f", "f", 0},
	{"1.0e5L", "e5L", 0},
	{"1 a", "a", P},
	{"a1", "a1", P},
	{"1a", "a", 0},
};

START_TEST(test_use)
{
	struct ident_table *t = ident_table_new(cases[_i].text);
	unsigned int use;

	ck_assert_ptr_nonnull(t);
	use = ident_table_use(t, cases[_i].name);
	ck_assert_msg(use == cases[_i].use, "'%s' in '%s': %u, not %u", cases[_i].name,
		      cases[_i].text, use, cases[_i].use);
	ident_table_free(t);
}
END_TEST

/* More names than buckets: all are found. */
START_TEST(test_many)
{
	enum { N = 20000 };
	char *text, name[16];
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct ident_table *t;

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < N; i++)
		fprintf(f, "%sn%d;", i % 2 ? "struct " : "", i);
	fclose(f);
	t = ident_table_new(text);
	free(text);
	ck_assert_ptr_nonnull(t);
	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		ck_assert_uint_eq(ident_table_use(t, name), i % 2 ? S : P);
	}
	ck_assert_uint_eq(ident_table_use(t, "n20000"), 0);
	ident_table_free(t);
	ident_table_free(NULL);
}
END_TEST

Suite *ident_suite(void)
{
	Suite *s = suite_create("ident");
	TCase *c = tcase_create("ident");

	tcase_add_loop_test(c, test_use, 0, N_OF(cases));
	tcase_add_test(c, test_many);
	suite_add_tcase(s, c);
	return s;
}
