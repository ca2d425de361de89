/* What is said at the end of a run about what was not seen. */
#ifndef TRACEPKT_SESSION_NOTES_H
#define TRACEPKT_SESSION_NOTES_H

#include "say.h"

#include <stdint.h>

/*
 * Nothing is said of what is 0: skbs that user space forgot, runs of probes that the kernel
 * skipped, verdicts whose return it did not report, events that found no room.
 */
void session_note_counts(enum verbosity v, uint64_t forgotten, uint64_t skipped, uint64_t missed,
			 uint64_t lost);

#endif
