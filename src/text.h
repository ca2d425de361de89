/* Makes text from outside (names of interfaces, containers, files) safe to show. */
#ifndef TRACEPKT_TEXT_H
#define TRACEPKT_TEXT_H

#include <stddef.h>

enum text_use {
	TEXT_NAME,    /* one name: a backslash is escaped too, so that the result is unambiguous */
	TEXT_MESSAGE, /* a sentence: backslashes stay */
};

/*
 * Copies len bytes of src to dst as printable UTF-8, always terminated: control characters, bytes
 * that are not UTF-8 and characters that turn the writing direction become \xNN, byte by byte. Cuts
 * at a whole character if dst (size bytes) is too small; 4 * len + 1 is always enough. Returns the
 * number of columns that the result takes, counting one a character.
 */
size_t text_escape(char *dst, size_t size, const char *src, size_t len, enum text_use use);

/* Length in bytes (1 to 4) of the UTF-8 character at s, of len bytes; 0 if it is not valid UTF-8.
 */
size_t text_utf8_length(const char *s, size_t len);

#endif
