/* Loads the programs of a compiled unit and attaches them. */
#ifndef TRACEPKT_ATTACH_H
#define TRACEPKT_ATTACH_H

#include "image.h"
#include "loader_child.h"
#include "options.h"

#include <stdbool.h>

struct attaching {
	const struct image *image;
	enum attach_way way;       /* ATTACH_RAW or ATTACH_TRACEPOINT */
	const bool *exists;        /* of each of attach_points[]: there is such a tracepoint */
	bool strict;               /* what netfilter's probes do wrong is an error, not a loss */
	struct loader_reply *told; /* what came of it is noted there, and n_held */
	int *held; /* room for LOADER_MAX_HELD descriptors, told->n_held are there */
};

/*
 * Attaches to all points of a set of enum attach_group; those that the kernel lacks, and of
 * netfilter's those that it refuses, are noted and done without. 0, or -1 with status, point and
 * error in *told. The verifier's log goes to standard error.
 */
int attach_groups(struct attaching *a, unsigned int groups);

#endif
