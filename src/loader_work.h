/* What the parts of the child work on together (loader_child.c, loader_image.c). */
#ifndef TRACEPKT_LOADER_WORK_H
#define TRACEPKT_LOADER_WORK_H

#include "compiler.h"
#include "compiler_flags.h"
#include "image.h"
#include "loader_child.h"
#include "probe_plan.h"

#include <limits.h>
#include <stdbool.h>

struct work {
	const struct loader_request *r;
	struct probe_plan plan;
	struct compiler *compiler; /* NULL: not opened yet */
	struct loader_reply reply;
	int maps[LOADER_MAPS * PROBE_PLAN_UNITS];
	int held[LOADER_MAX_HELD];
	struct record_offsets offsets;
	struct probe_unit unit;    /* that is being worked on */
	struct image *image;       /* of that unit */
	char *key;                 /* under which it is kept; NULL: it is not */
	const struct image *first; /* of the first unit; NULL: this is it */
	bool kept;                 /* an earlier run has compiled it */
	bool refused;              /* and the kernel did not take it */
	bool no_loads;             /* nor programs that load from its structures */
	bool kallsyms_short;
	char given[PATH_MAX]; /* the user's BCC_KERNEL_SOURCE, or empty */
};

/* Notes in the reply what went wrong, and where: see struct loader_reply. Returns -1. */
static inline int work_fail(struct work *w, enum loader_status status, size_t point, int error)
{
	w->reply.status = status;
	w->reply.point = (uint32_t)point;
	w->reply.error = error;
	return -1;
}

#endif
