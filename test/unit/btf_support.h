/* A small kernel, as BTF. */
#ifndef TRACEPKT_TEST_BTF_SUPPORT_H
#define TRACEPKT_TEST_BTF_SUPPORT_H

#include <bpf/btf.h>

/*
 * Like this, in C:
 *
 *	typedef unsigned int u32_t;
 *	struct inner { u32_t a; };
 *	struct far { int x; };
 *	enum verdict { VERDICT_DROP = 0, VERDICT_ACCEPT = 1 };
 *	union both { int i; struct inner in; };
 *	struct packet { struct inner head; struct far *dev; enum verdict how; union both u; };
 *	struct own { int kernel_side; };
 *	typedef struct far far_t;
 *	enum { ANON_ONE = 1, ANON_TWO = 2 };
 *	struct bpf_raw_tracepoint_args { int args; };
 *	enum bpf_map_type { BPF_MAP_TYPE_HASH = 1 };
 *	struct with_uapi { enum bpf_map_type type; struct bpf_raw_tracepoint_args args; };
 *	struct later;
 *	struct unused { int y; };
 */
struct btf *small_btf_new(void);

/* What btf_types_print() makes of text, and text. The caller frees it. */
char *types_and_text(const struct btf *btf, const char *text);

/* Asserts that the compiler takes this C text. */
void expect_compiles(const char *text);
void expect_compiles_with(const char *option, const char *text);

/* The same with the headers below tree/include only. */
void expect_compiles_in(const char *tree, const char *options, const char *text);

/* Asserts that it refuses it. */
void expect_compile_error(const char *text);

#endif
