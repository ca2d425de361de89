/* The container that a process belongs to. */
#ifndef TRACEPKT_CONTAINER_H
#define TRACEPKT_CONTAINER_H

#include <stddef.h>

#define CONTAINER_ID_LENGTH 64

/*
 * Finds the container id (64 hexadecimal digits, as Docker, containerd, CRI-O and Podman put it
 * into the cgroup path) in the text of /proc/PID/cgroup. 0, or -1 if there is none.
 */
int container_id_in_cgroup(const char *cgroup, char id[CONTAINER_ID_LENGTH + 1]);

/*
 * The name that Docker or Podman gave the container, else the first 12 digits of its id. Reads what
 * they keep below root ("" for the host's). The caller frees it; NULL: out of memory.
 */
char *container_name(const char *root, const char *id);

#endif
