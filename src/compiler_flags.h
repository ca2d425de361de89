/* What clang is called with. */
#ifndef TRACEPKT_COMPILER_FLAGS_H
#define TRACEPKT_COMPILER_FLAGS_H

#include "loader.h"
#include "probe_plan.h"

/* Fields of perf tracepoints' records that the probes read besides skbaddr. */
#define RECORD_FIELDS 3

/* Where they are in the records, in bytes. */
struct record_offsets {
	int skb[LOADER_MAX_POINTS]; /* skbaddr at each of attach_points[]; -1: no such tracepoint */
	int field[RECORD_FIELDS];   /* -1: no such field */
};

/* Asks tracefs, which is also how to know that a tracepoint exists. */
void record_offsets_find(struct record_offsets *o);

#define COMPILER_MAX_FLAGS (16 + PROBE_UNIT_MAX_DEFINES + LOADER_MAX_POINTS + RECORD_FIELDS)

struct compiler_flags {
	const char *list[COMPILER_MAX_FLAGS]; /* points into offsets and the unit */
	int n;
	char offsets[LOADER_MAX_POINTS + RECORD_FIELDS][96];
};

/* For a unit; o: NULL for raw tracepoints. */
void compiler_flags_make(struct compiler_flags *f, const struct probe_unit *unit,
			 const struct record_offsets *o);

#endif
