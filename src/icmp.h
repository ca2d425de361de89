/* The bytes of our echo request, of the reply, and of errors that quote one of them. */
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
	uint8_t cookie[COOKIE_BYTES]; /* as in the packet; the payload is this over and over */
	unsigned int size;            /* payload bytes; below 8 the cookie is cut */
};

/* What an ICMP or ICMPv6 error says, and about which packet. */
struct icmp_error {
	uint8_t type, code;
	uint32_t info;    /* bytes 4 to 7 of the message, host order; redirect of ICMPv6: 0 */
	uint16_t seq;     /* of the quoted echo, host order */
	bool about_reply; /* the quoted echo is the reply, not the request */
};

/* RFC 1071 over len bytes; ready to be stored in the packet. */
uint16_t icmp_checksum(const void *data, size_t len);

/*
 * Writes the request of a sequence number (host order): ICMP_HEADER_BYTES + size bytes. The
 * checksum is filled in for IPv4; for IPv6 the kernel does it. The payload is the cookie repeated,
 * so that each fragment starts with the cookie: their offsets are multiples of 8, as its length is.
 */
void icmp_build_request(const struct ping_identity *who, uint16_t seq, uint8_t *packet);

/*
 * Is this ICMP or ICMPv6 message (without IP header) a reply to us? Checks type, id and cookie;
 * *seq is its sequence number, host order.
 */
bool icmp_is_our_reply(const struct ping_identity *who, const uint8_t *message, size_t len,
		       uint16_t *seq);

/*
 * Is this ICMP or ICMPv6 message (without IP header) an error or redirect about an echo of ours? As
 * NAT may change the id, the cookie decides; where our payload has no room for a whole one, or the
 * quote is cut before its end, the id must match, and so must what there is of the cookie. Not ours
 * is the quote of a later fragment, which tells no sequence number. False leaves *error alone.
 */
bool icmp_is_our_error(const struct ping_identity *who, const uint8_t *message, size_t len,
		       struct icmp_error *error);

/* Where the ICMP message starts in what an IPv4 raw socket gives; len if it is cut off. */
size_t icmp_offset_in_ipv4(const uint8_t *packet, size_t len);

#endif
