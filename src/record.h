/* Checks what comes out of the perf buffer before anything believes it. */
#ifndef TRACEPKT_RECORD_H
#define TRACEPKT_RECORD_H

#include "event.h"

#include <stddef.h>

/* Any event: by e.dir it is known whether the rest is there. */
union record {
	struct event e;
	struct event_chain chain;
};

/*
 * Copies a record of size bytes (as perf pads it: a multiple of 8, less 4) to *r. 0, or -1 with
 * nothing said if it has another size than its kind of event or fields out of their range; then
 * *found is the size that the probe gave it, or size where not even that can be told.
 */
int record_decode(const void *record, int size, union record *r, int *found);

/* The size of an event that was checked. */
size_t record_size(const struct event *e);

#endif
