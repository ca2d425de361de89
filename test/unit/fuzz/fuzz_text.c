/* text_escape: names as kernel and engines have them. The first byte is the size of the buffer. */
#include "fuzz.h"
#include "text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room, len, columns, characters = 0;
	enum text_use use;
	uint8_t *in;
	char *out;

	if (!size)
		return 0;
	len = size - 1;
	room = data[0] == 255 ? 4 * len + 1 : data[0]; /* the former is always enough */
	use = room & 1 ? TEXT_NAME : TEXT_MESSAGE;
	in = fuzz_bytes(data + 1, len);
	out = malloc(room ? room : 1);
	REQUIRE(out);
	columns = text_escape(out, room, (const char *)in, len, use);
	if (room) {
		REQUIRE(memchr(out, '\0', room));
		for (const char *s = out; *s; characters++) {
			size_t n = text_utf8_length(s, strlen(s));

			REQUIRE(n > 0);
			REQUIRE((unsigned char)*s >= 0x20 && *s != 0x7f);
			REQUIRE(n != 2 || (unsigned char)s[0] != 0xc2 ||
				(unsigned char)s[1] >= 0xa0);
			s += n;
		}
	}
	REQUIRE(columns == characters);
	free(in);
	free(out);
	return 0;
}
