/* What the ping's socket hears: messages that are not about us do not even wake us up. */
#ifndef TRACEPKT_PING_FILTER_H
#define TRACEPKT_PING_FILTER_H

#include "icmp.h"

#include <linux/filter.h>

#define PING_FILTER_INSNS 22

/*
 * The program for SO_ATTACH_FILTER. It sees what the socket reads: for IPv4 the packet from its IP
 * header, for IPv6 the ICMPv6 message. It passes echoes with our id, and errors that quote an echo
 * with our id or the start of our cookie. IPv6 quotes with extension headers and redirects are all
 * passed; icmp_is_our_error() has the last word anyway.
 */
void ping_filter_make(const struct ping_identity *who, struct sock_filter code[PING_FILTER_INSNS]);

/* Attaches it to a raw socket, with a filter of types. 0, or -1 with errno set. */
int ping_filter_attach(int fd, const struct ping_identity *who);

#endif
