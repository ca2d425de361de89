/*
 * Holds the rows of each ping until it is closed, to tell the time from one to the next and which
 * took the longest.
 */
#ifndef TRACEPKT_GAPS_H
#define TRACEPKT_GAPS_H

#include "hop.h"

#include <stddef.h>
#include <stdint.h>

/* How many rows are held of all pings; for one more, the oldest ping is let go of early. */
#define GAPS_MAX_ROWS 4096

struct gaps;

/* The strings of a hop are valid during the call. */
typedef void (*gaps_emit_fn)(void *ctx, const struct hop *h);

/* NULL: out of memory (said). */
struct gaps *gaps_new(gaps_emit_fn emit, void *ctx);

/* Keeps a copy, but of probe, which must last. 0, or -1 (out of memory, said). */
int gaps_add(struct gaps *g, const struct hop *h);

/*
 * Emits the rows of a ping in the order in which they were added, with gap_ns and longest set. The
 * gap of the first one is since the ping was sent. Where rows had to be let go of early, those that
 * follow go on from there, and one is the longest only if it beats those that are out already.
 */
void gaps_close(struct gaps *g, uint64_t seq);

/* Closes all, in the order of seq. */
void gaps_finish(struct gaps *g);

/* How many rows are held. */
size_t gaps_pending(const struct gaps *g);

/* Emits nothing. */
void gaps_free(struct gaps *g);

#endif
