/* The child's side of the loader, and what it sends back. */
#ifndef TRACEPKT_LOADER_CHILD_H
#define TRACEPKT_LOADER_CHILD_H

#include "loader.h"

#include <stdint.h>

enum loader_status {
	LOADER_OK = 1,
	LOADER_SAID,     /* on the user's standard error */
	LOADER_NO_TYPES, /* said on standard error, in the form that users see */
	LOADER_NO_LIBRARY,
	LOADER_TOO_BIG,
	LOADER_COMPILE_FAILED,
	LOADER_MAP_FAILED,
	LOADER_NO_PROGRAM,
	LOADER_LOAD_FAILED,
	LOADER_NO_TRACEPOINT,
	LOADER_ATTACH_FAILED,
};

/* The maps of a unit that the parent works with, in the order in which they are handed over. */
enum loader_map {
	LOADER_MAP_EVENTS,
	LOADER_MAP_COUNTERS,
	LOADER_MAP_WANTED,
	LOADER_MAP_FOLLOWED,
	LOADER_MAPS,
};

enum point_state { POINT_MISSING, POINT_ATTACHED };

struct loader_point {
	uint32_t state; /* enum point_state */
	int32_t error;  /* POINT_MISSING: errno of attaching a function, 0 if it was not tried */
	uint32_t instructions;
	uint32_t loops;         /* 1: it has a loop, which kernels before 5.3 refuse */
	uint32_t program, link; /* of a tracepoint: their places among what is held */
};

/* What getting the probes to work consists of. */
enum loader_phase {
	PHASE_TYPES, /* those that the probes name, of the kernel, printed for the compiler */
	PHASE_COMPILE,
	PHASE_LOAD, /* the kernel's verifier and JIT */
	PHASE_ATTACH,
	LOADER_PHASES,
};

#define LOADER_MAX_CALLED 4
#define LOADER_NAME_BYTES 64

/*
 * One message. With LOADER_OK come the descriptors: the maps of each unit, then what is held.
 */
struct loader_reply {
	uint32_t status;
	uint32_t point; /* index into attach_points[] of what failed */
	int32_t error;  /* errno of what failed */
	uint32_t types; /* enum types_source of what failed to compile */
	uint32_t n_units, n_held;
	uint32_t n_kept;   /* units that an earlier run has compiled */
	uint32_t by_two;   /* 1: two processes have compiled at once */
	uint32_t left_out; /* 1: the netfilter probes do not compile */
	uint32_t loads;    /* 1: programs load from the kernel's structures, without helpers */
	uint32_t no_loads; /* 1: such programs were refused */
	/* sets of 1 << enum loader_map that edited probes lack, or that are the first unit's */
	uint32_t no_map[PROBE_PLAN_UNITS];
	uint64_t spent_ns[LOADER_PHASES];
	struct loader_point points[LOADER_MAX_POINTS];
	struct loader_point called[LOADER_MAX_CALLED]; /* of each of called_programs[] */
	char program[LOADER_NAME_BYTES];               /* that is missing or refused */
	char missing[PROBE_PLAN_MISSING]; /* what of netfilter is left out and why, or empty */
};

/*
 * Does the work and sends one reply to sock. Once there is a plan, standard output and error go to
 * out.
 */
void loader_child_main(const struct loader_request *r, int sock, int out);

#endif
