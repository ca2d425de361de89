/* A private directory for the header tree that the compiler reads, gone again before the ping. */
#ifndef TRACEPKT_WORKDIR_H
#define TRACEPKT_WORKDIR_H

#include <limits.h>

struct workdir {
	int fd;              /* of the directory; holds the lock that says it is in use */
	char path[PATH_MAX]; /* absolute */
};

/*
 * Makes a directory of mode 0700 and unguessable name under $TMPDIR or /tmp, and removes those that
 * runs of this user left behind when they were killed. 0, or -1 (said).
 */
int workdir_open(struct workdir *w);

/* Writes a file below the directory, making directories on the way; relative path. 0, or -1 (said).
 */
int workdir_write(const struct workdir *w, const char *path, const char *text);

/* Removes the directory and all that is in it. Harmless on a workdir of fd -1. */
void workdir_close(struct workdir *w);

#endif
