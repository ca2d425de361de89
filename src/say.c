/* Messages on standard error, a line each. */
#include "say.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(const char *fmt, va_list ap)
{
	char raw[1024];
	char safe[4 * sizeof(raw)];

	/* clang-tidy 14 takes the callers' va_start() for missing */
	vsnprintf(raw, sizeof(raw), fmt, ap); // NOLINT(clang-analyzer-valist.Uninitialized)
	text_escape(safe, sizeof(safe), raw, strlen(raw), TEXT_MESSAGE);
	fprintf(stderr, "tracepkt: %s\n", safe);
}

void say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void say_warning(enum verbosity v, const char *fmt, ...)
{
	va_list ap;

	if (v <= QUIET)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void say_detail(enum verbosity v, const char *fmt, ...)
{
	va_list ap;

	if (v < VERBOSE)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void say_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len)
			say_error("%.*s", (int)(len > 1000 ? 1000 : len), text);
		text += len + (text[len] == '\n');
	}
}
