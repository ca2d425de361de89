/* The bytes of our echo request, and the reply's. */
#ifndef TRACEPKT_ICMP_H
#define TRACEPKT_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICMP_HEADER_BYTES 8
#define COOKIE_BYTES      8

/* What makes a ping ours. Constant for one run. */
struct ping_identity {
	int family;                   /* AF_INET or AF_INET6 */
	uint16_t id;                  /* host order */
	uint8_t cookie[COOKIE_BYTES]; /* as in the packet; starts the payload */
	unsigned int size;            /* payload bytes; below 8 the cookie is cut */
};

/* RFC 1071 over len bytes; ready to be stored in the packet. */
uint16_t icmp_checksum(const void *data, size_t len);

/*
 * Writes the request of a sequence number (host order): ICMP_HEADER_BYTES + size bytes. The
 * checksum is filled in for IPv4; for IPv6 the kernel does it.
 */
void icmp_build_request(const struct ping_identity *who, uint16_t seq, uint8_t *packet);

/*
 * Is this ICMP or ICMPv6 message (without IP header) a reply to us? Checks type, id and cookie;
 * *seq is its sequence number, host order.
 */
bool icmp_is_our_reply(const struct ping_identity *who, const uint8_t *message, size_t len,
		       uint16_t *seq);

/* Where the ICMP message starts in what an IPv4 raw socket gives; len if it is cut off. */
size_t icmp_offset_in_ipv4(const uint8_t *packet, size_t len);

#endif
