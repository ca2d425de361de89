/* The outcomes of all pings of a run, alike ones counted together. */
#ifndef TRACEPKT_OUTCOMES_H
#define TRACEPKT_OUTCOMES_H

#include "outcome.h"

#include <stddef.h>

struct outcomes;

/* c must outlive it; its events_lost may change. NULL: out of memory (said). */
struct outcomes *outcomes_new(const struct outcome_context *c);

/*
 * Decides what became of a ping; the system is asked only for what has not been seen before.
 * Returns its number for outcomes_take_back(), -1 if there is nothing to tell.
 */
int outcomes_add(struct outcomes *o, const struct way *w);

/* A reply came after all. */
void outcomes_take_back(struct outcomes *o, int number);

/* That many replies came to pings that had one already. */
void outcomes_note_duplicates(struct outcomes *o, uint64_t duplicates);

/* What there is to tell, in the order of the first pings; valid until the next call. */
const struct outcome_line *outcomes_lines(struct outcomes *o, size_t *n);

void outcomes_free(struct outcomes *o);

#endif
