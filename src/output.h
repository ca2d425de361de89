/*
 * Standard output, many lines at a time: reports are written to a stage in memory, and from there
 * on when there is nothing else to do or much of it. A pipe that nobody reads from makes us wait,
 * but not longer than until a signal comes.
 */
#ifndef TRACEPKT_OUTPUT_H
#define TRACEPKT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *stage; /* what is written here is staged */
	char *text;  /* as of the last fflush() */
	size_t size;
	int fd;        /* where it goes */
	int signal_fd; /* readable: do not wait; see signalfd(2) */
	bool is_file;  /* it always takes all at once */
};

enum output_result {
	OUTPUT_DONE,
	OUTPUT_STUCK, /* a signal came, and nothing could be written; the stage is empty now */
	OUTPUT_FAILED /* errno is set; the stage is empty now */
};

/* 0, or -1 (said). The descriptors stay the caller's. */
int output_open(struct output *o, int fd, int signal_fd);

/* Is there so much on the stage that it should be flushed? */
bool output_is_full(const struct output *o);

/* Writes all of the stage. interrupted: a signal has come already. */
enum output_result output_flush(struct output *o, bool interrupted);

/* What is still on the stage is lost. */
void output_close(struct output *o);

#endif
