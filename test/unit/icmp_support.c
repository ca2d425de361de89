#include "icmp_support.h"

#include <string.h>
#include <sys/socket.h>

const struct ping_identity who4 = {
	.family = AF_INET, .id = 0x1234, .cookie = "\x01\x02\x03\x04\x05\x06\x07\xff", .size = 56};
const struct ping_identity who6 = {
	.family = AF_INET6, .id = 0x1234, .cookie = "\x01\x02\x03\x04\x05\x06\x07\xff", .size = 56};

const uint8_t error_types4[] = {3, 4, 5, 11, 12, 0};
const uint8_t error_types6[] = {1, 2, 3, 4, 137, 0};

static size_t put_ip(const struct ping_identity *who, const struct between *b, uint8_t *to)
{
	size_t header = who->family == AF_INET ? 20 : 40;

	memset(to, 0, header);
	if (who->family == AF_INET) {
		to[0] = (uint8_t)(0x40 | (header + b->len) / 4);
		to[6] = 0x40; /* do not fragment */
		to[8] = 1;
		to[9] = 1;
	} else {
		to[0] = 0x60;
		to[6] = b->len ? b->next : 58;
		to[7] = 1;
	}
	if (b->len)
		memcpy(to + header, b->bytes, b->len);
	return header + b->len;
}

size_t error_make(const struct ping_identity *who, uint8_t type, uint16_t seq,
		  const struct between *b, uint8_t message[ERROR_BYTES], size_t *ip, size_t *echo)
{
	static const struct between nothing;
	size_t at = 8;

	memcpy(message, "\0\x0c\xaa\xaa\x01\x02\x03\x04", 8);
	message[0] = type;
	if (who->family == AF_INET6 && type == 137) {
		memset(message + 8, 0x20, 32); /* target and destination */
		memcpy(message + 40, "\x02\x01\x02\x00\x00\x00\x00\x01", 8);
		memcpy(message + 48, "\x04\x0e\0\0\0\0\0\0", 8); /* 8 + 40 + 64 bytes */
		at = 56;
		if (b)
			message[49] = (uint8_t)(message[49] + b->len / 8);
	}
	*ip = at;
	at += put_ip(who, b ? b : &nothing, message + at);
	*echo = at;
	icmp_build_request(who, seq, message + at);
	return at + ICMP_HEADER_BYTES + who->size;
}
