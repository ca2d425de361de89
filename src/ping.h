/* The ping itself: a raw socket, requests out, replies in. */
#ifndef TRACEPKT_PING_H
#define TRACEPKT_PING_H

#include "icmp.h"
#include "options.h"

#include <stdint.h>

struct ping;

struct ping_reply {
	uint16_t seq;         /* host order */
	uint64_t received_ns; /* CLOCK_MONOTONIC */
};

/*
 * Resolves the target, enters the namespace of -N for as long as it takes, opens and sets up the
 * socket and makes sure that there is a route. NULL: said.
 */
struct ping *ping_open(const struct options *o);

/* A descriptor that is readable when something came in. */
int ping_fd(const struct ping *p);

const struct ping_identity *ping_identity(const struct ping *p);

/* The target as an address in text form. */
const char *ping_address(const struct ping *p);

/* Sends one request; *sent_ns is the time just before. 0, or an errno: the kernel took it not. */
int ping_send(struct ping *p, uint16_t seq, uint64_t *sent_ns);

/* Takes one message from the socket. 1: *reply is an answer to us, 0: something else, -1: no more.
 */
int ping_receive(struct ping *p, struct ping_reply *reply);

void ping_close(struct ping *p);

#endif
