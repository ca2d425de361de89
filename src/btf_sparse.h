/*
 * Large structs in part: those of their members that a text names, and room for the others. A
 * compiler takes its time for each member, and struct net alone brings 60 structs with it.
 */
#ifndef TRACEPKT_BTF_SPARSE_H
#define TRACEPKT_BTF_SPARSE_H

#include "ident.h"

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdio.h>

/* Smaller ones are printed whole: what libbcc's own headers use (pt_regs) is among them. */
#define BTF_SPARSE_BYTES 512

/* Is this a struct that is large, and can it be printed in part? */
bool btf_sparse_applies(const struct btf *btf, const struct btf_type *t,
			const struct ident_table *idents);

/* Prints what the members that are named need. 0, or a negative errno. */
int btf_sparse_prepare(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		       const struct ident_table *idents);

/* Prints the struct to out, which must be where dump prints to. 0, or a negative errno. */
int btf_sparse_print(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		     const struct ident_table *idents, FILE *out);

#endif
