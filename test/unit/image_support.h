/* Images for the tests, and files made of them. */
#ifndef TRACEPKT_TEST_IMAGE_SUPPORT_H
#define TRACEPKT_TEST_IMAGE_SUPPORT_H

#include "image.h"

/* Where things are in a file. */
#define HEADER_BYTES      92
#define AT_N_MAPS         16
#define AT_N_PROGRAMS     20
#define AT_LICENSE        28
#define MAP_BYTES         88
#define AT_MAP(i)         (HEADER_BYTES + (i)*MAP_BYTES)
#define AT_MAP_TYPE(i)    (AT_MAP(i) + IMAGE_NAME_BYTES)
#define INSN_BYTES        8
#define PROGRAM_BYTES(n)  (IMAGE_NAME_BYTES + 4 + (n)*INSN_BYTES)
#define AT_N_INSNS(at)    ((at) + IMAGE_NAME_BYTES)
#define AT_INSN(at, k)    ((at) + PROGRAM_BYTES(k))
#define AT_INSN_REGS      1 /* within an instruction */
#define AT_INSN_IMM       4
#define SAMPLE_MAPS       3
#define SAMPLE_FIRST      6 /* instructions of the first program */
#define SAMPLE_SECOND     7
#define AT_SAMPLE_FIRST   AT_MAP(SAMPLE_MAPS)
#define AT_SAMPLE_SECOND  (AT_SAMPLE_FIRST + PROGRAM_BYTES(SAMPLE_FIRST))
#define SAMPLE_BYTES      (AT_SAMPLE_SECOND + PROGRAM_BYTES(SAMPLE_SECOND))
#define SAMPLE_MAX_INSNS  65536 /* that a program in a file may have */
#define SAMPLE_KERNEL     0x60128
#define SAMPLE_UNKNOWN_FD 4711

/* As the compiler makes it: the maps have (made-up) descriptors, which the instructions name. */
struct image *image_made(void);

/* The same as image_read() gives it back: the instructions name places. */
struct image *image_kept(void);

/* An image without anything; one map, one program (which is an exit) more. */
struct image *image_empty(void);
void image_add_map(struct image *im, const char *name, uint32_t type, int fd);
void image_add_program(struct image *im, const char *name, uint32_t n_insns);

/* The file of an image; the caller frees it. */
unsigned char *image_bytes(const struct image *im, size_t *size);

/* What image_read() makes of size bytes, which are to be all of the file. */
struct image *image_of_bytes(const unsigned char *bytes, size_t size);

/* Asserts that all is the same but the descriptors. */
void expect_same_image(const struct image *got, const struct image *wanted);

#endif
