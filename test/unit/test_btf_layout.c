/* btf_types: the printed text checks that the compiler lays structs out as the kernel does. */
#include "btf_types.h"
#include "btf_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static struct btf *btf;
static int number, inner;

static void set_up(void)
{
	btf = small_btf_new();
	number = btf__find_by_name_kind(btf, "int", BTF_KIND_INT);
	inner = btf__find_by_name_kind(btf, "inner", BTF_KIND_STRUCT);
	ck_assert_int_gt(number, 0);
	ck_assert_int_gt(inner, 0);
}

static void tear_down(void)
{
	btf__free(btf);
}

static void add_struct(const char *name, __u32 size)
{
	ck_assert_int_gt(btf__add_struct(btf, name, size), 0);
}

static void add_field(const char *name, int type, __u32 bit, __u32 bits)
{
	ck_assert_int_eq(btf__add_field(btf, name, type, bit, bits), 0);
}

static void expect_layout(const char *text, bool good)
{
	char *all = types_and_text(btf, text);

	if (good)
		expect_compiles(all);
	else
		expect_compile_error(all);
	free(all);
}

START_TEST(test_good)
{
	char *all = types_and_text(btf, "struct packet *p; int dev, u;");

	ck_assert_ptr_nonnull(strstr(all, "sizeof(struct packet) == 24"));
	ck_assert_ptr_nonnull(strstr(all, "offsetof(struct packet, dev) == 8"));
	ck_assert_ptr_nonnull(strstr(all, "offsetof(struct packet, u) == 20"));
	ck_assert_msg(!strstr(all, "offsetof(struct packet, head)"), "the text does not name it");
	expect_compiles(all);
	free(all);
}
END_TEST

START_TEST(test_bit_fields)
{
	add_struct("flags", 8);
	add_field("a", number, 0, 3);
	add_field("b", number, 3, 5);
	add_field("whole", number, 32, 0);
	expect_layout("int f(struct flags *x) { return x->a + x->b + x->whole; }\n", true);
}
END_TEST

/* A struct of a known tag without a member name: with -fms-extensions it is where it was. */
START_TEST(test_member_without_a_name)
{
	static const char text[] =
		"unsigned int f(struct outer *o) { return o->a + (unsigned int)o->last; }\n";
	char *all;

	add_struct("outer", 8);
	add_field(NULL, inner, 0, 0);
	add_field("last", number, 32, 0);
	expect_layout("struct outer *o;", false);
	all = types_and_text(btf, text);
	expect_compiles_with("-fms-extensions", all);
	free(all);
}
END_TEST

/* What C cannot say is refused, not misread. */
START_TEST(test_impossible_layout)
{
	add_struct("overlap", 4);
	add_field("a", number, 0, 0);
	add_field("b", number, 0, 0);
	expect_layout("struct overlap *o;", false);
}
END_TEST

/* The kernel may have two structs of one name, in different files: the text gets the first. */
START_TEST(test_two_of_one_name)
{
	add_struct("twice", 4);
	add_field("first", number, 0, 0);
	add_struct("twice", 8);
	add_field("second", number, 0, 0);
	add_field("more", number, 32, 0);
	expect_layout("int f(struct twice *t) { return t->first; }\n", true);
}
END_TEST

Suite *btf_layout_suite(void)
{
	Suite *s = suite_create("btf_layout");
	TCase *c = tcase_create("btf_layout");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_good);
	tcase_add_test(c, test_bit_fields);
	tcase_add_test(c, test_member_without_a_name);
	tcase_add_test(c, test_impossible_layout);
	tcase_add_test(c, test_two_of_one_name);
	suite_add_tcase(s, c);
	return s;
}
