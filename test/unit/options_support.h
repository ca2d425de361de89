/* Command lines as one string, words apart by single blanks. */
#ifndef TRACEPKT_TEST_OPTIONS_SUPPORT_H
#define TRACEPKT_TEST_OPTIONS_SUPPORT_H

#include "options.h"

/* *o points into a buffer that the next call uses again. */
enum options_result parse_line(const char *line, struct options *o);

/* Asserts that the line is good and nothing is said. */
void expect_run(const char *line, struct options *o);

/* Asserts that it is wrong, and that one line on standard error says so with part in it. */
void expect_wrong(const char *line, const char *part);

#endif
