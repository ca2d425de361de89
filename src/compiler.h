/*
 * libbcc's compiler. The library is loaded when there is something to compile, for it brings LLVM
 * and Clang with it: 100 MB of memory and a tenth of a second.
 */
#ifndef TRACEPKT_COMPILER_H
#define TRACEPKT_COMPILER_H

#include "image.h"

#include <stdbool.h>

enum compiler_error {
	COMPILER_NO_LIBRARY = 1, /* why is on standard error */
	COMPILER_WRONG_TEXT,     /* clang's messages are on standard error */
	COMPILER_NO_MEMORY,      /* or more programs and maps than an image has room for */
};

struct compiler;

/*
 * Begins to load the library, in a thread: until compiler_wait() returns, the caller may not touch
 * the environment. NULL: out of memory.
 */
struct compiler *compiler_open(void);

/* Waits until the library is there, or is known not to be. */
void compiler_wait(struct compiler *c);

/*
 * Compiles a text with the arguments flags[0..n_flags) for clang; libbcc finds the kernel's types
 * by BCC_KERNEL_SOURCE. The maps of the image are made. NULL: *error says why. Nothing is given
 * back: for a process that ends soon.
 */
struct image *compiler_run(struct compiler *c, const char *text, const char *flags[], int n_flags,
			   enum compiler_error *error);

/*
 * The same by two processes at once, for a text that knows of parts (probes/device.c). What they
 * cannot do together is done by one. *by_two: they could.
 */
struct image *compiler_run_parts(struct compiler *c, const char *text, const char *flags[],
				 int n_flags, enum compiler_error *error, bool *by_two);

#endif
