/* BTF of the running kernel: vmlinux, and of the modules that the probes look into. */
#ifndef TRACEPKT_KERNEL_BTF_H
#define TRACEPKT_KERNEL_BTF_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>

#define KERNEL_BTF_MODULES 4

/* Their names. */
extern const char *const kernel_btf_modules[KERNEL_BTF_MODULES];

struct kernel_btf {
	struct btf *vmlinux;
	struct btf *modules[KERNEL_BTF_MODULES]; /* split BTF over vmlinux */
	size_t n_modules;
};

/* Is there any? */
bool kernel_btf_exists(void);

/*
 * Opens vmlinux, and those modules of netfilter that are loaded and have BTF. 0, or -1 with errno
 * set and nothing said.
 */
int kernel_btf_open(struct kernel_btf *k);

void kernel_btf_close(struct kernel_btf *k);

/* A type by name and BTF_KIND_*, and the BTF that has it (*in); NULL if none has. */
const struct btf_type *kernel_btf_find(const struct kernel_btf *k, const char *name,
				       unsigned int kind, const struct btf **in);

#endif
