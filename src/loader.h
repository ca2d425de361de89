/*
 * Compiles, loads and attaches the probes, in a child process that hands over file descriptors and
 * is gone: what LLVM prints, allocates or breaks stays there.
 */
#ifndef TRACEPKT_LOADER_H
#define TRACEPKT_LOADER_H

#include "kernel_types.h"
#include "options.h"

#include <stdint.h>

#define LOADER_MAX_PROGRAMS 32

struct loader_request {
	const char *text; /* assembled probes */
	const struct kernel_types *types;
	enum attach_way attach;     /* ATTACH_RAW or ATTACH_TRACEPOINT */
	const char *const *defines; /* -D arguments for the compiler, NULL at the end */
	enum verbosity verbosity;
	int stop_fd; /* readable: give up (a signalfd), or -1 */
};

/* The attached probes. Closing the descriptors detaches them. */
struct loaded {
	int events_fd; /* perf event array that the probes write to */
	int lost_fd;   /* array of one u64: events that found no room */
	int program_fds[LOADER_MAX_PROGRAMS];
	int link_fds[LOADER_MAX_PROGRAMS];
	unsigned int n_programs;
};

/* 0; -1 (said); 1: stop_fd became readable, nothing is attached. */
int loader_run(const struct loader_request *r, struct loaded *l);

void loader_close(struct loaded *l);

/* ATTACH_RAW where the kernel has raw tracepoints (4.17), else ATTACH_TRACEPOINT. */
enum attach_way loader_choose_attach(enum attach_way wanted);

#endif
