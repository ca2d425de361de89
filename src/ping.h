/* The ping itself: a raw socket, requests out, replies and errors about them in. */
#ifndef TRACEPKT_PING_H
#define TRACEPKT_PING_H

#include "icmp.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>

struct ping;

/* What came back: the reply, or an ICMP error that quotes the request or the reply. */
struct ping_reply {
	uint16_t seq;         /* of the ping, host order */
	uint64_t received_ns; /* CLOCK_MONOTONIC */
	bool is_error;
	bool about_reply;             /* is_error: it quotes the reply, not the request */
	uint8_t icmp_type, icmp_code; /* of the message, be it reply or error */
	uint32_t info;                /* is_error: as in struct icmp_error */
	int family;                   /* of from: 4 or 6 */
	uint8_t from[16];             /* sender, network order; IPv4 uses the first four bytes */
	uint8_t ttl;                  /* or hop limit, as received; 0: not known */
};

/*
 * Resolves the target, enters the namespace of -N for as long as it takes, opens and sets up the
 * socket and makes sure that there is a route. NULL: said.
 */
struct ping *ping_open(const struct options *o);

/* Where the pings go, and from which namespace. */
struct ping_target {
	int family;          /* 4 or 6 */
	uint8_t address[16]; /* network order; IPv4 uses the first four bytes */
	uint32_t netns;      /* inode, 0 if it is not known */
	bool ipsec;          /* that namespace has IPsec policies */
	uint32_t oif;        /* ifindex of the device that it must leave by, or 0 */
};

const struct ping_target *ping_target(const struct ping *p);

/* A descriptor that is readable when something came in. */
int ping_fd(const struct ping *p);

const struct ping_identity *ping_identity(const struct ping *p);

/*
 * SO_COOKIE of the socket, if packets have to be known by the socket that they are from, because
 * the namespace has IPsec policies, which may encrypt them before any device shows them. Else, and
 * before 4.12, 0.
 */
uint64_t ping_socket_to_know(const struct ping *p);

/* The target as an address in text form. */
const char *ping_address(const struct ping *p);

/*
 * Has the kernel stamp what comes in, or not; without, it is the time when we read it that counts.
 * As long as one socket asks for it, all packets of the host are stamped on their way in
 * (net_enable_timestamp() in net/core/dev.c), which takes longer than all probes together. It
 * begins a moment later.
 */
void ping_stamp(struct ping *p, bool on);

/* Sends one request; *sent_ns is the time just before. 0, or an errno: the kernel took it not. */
int ping_send(struct ping *p, uint16_t seq, uint64_t *sent_ns);

/*
 * Takes one message from the socket. 1: *reply is an answer to us or an error about our ping, 0:
 * something else, -1: no more.
 */
int ping_receive(struct ping *p, struct ping_reply *reply);

void ping_close(struct ping *p);

#endif
