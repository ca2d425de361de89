/* Where the compiler gets the types of the running kernel. */
#ifndef TRACEPKT_KERNEL_TYPES_H
#define TRACEPKT_KERNEL_TYPES_H

#include "kernel_btf.h"
#include "options.h"
#include "workdir.h"

#include <stdbool.h>

/* The source, and what libbcc is told of it by its environment. */
struct kernel_types {
	enum types_source source;         /* never TYPES_AUTO once chosen */
	struct kernel_btf btf;            /* open, and stays so, if the source is BTF */
	char bcc_kernel_source[PATH_MAX]; /* BCC_KERNEL_SOURCE; empty: leave it as it is */
};

/*
 * Unpacks kheaders below w if that is what is wanted. For that their module may have to be loaded
 * for a moment, so it belongs where nobody kills it. 0, or -1 (said).
 */
int kernel_types_unpack(enum types_source wanted, const struct workdir *w);

/*
 * For TYPES_AUTO: BTF, else headers, else kheaders, which are unpacked below w; kheaders that are
 * wanted by name are there already. 0, or -1 (said, with what to install).
 */
int kernel_types_choose(struct kernel_types *k, enum types_source wanted, const struct workdir *w,
			enum verbosity v);

/* Writes what the compiler needs for text (assembled probes) below w. 0, or -1 (said). */
int kernel_types_prepare(struct kernel_types *k, const char *text, const struct workdir *w);

const char *kernel_types_name(enum types_source source);

/* Are the headers of the running kernel installed? */
bool kernel_types_have_headers(void);

/* One of the headers, by its path below include/, as text that the caller frees; NULL: not there.
 */
char *kernel_types_header(const struct kernel_types *k, const char *path);

/* What to install to have them, by the family of the distribution: "the package ...". */
void kernel_types_package(char *to, size_t size);

#endif
