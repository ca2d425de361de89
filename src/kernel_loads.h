/*
 * Does the kernel let programs load from its structures without calling a helper for each? That
 * takes bpf_rdonly_cast() (kernel/bpf/verifier.c, 6.2), a function of the kernel that programs may
 * call by its number in BTF.
 */
#ifndef TRACEPKT_KERNEL_LOADS_H
#define TRACEPKT_KERNEL_LOADS_H

#include "kernel_btf.h"

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_LOADS_STRUCTS 3

struct kernel_loads {
	uint32_t rdonly_cast; /* the function's number in the BTF of vmlinux; 0: there is none */
	uint32_t structs[KERNEL_LOADS_STRUCTS]; /* those of kernel_loads_structs[] */
};

/* The structures that probes load from. */
extern const char *const kernel_loads_structs[KERNEL_LOADS_STRUCTS];

/* What BTF has of that, all or nothing. */
struct kernel_loads kernel_loads_find(const struct kernel_btf *k);

/* Has the kernel check a small program that does so. */
bool kernel_loads_work(const struct kernel_loads *l);

/*
 * The compiler knows calls of helpers only: makes those of a helper with that number, which is
 * beyond all that there are, calls of the kernel's function.
 */
void kernel_loads_mark_calls(struct bpf_insn *insns, size_t n, uint32_t rdonly_cast);

/* Is there a call that was marked so? */
bool kernel_loads_has_calls(const struct bpf_insn *insns, size_t n, uint32_t rdonly_cast);

#endif
