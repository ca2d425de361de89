/*
 * A fuzz target is one file with LLVMFuzzerTestOneInput(), for libFuzzer (TRACEPKT_FUZZ, needs
 * clang) or, in any build, for run.c, which feeds it the seeds and what it makes of them.
 */
#ifndef TRACEPKT_FUZZ_H
#define TRACEPKT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever comes in. */
#define REQUIRE(condition)                                                               \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, \
				#condition);                                             \
			abort();                                                         \
		}                                                                        \
	} while (0)

/* The input as a string of its own, so that a byte read too much is seen. The caller frees it. */
char *fuzz_string(const uint8_t *data, size_t size);

/* The same without a NUL; of at least one byte, as malloc(0) may be NULL. */
uint8_t *fuzz_bytes(const uint8_t *data, size_t size);

#endif
