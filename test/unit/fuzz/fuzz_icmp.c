/* What the raw socket hands over. The first byte says family and payload size. */
#include "fuzz.h"
#include "icmp.h"

#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ping_identity who = {.id = 0x1234, .cookie = "tracepkt", .size = 56};
	size_t len, at = 0;
	uint8_t *packet;
	uint16_t seq;

	if (!size)
		return 0;
	who.family = data[0] & 1 ? AF_INET : AF_INET6;
	if (data[0] & 2)
		who.size = data[0] >> 4;
	len = size - 1;
	packet = fuzz_bytes(data + 1, len);
	if (who.family == AF_INET)
		at = icmp_offset_in_ipv4(packet, len);
	REQUIRE(at <= len);
	if (icmp_is_our_reply(&who, packet + at, len - at, &seq)) {
		REQUIRE(len - at >= ICMP_HEADER_BYTES);
		REQUIRE(seq == (uint16_t)(packet[at + 6] << 8 | packet[at + 7]));
	}
	icmp_checksum(packet, len);
	free(packet);
	return 0;
}
