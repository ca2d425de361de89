/* Puts a line together. */
#include "line.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* Of the largest number, and what an IPv4 address has at the most. */
#define DIGITS 20

void line_begin(struct line *l, FILE *out)
{
	l->out = out;
	l->len = 0;
}

static void spill(struct line *l)
{
	fwrite(l->text, 1, l->len, l->out);
	l->len = 0;
}

void line_overflow(struct line *l, const char *s, size_t len)
{
	spill(l);
	if (len <= sizeof(l->text))
		line_bytes(l, s, len);
	else
		fwrite(s, 1, len, l->out);
}

void line_blanks(struct line *l, size_t n)
{
	static const char blanks[] = "                                ";

	for (; n >= sizeof(blanks); n -= sizeof(blanks) - 1)
		line_bytes(l, blanks, sizeof(blanks) - 1);
	line_bytes(l, blanks, n);
}

/* Writes the digits so that they end at end; returns where they begin. */
static char *digits_before(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	return end;
}

void line_number(struct line *l, uint64_t n, size_t width)
{
	char text[DIGITS], *end = text + sizeof(text), *first = digits_before(end, n);
	size_t len = (size_t)(end - first);

	if (len < width)
		line_blanks(l, width - len);
	line_bytes(l, first, len);
}

size_t line_address(struct line *l, int family, const uint8_t *a)
{
	char text[INET6_ADDRSTRLEN], *end = text + sizeof(text), *first = end;
	size_t len;

	if (family == 4) { /* inet_ntop() has sprintf() do this */
		for (int i = 3; i >= 0; i--) {
			first = digits_before(first, a[i]);
			if (i)
				*--first = '.';
		}
		len = (size_t)(end - first);
	} else {
		first = text;
		inet_ntop(AF_INET6, a, text, sizeof(text));
		len = strlen(text);
	}
	line_bytes(l, first, len);
	return len;
}

int line_end(struct line *l)
{
	spill(l);
	return fflush(l->out) || ferror(l->out) ? -1 : 0;
}
