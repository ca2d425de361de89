/* Escaping of names and messages. */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Decodes as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n;

	if (len == 0)
		return 0;
	if (s[0] < 0x80) {
		*point = s[0];
		return 1;
	}
	if ((s[0] & 0xe0) == 0xc0) {
		n = 2;
		*point = s[0] & 0x1fU;
	} else if ((s[0] & 0xf0) == 0xe0) {
		n = 3;
		*point = s[0] & 0x0fU;
	} else if ((s[0] & 0xf8) == 0xf0) {
		n = 4;
		*point = s[0] & 0x07U;
	} else {
		return 0;
	}
	if (len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (s[i] & 0x3fU);
	}
	if (*point < least[n] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return n;
}

size_t text_utf8_length(const char *s, size_t len)
{
	uint32_t point;

	return decode((const unsigned char *)s, len, &point);
}

static bool is_harmless(uint32_t point, enum text_use use)
{
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return false;
	if (point == '\\')
		return use == TEXT_MESSAGE;
	/* invisible ones; separators; marks and overrides of direction (Unicode 15, UAX #9) */
	if ((point >= 0x200b && point <= 0x200f) || point == 0x061c || point == 0x2060 ||
	    point == 0xfeff || (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069))
		return false;
	return true;
}

size_t text_escape(char *dst, size_t size, const char *src, size_t len, enum text_use use)
{
	size_t out = 0, columns = 0;

	while (len) {
		uint32_t point = 0;
		size_t n = decode((const unsigned char *)src, len, &point);
		bool plain = n && is_harmless(point, use);
		size_t take = n ? n : 1;
		size_t need = plain ? take : 4 * take;

		if (out + need + 1 > size)
			break;
		if (plain) {
			memcpy(dst + out, src, take);
			columns++;
		} else {
			for (size_t i = 0; i < take; i++)
				snprintf(dst + out + 4 * i, 5, "\\x%02x", (unsigned char)src[i]);
			columns += need;
		}
		out += need;
		src += take;
		len -= take;
	}
	if (size)
		dst[out] = '\0';
	return columns;
}
