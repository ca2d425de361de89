/*
 * Messages to the user: one line each on standard error, "tracepkt: " in front.
 *
 * The convention for errors in this program: the function that knows the cause says it here, once,
 * and returns -1 (or NULL); its callers only pass that on.
 */
#ifndef TRACEPKT_SAY_H
#define TRACEPKT_SAY_H

enum verbosity {
	QUIET = -1, /* errors only */
	NORMAL = 0, /* and warnings */
	VERBOSE = 1 /* and details */
};

/* What is wrong and what to do. Control characters are escaped, so names from outside are safe. */
void say_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Something that the trace can live with, but that the user should know. Silent with -q. */
void say_warning(enum verbosity v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What interests only with -v. */
void say_detail(enum verbosity v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A text of several lines (a compiler's output), each said as a line of its own. */
void say_lines(const char *text);

#endif
