/* Reads what the attached probes report: one perf buffer a CPU, through libbcc's perf_reader. */
#ifndef TRACEPKT_TRACER_H
#define TRACEPKT_TRACER_H

#include "loader.h"

#include <stdint.h>

struct tracer;

/* One record, as the probe submitted it (with up to seven bytes of padding); valid in the call. */
typedef void (*tracer_record_fn)(void *ctx, const void *record, int size);

/*
 * Opens the buffers of all CPUs online. *l must outlive the tracer. When they are read is the
 * caller's to know: there is no wakeup before a good part of one is full. NULL: said.
 */
struct tracer *tracer_open(const struct loaded *l, tracer_record_fn record, void *ctx);

/* A descriptor that becomes readable when one of them fills up. */
int tracer_fd(const struct tracer *t);

/* Hands every record that is in the buffers now to the callback. */
void tracer_read(struct tracer *t);

/* Follows CPUs that went on- or offline. Cheap; call it about once a second. */
void tracer_refresh(struct tracer *t);

/* Events that found no room in a buffer, so far. */
uint64_t tracer_lost(const struct tracer *t);

/* Verdicts of chains that the kernel did not tell us; to be asked when no ping is under way. */
uint64_t tracer_missed(const struct tracer *t);

void tracer_free(struct tracer *t);

#endif
