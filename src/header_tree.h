/* A small tree of kernel headers made from BTF, in the shape that libbcc looks for. */
#ifndef TRACEPKT_HEADER_TREE_H
#define TRACEPKT_HEADER_TREE_H

#include "workdir.h"

#include <bpf/btf.h>

/* Writes the tree for text below w. 0, or -1 (said). */
int header_tree_write(const struct workdir *w, const struct btf *btf, const char *text);

#endif
