/* What a ping is made of. Private to ping.c and ping_open.c. */
#ifndef TRACEPKT_PING_SOCKET_H
#define TRACEPKT_PING_SOCKET_H

#include "ping.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

struct ping {
	int fd;       /* the raw socket, or -1 */
	bool stamped; /* the kernel stamps what comes in */
	struct ping_identity who;
	struct ping_target where;
	struct sockaddr_storage target;
	socklen_t target_len;
	char address[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
	uint8_t *packet; /* ICMP_HEADER_BYTES + size */
};

#endif
