/*
 * Runs of the probes that the kernel has skipped, because they would have interrupted another one
 * on the same CPU: what they would have reported is missing, and nothing else tells of it. Most are
 * about packets of others. Kernels before 5.12 do not count them, later ones not all that programs
 * of kprobes and perf tracepoints miss.
 */
#ifndef TRACEPKT_MISSES_H
#define TRACEPKT_MISSES_H

#include "loader.h"

#include <stdbool.h>
#include <stdint.h>

#define MISSES_SAMPLES 16

struct misses {
	struct {
		uint64_t time_ns, count;
	} samples[MISSES_SAMPLES];
	unsigned int n; /* so many were taken; the latest ones are kept */
};

/* Times are of CLOCK_MONOTONIC. To be called at the start and about once a second. */
void misses_sample(struct misses *m, const struct loaded *l, uint64_t now_ns);

/* Has any been skipped since then? Without a sample as old as that, since the oldest one. */
bool misses_since(const struct misses *m, const struct loaded *l, uint64_t then_ns);

/* All since the probes were attached. */
uint64_t misses_count(const struct loaded *l);

/* What a file of /proc/self/fdinfo says; 0 if it is of no program. */
uint64_t misses_of_fdinfo(const char *text);

/* The count that misses_since() goes by. */
uint64_t misses_before(const struct misses *m, uint64_t then_ns);

#endif
