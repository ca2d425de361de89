/* Errors as the raw socket hands them over. The first byte says family and payload size. */
#include "fuzz.h"
#include "icmp.h"
#include "icmp_text.h"

#include <string.h>
#include <sys/socket.h>

static void require_sane(const uint8_t *message, size_t len, const struct icmp_error *e, int family)
{
	char buf[ICMP_TEXT_BYTES];

	/* the headers of error, quoted packet and echo */
	REQUIRE(len >= (family == 4 ? 8 + 20 + 8 : 8 + 40 + 8));
	REQUIRE(e->type == message[0] && e->code == message[1]);
	REQUIRE(strlen(icmp_error_text(family, e->type, e->code, e->info, buf, sizeof(buf))) <
		sizeof(buf));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ping_identity who = {.id = 0x1234, .cookie = "tracepkt", .size = 56};
	struct icmp_error error;
	uint8_t *message;
	uint16_t seq;
	size_t len;

	if (!size)
		return 0;
	who.family = data[0] & 1 ? AF_INET : AF_INET6;
	if (data[0] & 2)
		who.size = data[0] >> 4;
	len = size - 1;
	message = fuzz_bytes(data + 1, len);
	if (icmp_is_our_error(&who, message, len, &error)) {
		require_sane(message, len, &error, who.family == AF_INET ? 4 : 6);
		REQUIRE(!icmp_is_our_reply(&who, message, len, &seq));
	}
	free(message);
	return 0;
}
