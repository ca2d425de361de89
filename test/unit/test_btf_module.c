/* btf_types: what the BTF of modules adds to that of the kernel. */
#include "btf_types.h"
#include "btf_support.h"
#include "compat.h"
#include "header_tree.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static struct btf *base, *one, *two;
static __u32 n_base;

static int added(int id)
{
	ck_assert_int_gt(id, 0);
	return id;
}

static int base_type(const char *name, __u32 kind)
{
	return added(btf__find_by_name_kind(base, name, kind));
}

static void field(struct btf *btf, const char *name, int type, __u32 byte)
{
	ck_assert_int_eq(btf__add_field(btf, name, type, 8 * byte, 0), 0);
}

static void value(struct btf *btf, const char *name, int n)
{
	ck_assert_int_eq(btf__add_enum_value(btf, name, n), 0);
}

/*
 * What both modules have, each as its own, for vmlinux does not have it:
 *
 *	enum { SHARED_ONE = 1, SHARED_TWO };
 *	enum mode { MODE_A, MODE_B };
 *	typedef struct { int n; } anon_t;
 *	typedef unsigned char byte_t;
 *	union either { int i; byte_t b; };
 *	struct shared { struct inner in; anon_t anon; enum mode mode; union either e; };
 */
static int add_shared(struct btf *btf)
{
	int number = base_type("int", BTF_KIND_INT), byte, anon, mode, either, shared;

	added(btf__add_enum(btf, NULL, 4));
	value(btf, "SHARED_ONE", 1);
	value(btf, "SHARED_TWO", 2);
	mode = added(btf__add_enum(btf, "mode", 4));
	value(btf, "MODE_A", 0);
	value(btf, "MODE_B", 1);
	anon = added(btf__add_struct(btf, NULL, 4));
	field(btf, "n", number, 0);
	anon = added(btf__add_typedef(btf, "anon_t", anon));
	byte = added(btf__add_int(btf, "unsigned char", 1, 0));
	byte = added(btf__add_typedef(btf, "byte_t", byte));
	either = added(btf__add_union(btf, "either", 4));
	field(btf, "i", number, 0);
	field(btf, "b", byte, 0);
	shared = added(btf__add_struct(btf, "shared", 16));
	field(btf, "in", base_type("inner", BTF_KIND_STRUCT), 0);
	field(btf, "anon", anon, 4);
	field(btf, "mode", mode, 8);
	field(btf, "e", either, 12);
	return shared;
}

/* struct NAME { struct shared s; struct packet p; struct far *f; }; */
static void add_user(struct btf *btf, const char *name, int shared)
{
	int far = added(btf__add_ptr(btf, base_type("far", BTF_KIND_STRUCT)));

	added(btf__add_struct(btf, name, 48));
	field(btf, "s", shared, 0);
	field(btf, "p", base_type("packet", BTF_KIND_STRUCT), 16);
	field(btf, "f", far, 40);
}

static void set_up(void)
{
	base = small_btf_new();
	n_base = compat_btf_type_count(base);
	one = btf__new_empty_split(base);
	two = btf__new_empty_split(base);
	ck_assert_ptr_nonnull(one);
	ck_assert_ptr_nonnull(two);
	add_user(one, "of_one", add_shared(one));
	add_user(two, "of_two", add_shared(two));
}

static void tear_down(void)
{
	btf__free(two);
	btf__free(one);
	btf__free(base);
}

static char *print_base(const char *text)
{
	FILE *f = tmpfile();
	char *printed;

	ck_assert_ptr_nonnull(f);
	fputs("\n", f); /* as behind the include that is in front of them */
	ck_assert_int_eq(btf_types_print(base, text, f), 0);
	printed = read_stream(f);
	fclose(f);
	return printed;
}

/* What a module adds to have. */
static char *print_module(struct btf *module, const char *text, const char *have)
{
	FILE *f = tmpfile();
	char *printed;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(btf_types_print_module(module, n_base, text, have, f), 0);
	printed = read_stream(f);
	fclose(f);
	return printed;
}

static char *joined(char *a, char *b)
{
	char *all = malloc(strlen(a) + strlen(b) + 1);

	ck_assert_ptr_nonnull(all);
	strcpy(all, a);
	strcat(all, b);
	free(a);
	free(b);
	return all;
}

static int count(const char *text, const char *part)
{
	int n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

static void expect_count(const char *text, const char *part, int n)
{
	ck_assert_msg(count(text, part) == n, "%d of '%s', not %d, in:\n%s", count(text, part),
		      part, n, text);
}

static const char use_one[] = "int f(struct of_one *o, struct packet *p)\n"
			      "{\n"
			      "\treturn o->s.anon.n + (int)o->p.how + (int)p->head.a +\n"
			      "\t       o->s.mode + o->s.e.b + (o->f == p->dev);\n"
			      "}\n";
static const char use_both[] = "int f(struct of_one *o, struct of_two *t, struct packet *p)\n"
			       "{\n"
			       "\treturn o->s.anon.n + t->s.e.i + t->p.u.i + (int)p->head.a;\n"
			       "}\n";

/* Only what the module adds, and only if it is named. */
START_TEST(test_own_types_only)
{
	char *printed = print_module(one, "struct packet *p; struct far *f; u32_t x;", "\n");

	ck_assert_str_eq(printed, "");
	free(printed);
	printed = print_module(one, "", "\n");
	ck_assert_str_eq(printed, "");
	free(printed);
	printed = print_module(one, "enum mode m;", "\n");
	expect_count(printed, "enum mode {", 1);
	expect_count(printed, "struct ", 0);
	free(printed);
}
END_TEST

/* The base's own definitions are there already. */
START_TEST(test_nothing_twice)
{
	char *have = print_base(use_one), *more = print_module(one, use_one, have), *all;

	expect_count(have, "struct packet {", 1);
	expect_count(have, "struct of_one", 0);
	expect_count(more, "struct of_one {", 1);
	expect_count(more, "struct shared {", 1);
	expect_count(more, "struct packet {", 0);
	expect_count(more, "struct inner {", 0);
	expect_count(more, "enum verdict {", 0);
	expect_count(more, "union both {", 0);
	expect_count(more, "typedef unsigned int u32_t;", 0);
	expect_count(more, "sizeof(struct of_one) == 48", 1);
	expect_count(more, "offsetof(struct of_one, f) == 40", 1);
	all = joined(joined(have, more), strdup(use_one));
	expect_compiles(all);
	free(all);
}
END_TEST

/* The base has only declared what the module contains: then it is defined now. */
START_TEST(test_declared_before)
{
	static const char text[] = "int f(struct of_one *o, struct holder *h)\n"
				   "{\n"
				   "\treturn o->f == h->dev && h->more.x;\n"
				   "}\n";
	int pointer = added(btf__add_ptr(one, base_type("far", BTF_KIND_STRUCT)));
	char *have = print_base("struct packet *p;"), *more, *all;

	added(btf__add_struct(one, "holder", 16));
	field(one, "dev", pointer, 0);
	field(one, "more", base_type("far", BTF_KIND_STRUCT), 8);
	expect_count(have, "struct far;", 1);
	expect_count(have, "struct far {", 0);
	more = print_module(one, text, have);
	expect_count(more, "struct far {", 1);
	all = joined(joined(have, more), strdup(text));
	expect_compiles(all);
	free(all);
}
END_TEST

/* Two modules have the same types, each as its own. */
START_TEST(test_two_modules)
{
	char *all = print_base(use_both);

	all = joined(all, print_module(one, use_both, all));
	all = joined(all, print_module(two, use_both, all));
	expect_count(all, "struct shared {", 1);
	expect_count(all, "struct packet {", 1);
	expect_count(all, "union either {", 1);
	expect_count(all, "enum mode {", 1);
	expect_count(all, "} anon_t;", 1);
	expect_count(all, "typedef unsigned char byte_t;", 1);
	expect_count(all, "struct of_one {", 1);
	expect_count(all, "struct of_two {", 1);
	all = joined(all, strdup(use_both));
	expect_compiles(all);
	free(all);
}
END_TEST

/* An anonymous enum is known by all it has, not by its first line. */
START_TEST(test_anonymous_enums)
{
	static const char text[] = "int f(void)\n"
				   "{\n"
				   "\treturn SHARED_TWO + ANON_ONE + OWN_ONE;\n"
				   "}\n";
	char *all = print_base(text);

	added(btf__add_enum(two, NULL, 4));
	value(two, "OWN_ONE", 1);
	expect_count(all, "ANON_ONE = 1", 1);
	all = joined(all, print_module(one, text, all));
	expect_count(all, "SHARED_ONE = 1", 1);
	all = joined(all, print_module(two, text, all));
	expect_count(all, "SHARED_ONE = 1", 1);
	expect_count(all, "OWN_ONE = 1", 1);
	expect_count(all, "ANON_ONE = 1", 1);
	all = joined(all, strdup(text));
	expect_compiles(all);
	free(all);
}
END_TEST

/* A name that another only begins with, and a typedef to something else than a struct of its name.
 */
START_TEST(test_similar_names)
{
	static const char text[] = "int f(struct pack *p, struct packets *q, struct packet *r)\n"
				   "{\n"
				   "\treturn p->n + q->n + (int)r->head.a;\n"
				   "}\n";
	int number = base_type("int", BTF_KIND_INT);
	char *all = print_base(text);

	added(btf__add_struct(one, "pack", 4));
	field(one, "n", number, 0);
	added(btf__add_struct(one, "packets", 4));
	field(one, "n", number, 0);
	all = joined(all, print_module(one, text, all));
	expect_count(all, "struct pack {", 1);
	expect_count(all, "struct packets {", 1);
	expect_count(all, "struct packet {", 1);
	all = joined(all, strdup(text));
	expect_compiles(all);
	free(all);
}
END_TEST

/* Names of uapi/linux/bpf.h are renamed in a module's part, too, and the renaming ends there. */
START_TEST(test_uapi_names)
{
	static const char bpf_h[] =
		"struct bpf_raw_tracepoint_args { unsigned long long args[0]; };\n"
		"enum bpf_map_type { BPF_MAP_TYPE_HASH = 1 };\n";
	static const char text[] = "int f(struct bpf_raw_tracepoint_args *a, struct uapi_user *u)\n"
				   "{\n"
				   "\treturn (int)a->args[0] + u->w.args.args + u->a.args;\n"
				   "}\n";
	char *all = print_base("struct with_uapi *w;");

	added(btf__add_struct(one, "uapi_user", 12));
	field(one, "w", base_type("with_uapi", BTF_KIND_STRUCT), 0);
	field(one, "a", base_type("bpf_raw_tracepoint_args", BTF_KIND_STRUCT), 8);
	all = joined(all, print_module(one, text, all));
	expect_count(all, "struct with_uapi {", 1);
	all = joined(joined(strdup(bpf_h), all), strdup(text));
	expect_compiles(all);
	free(all);
}
END_TEST

/* All of it in the header tree, through the modules of a struct kernel_btf. */
START_TEST(test_header_tree)
{
	struct kernel_btf k = {.vmlinux = base, .modules = {one, two}, .n_modules = 2};
	const char *old = getenv("TMPDIR");
	char *saved = old ? strdup(old) : NULL, *tmp = temp_dir_new(), *types, *text;
	struct workdir w;

	setenv("TMPDIR", tmp, 1);
	ck_assert_int_eq(workdir_open(&w), 0);
	ck_assert_int_eq(header_tree_write(&w, &k, use_both), 0);
	types = read_file_in(w.path, "include/tracepkt/kernel_types.h");
	ck_assert_ptr_nonnull(types);
	expect_count(types, "struct shared {", 1);
	expect_count(types, "struct of_one {", 1);
	expect_count(types, "struct of_two {", 1);
	expect_count(types, "#endif\n", 1);
	ck_assert_str_eq(types + strlen(types) - strlen("#endif\n"), "#endif\n");
	free(types);
	text = joined(strdup("#include <tracepkt/kernel_types.h>\n"
			     "#include <tracepkt/kernel_types.h>\n"),
		      strdup(use_both));
	expect_compiles_in(w.path, "", text);
	free(text);
	workdir_close(&w);
	if (saved)
		setenv("TMPDIR", saved, 1);
	else
		unsetenv("TMPDIR");
	free(saved);
	temp_dir_remove(tmp);
}
END_TEST

Suite *btf_module_suite(void)
{
	Suite *s = suite_create("btf_module");
	TCase *c = tcase_create("btf_module");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_own_types_only);
	tcase_add_test(c, test_nothing_twice);
	tcase_add_test(c, test_declared_before);
	tcase_add_test(c, test_two_modules);
	tcase_add_test(c, test_anonymous_enums);
	tcase_add_test(c, test_similar_names);
	tcase_add_test(c, test_uapi_names);
	tcase_add_test(c, test_header_tree);
	suite_add_tcase(s, c);
	return s;
}
