/* What the probes are told of the ping: which echo packets are ours. */
#ifndef TRACEPKT_PROBE_WANTED_H
#define TRACEPKT_PROBE_WANTED_H

#include "event.h"
#include "icmp.h"

/* socket: see ping_socket_to_know(); no ping is sent yet, so the sequence number is 0. */
void probe_wanted_fill(struct event_wanted *w, const struct ping_identity *who, uint64_t socket);

#endif
