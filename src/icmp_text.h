/* What ICMP errors say, in words. */
#ifndef TRACEPKT_ICMP_TEXT_H
#define TRACEPKT_ICMP_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define ICMP_TEXT_BYTES 80 /* with the NUL, for the longest text */

/*
 * "time to live exceeded", "fragmentation needed (mtu 1400)", or "ICMP type 3 code 77" for one that
 * is not known. family is 4 or 6, info bytes 4 to 7 of the error in host order. buf holds texts
 * that have a number in them.
 */
const char *icmp_error_text(int family, uint8_t type, uint8_t code, uint32_t info, char *buf,
			    size_t size);

#endif
