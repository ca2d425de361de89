/* Building and recognising echo messages. */
#include "icmp.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

uint16_t icmp_checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;
	uint16_t word;

	for (; len > 1; len -= 2, p += 2) {
		memcpy(&word, p, 2);
		sum += word;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (len) {
		word = 0;
		memcpy(&word, p, 1);
		sum += word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *to, uint16_t n)
{
	to[0] = (uint8_t)(n >> 8);
	to[1] = (uint8_t)n;
}

static uint16_t get16(const uint8_t *from)
{
	return (uint16_t)(from[0] << 8 | from[1]);
}

static size_t cookie_bytes(const struct ping_identity *who)
{
	return who->size < COOKIE_BYTES ? who->size : COOKIE_BYTES;
}

void icmp_build_request(const struct ping_identity *who, uint16_t seq, uint8_t *packet)
{
	uint16_t sum;

	packet[0] = who->family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	packet[1] = 0;
	put16(packet + 2, 0);
	put16(packet + 4, who->id);
	put16(packet + 6, seq);
	memcpy(packet + ICMP_HEADER_BYTES, who->cookie, cookie_bytes(who));
	for (unsigned int i = COOKIE_BYTES; i < who->size; i++)
		packet[ICMP_HEADER_BYTES + i] = (uint8_t)i;
	if (who->family == AF_INET) {
		sum = icmp_checksum(packet, ICMP_HEADER_BYTES + who->size);
		memcpy(packet + 2, &sum, 2);
	}
}

bool icmp_is_our_reply(const struct ping_identity *who, const uint8_t *message, size_t len,
		       uint16_t *seq)
{
	if (len < ICMP_HEADER_BYTES + cookie_bytes(who))
		return false;
	if (message[0] != (who->family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) ||
	    message[1] != 0 || get16(message + 4) != who->id ||
	    memcmp(message + ICMP_HEADER_BYTES, who->cookie, cookie_bytes(who)) != 0)
		return false;
	*seq = get16(message + 6);
	return true;
}

size_t icmp_offset_in_ipv4(const uint8_t *packet, size_t len)
{
	size_t header = len ? (packet[0] & 15U) * 4U : 0;

	return header >= 20 && header <= len ? header : len;
}
