/* Takes what comes to the ping's socket to the journey. */
#ifndef TRACEPKT_REPLIES_H
#define TRACEPKT_REPLIES_H

#include "journey.h"
#include "ping.h"

#include <stdint.h>

/* All that is there. */
void replies_take(struct ping *p, struct journey *j);

/*
 * No more than the answer to this ping, if it is there: in a flood the next one waits for that, and
 * each look at the socket is a system call.
 */
void replies_take_awaited(struct ping *p, struct journey *j, uint64_t seq);

#endif
