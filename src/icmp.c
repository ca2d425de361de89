/* Building and recognising echo messages, also inside errors. */
#include "icmp.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
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
	for (unsigned int i = 0; i < who->size; i++)
		packet[ICMP_HEADER_BYTES + i] = who->cookie[i % COOKIE_BYTES];
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

static bool is_error_type(int family, uint8_t type)
{
	if (family == AF_INET)
		return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
		       type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
		       type == ICMP_PARAMETERPROB;
	return type == ICMP6_DST_UNREACH || type == ICMP6_PACKET_TOO_BIG ||
	       type == ICMP6_TIME_EXCEEDED || type == ICMP6_PARAM_PROB || type == ND_REDIRECT;
}

/* Stretch of a message. Every step checks that what it reads is inside. */
struct bytes {
	const uint8_t *at;
	size_t len;
};

static bool skip(struct bytes *b, size_t n)
{
	if (n > b->len)
		return false;
	b->at += n;
	b->len -= n;
	return true;
}

static bool skip_ipv4(struct bytes *b)
{
	const uint8_t *ip = b->at;

	if (b->len < 20 || ip[0] >> 4 != 4 || (ip[0] & 15) < 5 || ip[9] != IPPROTO_ICMP ||
	    (get16(ip + 6) & 0x1fff)) /* a later fragment has no ICMP header */
		return false;
	return skip(b, (size_t)4 * (ip[0] & 15U));
}

/* One extension header; *next is its kind before and that of what follows after. */
static bool skip_extension(struct bytes *b, uint8_t *next)
{
	const uint8_t *header = b->at;
	size_t n;

	if (b->len < 8)
		return false;
	switch (*next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		n = (size_t)8 * (header[1] + 1U);
		break;
	case IPPROTO_AH:
		n = (size_t)4 * (header[1] + 2U);
		break;
	case IPPROTO_FRAGMENT:
		if (get16(header + 2) & 0xfff8)
			return false;
		n = 8;
		break;
	default:
		return false;
	}
	*next = header[0];
	return skip(b, n);
}

static bool skip_ipv6(struct bytes *b)
{
	uint8_t next;

	if (b->len < 40 || b->at[0] >> 4 != 6)
		return false;
	next = b->at[6];
	skip(b, 40);
	while (next != IPPROTO_ICMPV6)
		if (!skip_extension(b, &next))
			return false;
	return true;
}

/*
 * A redirect of ICMPv6 has its quote in the option Redirected Header: sections 4.5 and 4.6.3 of
 * RFC 4861. The last option may be cut.
 */
static bool skip_to_redirected(struct bytes *b)
{
	if (!skip(b, sizeof(struct nd_redirect)))
		return false;
	while (b->len >= 8 && b->at[1]) {
		size_t n = (size_t)8 * b->at[1];

		if (b->at[0] == ND_OPT_REDIRECTED_HEADER) {
			if (n < b->len)
				b->len = n;
			return skip(b, 8);
		}
		if (!skip(b, n))
			return false;
	}
	return false;
}

/* Of what *b has left, behind the quoted IP headers. */
static bool is_our_quote(const struct ping_identity *who, const struct bytes *b,
			 struct icmp_error *error)
{
	bool v4 = who->family == AF_INET;
	uint8_t request = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	uint8_t reply = v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	size_t quoted;

	if (b->len < ICMP_HEADER_BYTES || (b->at[0] != request && b->at[0] != reply) || b->at[1])
		return false;
	quoted = b->len - ICMP_HEADER_BYTES;
	if (quoted > cookie_bytes(who))
		quoted = cookie_bytes(who);
	if (memcmp(b->at + ICMP_HEADER_BYTES, who->cookie, quoted) != 0 ||
	    (quoted < COOKIE_BYTES && get16(b->at + 4) != who->id))
		return false;
	error->seq = get16(b->at + 6);
	error->about_reply = b->at[0] == reply;
	return true;
}

bool icmp_is_our_error(const struct ping_identity *who, const uint8_t *message, size_t len,
		       struct icmp_error *error)
{
	bool v4 = who->family == AF_INET, nd;
	struct bytes b = {message, len};

	if (len < ICMP_HEADER_BYTES || !is_error_type(who->family, message[0]))
		return false;
	nd = !v4 && message[0] == ND_REDIRECT;
	if (!(nd ? skip_to_redirected(&b) : skip(&b, ICMP_HEADER_BYTES)))
		return false;
	if (!(v4 ? skip_ipv4(&b) : skip_ipv6(&b)) || !is_our_quote(who, &b, error))
		return false;
	error->type = message[0];
	error->code = message[1];
	error->info = nd ? 0 : (uint32_t)get16(message + 4) << 16 | get16(message + 6);
	return true;
}

size_t icmp_offset_in_ipv4(const uint8_t *packet, size_t len)
{
	size_t header = len ? (packet[0] & 15U) * 4U : 0;

	return header >= 20 && header <= len ? header : len;
}
