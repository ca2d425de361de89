/* insns: does a BPF program loop? */
#include "insns.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>

#define MAX 8

#define MOV                                         \
	{                                           \
		.code = BPF_ALU64 | BPF_MOV | BPF_K \
	}
#define EXIT                               \
	{                                  \
		.code = BPF_JMP | BPF_EXIT \
	}
#define CALL(o)                                        \
	{                                              \
		.code = BPF_JMP | BPF_CALL, .off = (o) \
	}
#define JA(o)                                        \
	{                                            \
		.code = BPF_JMP | BPF_JA, .off = (o) \
	}
#define JEQ(o)                                                \
	{                                                     \
		.code = BPF_JMP | BPF_JEQ | BPF_K, .off = (o) \
	}
#define JNE32(o)                                           \
	{                                                  \
		.code = 0x06 | BPF_JNE | BPF_X, .off = (o) \
	}
#define IMM64                                     \
	{                                         \
		.code = BPF_LD | BPF_IMM | BPF_DW \
	}
#define RAW(c, o)                       \
	{                               \
		.code = (c), .off = (o) \
	}

static const struct {
	const char *what;
	size_t n;
	bool loop;
	struct bpf_insn insns[MAX];
} cases[] = {
	{"empty", 0, false, {{0}}},
	{"one instruction", 1, false, {EXIT}},
	{"straight", 3, false, {MOV, MOV, EXIT}},
	{"without an end", 2, false, {MOV, MOV}},
	{"forward branch", 4, false, {JEQ(1), MOV, MOV, EXIT}},
	{"branch to the next", 2, false, {JEQ(0), EXIT}},
	{"both arms meet", 6, false, {JEQ(2), MOV, JA(1), MOV, MOV, EXIT}},
	{"jump backwards without loop", 5, false, {JA(2), MOV, EXIT, MOV, JA(-4)}},
	{"branch backwards without loop", 5, false, {JA(1), EXIT, MOV, JEQ(-3), EXIT}},
	{"loop", 3, true, {MOV, JEQ(-2), EXIT}},
	{"loop of 32-bit jumps", 3, true, {MOV, JNE32(-2), EXIT}},
	{"loop to itself", 1, true, {JA(-1)}},
	{"branch to itself", 2, true, {JEQ(-1), EXIT}},
	{"loop over all", 3, true, {MOV, MOV, JA(-3)}},
	{"loop in a branch taken", 5, true, {JEQ(1), EXIT, MOV, JA(-2), EXIT}},
	{"loop in a branch not taken", 4, true, {JEQ(2), MOV, JA(-2), EXIT}},
	{"loop that nothing reaches", 4, false, {MOV, EXIT, MOV, JA(-2)}},
	{"loop behind a jump", 4, false, {JA(2), MOV, JA(-2), EXIT}},
	{"two jumps to one place", 6, false, {JEQ(3), JEQ(2), JEQ(1), MOV, MOV, EXIT}},
	/* a call comes back behind itself, whatever its offset */
	{"call", 3, false, {MOV, CALL(-2), EXIT}},
	/* the second slot is no instruction, whatever stands in it */
	{"64-bit constant", 4, false, {IMM64, RAW(0, 0), MOV, EXIT}},
	{"slot like a jump", 3, false, {IMM64, RAW(BPF_JMP | BPF_JA, -2), EXIT}},
	{"slot like an exit", 4, true, {IMM64, RAW(BPF_JMP | BPF_EXIT, 0), JA(-3), EXIT}},
	{"cut-off constant", 1, false, {IMM64}},
	{"not a 64-bit constant", 3, true, {RAW(BPF_LD | BPF_ABS | BPF_W, 0), JA(-2), EXIT}},
	/* jumps out of the program: another check's matter */
	{"beyond the end", 2, false, {JEQ(100), EXIT}},
	{"before the start", 2, false, {JEQ(-100), EXIT}},
	{"just before the start", 2, false, {JEQ(-2), EXIT}},
	{"to the end", 2, false, {JA(1), EXIT}},
};

START_TEST(test_loop)
{
	/* exactly as long as it is, so that the sanitizer sees an instruction too much */
	struct bpf_insn *insns = calloc(cases[_i].n + 1, sizeof(*insns));
	struct bpf_insn *exact = realloc(insns, cases[_i].n ? cases[_i].n * sizeof(*insns) : 1);

	ck_assert_ptr_nonnull(exact);
	for (size_t i = 0; i < cases[_i].n; i++)
		exact[i] = cases[_i].insns[i];
	ck_assert_msg(insns_have_loop(exact, cases[_i].n) == cases[_i].loop, "%s", cases[_i].what);
	free(exact);
}
END_TEST

/* 4096 branches in a row have 2^4096 paths: each instruction is looked at once. */
START_TEST(test_many_paths)
{
	enum { N = 4096 };
	struct bpf_insn *insns = calloc(N, sizeof(*insns));

	ck_assert_ptr_nonnull(insns);
	for (int i = 0; i < N - 1; i++)
		insns[i] = (struct bpf_insn)JEQ((__s16)(i < N - 2 ? 1 : 0));
	insns[N - 1] = (struct bpf_insn)EXIT;
	ck_assert(!insns_have_loop(insns, N));
	insns[N - 2] = (struct bpf_insn)JEQ(-(N - 1));
	ck_assert(insns_have_loop(insns, N));
	free(insns);
}
END_TEST

Suite *insns_suite(void)
{
	Suite *s = suite_create("insns");
	TCase *c = tcase_create("insns");

	tcase_add_loop_test(c, test_loop, 0, N_OF(cases));
	tcase_add_test(c, test_many_paths);
	suite_add_tcase(s, c);
	return s;
}
