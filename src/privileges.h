/* May this process trace at all? */
#ifndef TRACEPKT_PRIVILEGES_H
#define TRACEPKT_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The first capability that is missing of those a trace needs, or NULL. effective: a bit each;
 * perf_refused: the kernel has refused a perf event, for kernel.perf_event_paranoid.
 */
const char *privileges_missing(uint64_t effective, bool enters_netns, bool perf_refused);

/* The same for this process. 0, or -1 (said). */
int privileges_check(bool enters_netns);

#endif
