/* Makes BTF, and compiles what was made from it. */
#include "btf_support.h"
#include "btf_types.h"
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int added(int id)
{
	ck_assert_int_gt(id, 0);
	return id;
}

static void field(struct btf *btf, const char *name, int type, __u32 byte)
{
	ck_assert_int_eq(btf__add_field(btf, name, type, 8 * byte, 0), 0);
}

static void value(struct btf *btf, const char *name, int n)
{
	ck_assert_int_eq(btf__add_enum_value(btf, name, n), 0);
}

static void add_packet(struct btf *btf, int number, int inner, int far)
{
	int verdict, both, far_pointer = added(btf__add_ptr(btf, far));

	verdict = added(btf__add_enum(btf, "verdict", 4));
	value(btf, "VERDICT_DROP", 0);
	value(btf, "VERDICT_ACCEPT", 1);
	both = added(btf__add_union(btf, "both", 4));
	field(btf, "i", number, 0);
	field(btf, "in", inner, 0);
	added(btf__add_struct(btf, "packet", 24));
	field(btf, "head", inner, 0);
	field(btf, "dev", far_pointer, 8);
	field(btf, "how", verdict, 16);
	field(btf, "u", both, 20);
}

static void add_uapi(struct btf *btf, int number)
{
	int args, type;

	args = added(btf__add_struct(btf, "bpf_raw_tracepoint_args", 4));
	field(btf, "args", number, 0);
	type = added(btf__add_enum(btf, "bpf_map_type", 4));
	value(btf, "BPF_MAP_TYPE_HASH", 1);
	added(btf__add_struct(btf, "with_uapi", 8));
	field(btf, "type", type, 0);
	field(btf, "args", args, 4);
}

struct btf *small_btf_new(void)
{
	struct btf *btf = btf__new_empty();
	int number, unsigned_number, typedef_, inner, far;

	ck_assert_ptr_nonnull(btf);
	number = added(btf__add_int(btf, "int", 4, BTF_INT_SIGNED));
	unsigned_number = added(btf__add_int(btf, "unsigned int", 4, 0));
	typedef_ = added(btf__add_typedef(btf, "u32_t", unsigned_number));
	inner = added(btf__add_struct(btf, "inner", 4));
	field(btf, "a", typedef_, 0);
	far = added(btf__add_struct(btf, "far", 4));
	field(btf, "x", number, 0);
	add_packet(btf, number, inner, far);
	added(btf__add_struct(btf, "own", 4));
	field(btf, "kernel_side", number, 0);
	added(btf__add_typedef(btf, "far_t", far));
	added(btf__add_enum(btf, NULL, 4));
	value(btf, "ANON_ONE", 1);
	value(btf, "ANON_TWO", 2);
	add_uapi(btf, number);
	added(btf__add_fwd(btf, "later", BTF_FWD_STRUCT));
	added(btf__add_struct(btf, "unused", 4));
	field(btf, "y", number, 0);
	return btf;
}

/* The exit status of the compiler. */
static int compile(const char *option, const char *text, bool quiet)
{
	char command[2 * PATH_MAX];
	FILE *compiler;
	int status;

	snprintf(command, sizeof(command), "%s -std=gnu11 -Wall -Werror %s -fsyntax-only -x c -%s",
		 TEST_CC, option, quiet ? " 2>/dev/null" : "");
	compiler = popen(command, "w");
	ck_assert_ptr_nonnull(compiler);
	fputs(text, compiler);
	status = pclose(compiler);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

char *types_and_text(const struct btf *btf, const char *text)
{
	FILE *f = tmpfile();
	char *all;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(btf_types_print(btf, text, f), 0);
	fputs(text, f);
	all = read_stream(f);
	fclose(f);
	return all;
}

void expect_compiles_with(const char *option, const char *text)
{
	ck_assert_msg(compile(option, text, false) == 0, "does not compile:\n%.2000s", text);
}

void expect_compiles_in(const char *tree, const char *options, const char *text)
{
	char all[PATH_MAX + 256];

	snprintf(all, sizeof(all), "-nostdinc -isystem %s/include %s", tree, options);
	expect_compiles_with(all, text);
}

void expect_compiles(const char *text)
{
	expect_compiles_with("", text);
}

void expect_compile_error(const char *text)
{
	ck_assert_msg(compile("", text, true) == 1, "compiles:\n%.2000s", text);
}
