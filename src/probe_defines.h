/* What the probes are compiled with: the constants that make a packet ours. */
#ifndef TRACEPKT_PROBE_DEFINES_H
#define TRACEPKT_PROBE_DEFINES_H

#include "icmp.h"

struct probe_defines {
	char text[3][48];
	const char *list[4]; /* arguments for the compiler, NULL at the end; points into text */
};

void probe_defines_fill(struct probe_defines *d, const struct ping_identity *who);

#endif
