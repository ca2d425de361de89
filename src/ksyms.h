/* Which function of the kernel an address is in. */
#ifndef TRACEPKT_KSYMS_H
#define TRACEPKT_KSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KSYM_NAME_BYTES   128 /* a longer one is cut; KSYM_NAME_LEN of the kernel is 512 */
#define KSYM_MODULE_BYTES 64

/* Printable ASCII, as in /proc/kallsyms. */
struct ksym {
	char name[KSYM_NAME_BYTES];     /* tcp_v4_rcv, with suffixes of GCC such as .isra.0 */
	char module[KSYM_MODULE_BYTES]; /* nf_tables, bpf, ...; empty: the kernel itself */
	uint32_t offset;                /* of the address in it, bytes */
};

struct ksyms;

/* NULL: no memory. Nothing is read before the first question. */
struct ksyms *ksyms_new(void);

/* The same with another file than /proc/kallsyms; path must outlive it. */
struct ksyms *ksyms_new_from(const char *path);

void ksyms_free(struct ksyms *k);

/*
 * NULL if it cannot be told: the file cannot be read or shows no addresses (kptr_restrict), no
 * function begins close enough below the address, or no memory. The result is valid until 255 other
 * addresses have been asked for.
 */
const struct ksym *ksyms_find(struct ksyms *k, uint64_t address);

/* Is it this function of C, or a part or a copy of it that the compiler made (.part.0, .cold)? */
bool ksym_is(const struct ksym *s, const char *function);

/* A walk through the file for one address. */
struct ksyms_scan {
	uint64_t address;
	uint64_t best; /* the start of what is in to, or 0 */
	bool any;      /* functions have addresses that are not 0 */
	struct ksym *to;
};

/* Reads the whole lines at the start of text and returns their length in bytes. */
size_t ksyms_scan_block(struct ksyms_scan *s, const char *text, size_t len);

#endif
