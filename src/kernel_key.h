/* What compiled probes depend on besides their text: the kernel, and its types. */
#ifndef TRACEPKT_KERNEL_KEY_H
#define TRACEPKT_KERNEL_KEY_H

#include "kernel_types.h"

#include <stdio.h>

/*
 * Writes text that differs whenever the same probes (text) might come out otherwise: by another
 * kernel, modules with other types, other headers, another libbcc.
 */
void kernel_key_write(FILE *f, const struct kernel_types *k, const char *text);

#endif
