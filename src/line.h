/*
 * A line that a report puts together before it goes to a stream: stdio takes a lock a piece and
 * parses a format each, which is most of what a row costs.
 */
#ifndef TRACEPKT_LINE_H
#define TRACEPKT_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct line {
	FILE *out;
	size_t len;
	char text[1024]; /* a longer one goes out in parts */
};

/* To be called first; text needs no setting. */
void line_begin(struct line *l, FILE *out);

/* What does not fit any more. */
void line_overflow(struct line *l, const char *s, size_t len);

static inline void line_bytes(struct line *l, const char *s, size_t len)
{
	if (len > sizeof(l->text) - l->len) {
		line_overflow(l, s, len);
		return;
	}
	memcpy(l->text + l->len, s, len);
	l->len += len;
}

static inline void line_text(struct line *l, const char *s)
{
	line_bytes(l, s, strlen(s));
}

static inline void line_char(struct line *l, char c)
{
	line_bytes(l, &c, 1);
}

void line_blanks(struct line *l, size_t n);

/* In decimal, and no narrower than width. */
void line_number(struct line *l, uint64_t n, size_t width);

/* The address of an interface, family is 4 or 6. Returns how many columns it took. */
size_t line_address(struct line *l, int family, const uint8_t *a);

/* Hands the line to the stream, without a newline of its own. 0, or -1 with errno set. */
int line_end(struct line *l);

#endif
