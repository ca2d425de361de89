/*
 * When the buffers are read. A wakeup for each event would be an interrupt of the CPU that is just
 * tracing: three times what all the rest of a traced ping takes. So user space looks by itself
 * while there may be something: soon after a ping was sent or something was seen, then less and
 * less often. With no ping under way and nothing seen for a while it does not look at all.
 */
#ifndef TRACEPKT_PACE_H
#define TRACEPKT_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero at first. Times are of CLOCK_MONOTONIC. */
struct pace {
	uint64_t next_ns; /* when to read; 0: not at all */
	uint64_t step_ns; /* the last pause */
};

/* A ping was sent. */
void pace_sent(struct pace *p, uint64_t now_ns);

/* The buffers fill up: it is time to read. */
void pace_hurry(struct pace *p);

/*
 * The buffers were read. news: there was something; under_way: there is a ping that may yet be
 * answered.
 */
void pace_read(struct pace *p, uint64_t now_ns, bool news, bool under_way);

/* When to read next, or 0. */
uint64_t pace_next(const struct pace *p);

#endif
