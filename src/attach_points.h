/* What the probes are attached to: one line a point. */
#ifndef TRACEPKT_ATTACH_POINTS_H
#define TRACEPKT_ATTACH_POINTS_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

enum attach_need {
	POINT_NEEDED,   /* without it there is no trace */
	POINT_EXPECTED, /* every kernel since 4.7 has it */
	POINT_NEWER,    /* an older kernel has neither it nor what it shows */
};

struct attach_point {
	enum event_probe probe;
	const char *category; /* directory below events/ in tracefs */
	const char *name;     /* of the tracepoint; the program is on_<name> */
	enum attach_need need;
	const char *loss; /* what the user does not see if it is missing */
};

extern const struct attach_point attach_points[];
extern const size_t n_attach_points;

/* The name of a probe as users see it, or NULL. */
const char *attach_point_name(unsigned int probe);

#endif
