/* kernel_loads: what BTF has of it, and which calls become calls of the kernel's function. */
#include "kernel_loads.h"
#include "suites.h"
#include "support.h"
#include "util.h"

#include <string.h>

#define MANY 300 /* more than there are helpers */

/* BTF with that many types in front, the structures but the one without, and maybe the function. */
static struct btf *make_btf(int in_front, const char *without, bool function)
{
	struct btf *btf = btf__new_empty();
	int proto;

	ck_assert_ptr_nonnull(btf);
	for (int i = 0; i < in_front; i++)
		ck_assert_int_gt(btf__add_int(btf, "int", 4, BTF_INT_SIGNED), 0);
	for (size_t i = 0; i < KERNEL_LOADS_STRUCTS; i++)
		if (!without || strcmp(kernel_loads_structs[i], without) != 0)
			ck_assert_int_gt(btf__add_struct(btf, kernel_loads_structs[i], 8), 0);
	proto = btf__add_func_proto(btf, 0);
	ck_assert_int_gt(proto, 0);
	if (function)
		ck_assert_int_gt(btf__add_func(btf, "bpf_rdonly_cast", BTF_FUNC_GLOBAL, proto), 0);
	return btf;
}

static const struct {
	int in_front;
	const char *without;
	bool function, found;
} cases[] = {
	{MANY, NULL, true, true},       {MANY, NULL, false, false}, {MANY, "sk_buff", true, false},
	{MANY, "ipv6hdr", true, false}, {0, NULL, true, false}, /* its number is that of a helper */
};

START_TEST(test_find)
{
	struct kernel_btf k = {
		.vmlinux = make_btf(cases[_i].in_front, cases[_i].without, cases[_i].function)};
	struct kernel_loads l = kernel_loads_find(&k);

	ck_assert(cases[_i].found == (l.rdonly_cast != 0));
	for (size_t i = 0; i < KERNEL_LOADS_STRUCTS; i++)
		ck_assert_uint_eq(l.structs[i], cases[_i].found ? MANY + 1 + i : 0);
	if (!cases[_i].found)
		ck_assert(!kernel_loads_work(&l));
	kernel_btf_close(&k);
}
END_TEST

START_TEST(test_mark_calls)
{
	struct bpf_insn insns[] = {
		{BPF_JMP | BPF_CALL, 0, 0, 0, 5},        /* a helper */
		{BPF_JMP | BPF_CALL, 0, 0, 0, 1000},     /* the one */
		{BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 7}, /* a number of two halves, */
		{BPF_JMP | BPF_CALL, 0, 0, 0, 1000},     /* no instruction */
		{BPF_JMP | BPF_CALL, 0, 1, 0, 1000},     /* a function of the program's own */
		{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1000},
		{BPF_JMP | BPF_CALL, 0, 0, 0, 1000},
	};
	static const unsigned int expected[] = {0, 2, 0, 0, 1, 0, 2};

	ck_assert(!kernel_loads_has_calls(insns, ARRAY_SIZE(insns), 1000));
	kernel_loads_mark_calls(insns, ARRAY_SIZE(insns), 1000);
	for (size_t i = 0; i < ARRAY_SIZE(insns); i++)
		ck_assert_uint_eq(insns[i].src_reg, expected[i]);
	ck_assert(kernel_loads_has_calls(insns, ARRAY_SIZE(insns), 1000));
	ck_assert(kernel_loads_has_calls(insns, 2, 1000));
	ck_assert(!kernel_loads_has_calls(insns, 1, 1000));
	ck_assert(!kernel_loads_has_calls(insns, ARRAY_SIZE(insns), 5));
}
END_TEST

Suite *kernel_loads_suite(void)
{
	Suite *s = suite_create("kernel_loads");
	TCase *c = tcase_create("kernel_loads");

	tcase_add_loop_test(c, test_find, 0, N_OF(cases));
	tcase_add_test(c, test_mark_calls);
	suite_add_tcase(s, c);
	return s;
}
