/* Error messages about a ping, for the tests of what reads them. */
#ifndef TRACEPKT_ICMP_SUPPORT_H
#define TRACEPKT_ICMP_SUPPORT_H

#include "icmp.h"

#define ERROR_BYTES 512 /* room for every message that error_make() makes */

/* What is between the quoted IP header and the quoted echo. */
struct between {
	uint8_t next;      /* IPv6: kind of the first extension header, if there is any */
	const char *bytes; /* options of IPv4 (a multiple of 4), or extension headers */
	size_t len;
};

/* The two pings that the tests are about: id 0x1234, 56 bytes. */
extern const struct ping_identity who4, who6;

/* Types of error by family, each ending with 0, which is none. */
extern const uint8_t error_types4[], error_types6[];

/*
 * Writes an error of a type that quotes the request of seq, whole; code 0x0c, bytes 4 to 7 are
 * 01 02 03 04. A redirect of ICMPv6 has an option with a link-layer address before the quote. b may
 * be NULL. *echo is where the quoted echo starts, *ip where its IP header does. Returns the length.
 */
size_t error_make(const struct ping_identity *who, uint8_t type, uint16_t seq,
		  const struct between *b, uint8_t message[ERROR_BYTES], size_t *ip, size_t *echo);

#endif
