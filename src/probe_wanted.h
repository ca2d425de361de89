/* What the probes are told of the ping: which echo packets are ours. */
#ifndef TRACEPKT_PROBE_WANTED_H
#define TRACEPKT_PROBE_WANTED_H

#include "event.h"
#include "icmp.h"

void probe_wanted_fill(struct event_wanted *w, const struct ping_identity *who);

#endif
