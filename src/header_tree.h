/* A small tree of kernel headers made from BTF, in the shape that libbcc looks for. */
#ifndef TRACEPKT_HEADER_TREE_H
#define TRACEPKT_HEADER_TREE_H

#include "kernel_btf.h"
#include "workdir.h"

/* Writes the tree for text below w. 0, or -1 (said). */
int header_tree_write(const struct workdir *w, const struct kernel_btf *btf, const char *text);

#endif
