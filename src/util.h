/* Small helpers that several files need: strings, reading a file, the clock. */
#ifndef TRACEPKT_UTIL_H
#define TRACEPKT_UTIL_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>

#define NS_PER_S  1000000000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_US 1000ULL

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* CLOCK_MONOTONIC in nanoseconds: the clock of bpf_ktime_get_ns(). */
uint64_t now_ns(void);

/*
 * The whole of a regular file, NUL-terminated; the caller frees it. dirfd as in openat(2). Fails
 * with NULL and errno set, without a message: EFBIG above max bytes, EINVAL if not a regular file.
 */
char *read_file_at(int dirfd, const char *path, size_t max, size_t *len);

/* The first line of a small file (sysfs, procfs) without its newline; 0, or -1 with errno set. */
int read_line(const char *path, char *line, size_t size);

/* Does the running kernel say that it is older than major.minor? */
bool kernel_is_before(unsigned long major, unsigned long minor);

/* Is the string the other one; does it start with it? False if it is NULL. */
bool str_is(const char *s, const char *other);
bool str_starts(const char *s, const char *with);

/* A string that grows: open_memstream with one place that checks it. */
struct strbuf {
	FILE *f;
	char *text; /* valid after strbuf_finish() */
	size_t len;
};

/* 0, or -1 (out of memory, said). */
int strbuf_open(struct strbuf *b);

/* The text, which the caller frees, or NULL (said). *b is closed either way. */
char *strbuf_finish(struct strbuf *b);

#endif
