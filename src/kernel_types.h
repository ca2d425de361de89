/* Where the compiler gets the types of the running kernel. */
#ifndef TRACEPKT_KERNEL_TYPES_H
#define TRACEPKT_KERNEL_TYPES_H

#include "options.h"
#include "workdir.h"

/* What libbcc is told, by its environment. */
struct kernel_types {
	enum types_source source;         /* never TYPES_AUTO once prepared */
	char bcc_kernel_source[PATH_MAX]; /* BCC_KERNEL_SOURCE; empty: leave it as it is */
};

/*
 * Finds the types for text (the assembled probes) and writes what is needed below w. For wanted ==
 * TYPES_AUTO: BTF, else headers, else kheaders. 0, or -1 (said, with what to install).
 */
int kernel_types_prepare(struct kernel_types *k, enum types_source wanted, const char *text,
			 const struct workdir *w, enum verbosity v);

const char *kernel_types_name(enum types_source source);

#endif
