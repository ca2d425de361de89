/* btf_types: of large structs, what the text names is printed, and the rest keeps its room. */
#include "btf_sparse.h"
#include "btf_types.h"
#include "btf_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/*
 * In addition to the small kernel:
 *
 *	struct large {
 *		int first;
 *		union { int left; struct inner right; };	at 8
 *		struct inner in;				at 16
 *		struct far *far;				at 24
 *		struct unused unused;				at 32
 *		int bits: 3, more: 5;				at 36
 *		far_t *way;					at 40
 *		enum { ODD_ONE = 1 } odd;			at 48
 *		char rest[SIZE - 52];
 *	};
 *	struct around { int before; struct large large; };
 */
#define SIZE 640

static struct btf *btf;

static int find(const char *name, unsigned int kind)
{
	int id = btf__find_by_name_kind(btf, name, kind);

	ck_assert_int_gt(id, 0);
	return id;
}

static void add_field(const char *name, int type, __u32 byte, __u32 bit, __u32 bits)
{
	ck_assert_int_eq(btf__add_field(btf, name, type, 8 * byte + bit, bits), 0);
}

static void add_large(__u32 size)
{
	int number = find("int", BTF_KIND_INT), inner = find("inner", BTF_KIND_STRUCT);
	int far = btf__add_ptr(btf, find("far", BTF_KIND_STRUCT));
	int text = btf__add_int(btf, "char", 1, BTF_INT_CHAR);
	int rest = btf__add_array(btf, number, text, size - 52);
	int way = btf__add_ptr(btf, find("far_t", BTF_KIND_TYPEDEF));
	int odd = btf__add_enum(btf, "", 4);
	int either;

	ck_assert_int_eq(btf__add_enum_value(btf, "ODD_ONE", 1), 0);
	either = btf__add_union(btf, "", 4);
	add_field("left", number, 0, 0, 0);
	add_field("right", inner, 0, 0, 0);
	ck_assert_int_gt(btf__add_struct(btf, "large", size), 0);
	add_field("first", number, 0, 0, 0);
	add_field("", either, 8, 0, 0);
	add_field("in", inner, 16, 0, 0);
	add_field("far", far, 24, 0, 0);
	add_field("unused", find("unused", BTF_KIND_STRUCT), 32, 0, 0);
	add_field("bits", number, 36, 0, 3);
	add_field("more", number, 36, 3, 5);
	add_field("way", way, 40, 0, 0);
	add_field("odd", odd, 48, 0, 0);
	add_field("rest", rest, 52, 0, 0);
	ck_assert_int_gt(btf__add_struct(btf, "around", size + 8), 0);
	add_field("before", number, 0, 0, 0);
	add_field("large", find("large", BTF_KIND_STRUCT), 8, 0, 0);
}

/* struct NAME { int number; char rest[SIZE - 4]; } */
static void add_simple(const char *name, int number, __u32 size)
{
	int text = btf__add_int(btf, "char", 1, BTF_INT_CHAR);
	int rest = btf__add_array(btf, number, text, size - 4);

	ck_assert_int_gt(btf__add_struct(btf, name, size), 0);
	add_field("number", number, 0, 0, 0);
	add_field("rest", rest, 4, 0, 0);
}

static void set_up(void)
{
	btf = small_btf_new();
	add_large(SIZE);
}

static void tear_down(void)
{
	btf__free(btf);
}

static void expect_printed(const char *text, const char *what, bool there)
{
	char *all = types_and_text(btf, text);

	ck_assert_msg((strstr(all, what) != NULL) == there, "%s: %s", what, all);
	expect_compiles(all);
	free(all);
}

#define AT(member, offset) \
	"_Static_assert(__builtin_offsetof(struct large, " member ") == " offset ", \"\");\n"
#define SIZED(size) "_Static_assert(sizeof(struct large) == " size ", \"\");\n"

START_TEST(test_members_that_are_named)
{
	expect_printed("int first;\n" SIZED("640") AT("in.a", "16") AT("far", "24"), "tp_room_",
		       true);
	expect_printed(SIZED("640") AT("in.a", "16"), "unused", false);
	expect_printed(SIZED("640") AT("rest", "52"), "struct inner in", false);
}
END_TEST

START_TEST(test_none_is_named)
{
	expect_printed(SIZED("640"), "char tp_room_0[640];", true);
}
END_TEST

START_TEST(test_member_without_a_name)
{
	expect_printed(SIZED("640") AT("right.a", "8"), "int left;", true);
	expect_printed(SIZED("640") AT("in", "16"), "left", false);
}
END_TEST

/* Their place cannot be kept by room of whole bytes: the struct is printed whole. */
START_TEST(test_bit_fields)
{
	const char *texts[] = {SIZED("640") "int get(struct large *l) { return l->bits; }\n",
			       SIZED("640") "int get(struct large *l) { return l->more; }\n"};

	for (size_t i = 0; i < N_OF(texts); i++) {
		expect_printed(texts[i], "struct unused unused", true);
		expect_printed(texts[i], "tp_room_", false);
	}
}
END_TEST

START_TEST(test_part_of_another)
{
	expect_printed("struct around a;\n" SIZED("640")
			       AT("in", "16") "_Static_assert(sizeof(a) == "
					      "648, \"\");\n",
		       "struct large {", true);
	expect_printed("struct around { int own; };\n" SIZED("640"), "tp_room_0[640]", true);
}
END_TEST

/* btf_dump has no need for what a pointer points to, until somebody names it. */
START_TEST(test_typedef_behind_a_pointer)
{
	expect_printed(SIZED("640") AT("way", "40"), "typedef struct far far_t;", true);
}
END_TEST

START_TEST(test_enumerator_inside)
{
	expect_printed(SIZED("640") "int one = ODD_ONE;\n", "enum {", true);
}
END_TEST

/* The second of a name is called otherwise by btf_dump. */
START_TEST(test_namesake)
{
	ck_assert_int_gt(btf__add_struct(btf, "large", 4), 0);
	add_field("other", find("int", BTF_KIND_INT), 0, 0, 0);
	expect_printed(SIZED("640") AT("in", "16"), "struct large___2 {", true);
}
END_TEST

START_TEST(test_packed)
{
	add_simple("packed", find("int", BTF_KIND_INT), 513);
	expect_printed("struct packed *p;\nint number;\n", "tp_room_", false);
}
END_TEST

/* Nothing is printed before it. */
START_TEST(test_at_the_start)
{
	btf__free(btf);
	btf = btf__new_empty();
	add_simple("large", btf__add_int(btf, "int", 4, BTF_INT_SIGNED), SIZE);
	ck_assert_int_gt(btf__add_struct(btf, "outer", SIZE), 0);
	add_field("in", find("large", BTF_KIND_STRUCT), 0, 0, 0);
	expect_printed("struct outer *in;\n" SIZED("640"), "struct large {", true);
}
END_TEST

START_TEST(test_small)
{
	btf__free(btf);
	btf = small_btf_new();
	add_large(BTF_SPARSE_BYTES - 4);
	expect_printed(SIZED("508"), "tp_room_", false);
}
END_TEST

Suite *btf_sparse_suite(void)
{
	Suite *s = suite_create("btf_sparse");
	TCase *c = tcase_create("btf_sparse");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_members_that_are_named);
	tcase_add_test(c, test_none_is_named);
	tcase_add_test(c, test_member_without_a_name);
	tcase_add_test(c, test_bit_fields);
	tcase_add_test(c, test_part_of_another);
	tcase_add_test(c, test_typedef_behind_a_pointer);
	tcase_add_test(c, test_enumerator_inside);
	tcase_add_test(c, test_namesake);
	tcase_add_test(c, test_packed);
	tcase_add_test(c, test_at_the_start);
	tcase_add_test(c, test_small);
	suite_add_tcase(s, c);
	return s;
}
