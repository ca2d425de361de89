/* Network namespaces: entering one, and what those are called that packets cross. */
#ifndef TRACEPKT_NETNS_H
#define TRACEPKT_NETNS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens a namespace by name (ip netns), pid or path. A descriptor, or -1 (said). */
int netns_open(const char *spec);

/*
 * Moves this thread into the namespace fd and returns a descriptor of the one it was in, for
 * netns_leave(). -1 (said).
 */
int netns_enter(int fd);

/* Goes back and closes the descriptor. 0, or -1 (said): then nothing more may be done here. */
int netns_leave(int back);

/* Knows namespaces by inode; looks at the host when first asked for one that it does not know. */
struct netns_table;

/* NULL: out of memory (said). */
struct netns_table *netns_table_new(void);

/*
 * What the namespace is called: its ip netns name, else the name of the container in it, else NULL.
 * Valid until the next call.
 */
const char *netns_table_name(struct netns_table *t, uint32_t inode);

/* The name of a device, for one that no probe saw; "if<index>" where it cannot be told. */
void netns_table_ifname(struct netns_table *t, uint32_t inode, uint32_t ifindex,
			char name[IF_NAMESIZE]);

/*
 * The devices between one that took a packet in and one on top of it, lowest first (see links.h).
 * Returns how many, 0 where it cannot be told, -1 if the one on top is a bridge.
 */
int netns_table_between(struct netns_table *t, uint32_t inode, uint32_t bottom, uint32_t top,
			uint32_t *between, size_t max);

/* The parts of netfilter that have tables there (see rules.h); 0 where it cannot be told. */
unsigned int netns_table_rules(struct netns_table *t, uint32_t inode);

/*
 * Calls fn inside the namespace and returns what it returns; -1, nothing said, if it cannot be
 * entered. Only this thread is there, and only for that long.
 */
int netns_table_visit(struct netns_table *t, uint32_t inode, int (*fn)(void *arg), void *arg);

void netns_table_free(struct netns_table *t);

/*
 * Shows is_it the namespaces of this host, those with a name (ip netns) and those that processes
 * are in, as descriptors that are closed again, until it says true. The inode of that one, or 0.
 */
uint32_t netns_search(bool (*is_it)(int fd, void *arg), void *arg);

#endif
