/* Copies of the input, allocated exactly. */
#include "fuzz.h"

#include <string.h>

char *fuzz_string(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	REQUIRE(s);
	if (size)
		memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

uint8_t *fuzz_bytes(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);

	REQUIRE(bytes);
	if (size)
		memcpy(bytes, data, size);
	return bytes;
}
