/* What old kernels would say to a program: how many instructions it has, and whether it loops. */
#ifndef TRACEPKT_INSNS_H
#define TRACEPKT_INSNS_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Does control flow ever come back to where it was? Kernels before 5.3 refuse such programs
 * (check_cfg() in kernel/bpf/verifier.c). A jump backwards alone is no loop.
 */
bool insns_have_loop(const struct bpf_insn *insns, size_t n);

#endif
