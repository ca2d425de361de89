/* Checks what comes out of the perf buffer before anything believes it. */
#ifndef TRACEPKT_RECORD_H
#define TRACEPKT_RECORD_H

#include "event.h"

/*
 * Copies a record of size bytes (as perf pads it: a multiple of 8, less 4) to *e. 0, or -1 with
 * nothing said if it has another size than struct event or fields out of their range; then *found
 * is the size that the probe gave it, or size where not even that can be told.
 */
int record_decode(const void *record, int size, struct event *e, int *found);

#endif
