/* Kernel types from BTF as C text: those that a probe text names, with all they contain. */
#ifndef TRACEPKT_BTF_TYPES_H
#define TRACEPKT_BTF_TYPES_H

#include <bpf/btf.h>
#include <stdio.h>

/*
 * Names that uapi/linux/bpf.h defines, NULL at the end. libbcc brings its own copy of that header,
 * before all else; the kernel's types of these names are printed as kernel_<name>.
 */
extern const char *const uapi_bpf_names[];

/*
 * Reads the identifiers of text (C, comments and strings aside) and prints to out a definition of
 * each type of btf that they name: structs, unions and enums behind their keyword, typedefs, and
 * enums one of whose enumerators is named. What text defines itself is left alone. Types that are
 * reached by pointer only are declared, not defined. Returns 0, or -1 (said).
 */
int btf_types_print(const struct btf *btf, const char *text, FILE *out);

/*
 * The same for what the BTF of a module adds to that of vmlinux, of n_base types: only types that
 * are the module's own count as named, and what stands in the text have already is not printed
 * again.
 */
int btf_types_print_module(const struct btf *module, __u32 n_base, const char *text,
			   const char *have, FILE *out);

#endif
