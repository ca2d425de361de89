/* The kernel's lists of CPUs: "0-3,8". */
#ifndef TRACEPKT_CPUS_H
#define TRACEPKT_CPUS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_CPUS 8192 /* NR_CPUS of x86-64's maximum configuration */

/* Sets cpus[n] for each CPU of the list and clears the rest. Returns how many, -1 if it is no list.
 */
int cpus_parse(const char *list, bool cpus[MAX_CPUS]);

/* The same for the CPUs that are online now. -1: errno tells. */
int cpus_online(bool cpus[MAX_CPUS]);

#endif
