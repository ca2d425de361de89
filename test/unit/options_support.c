/* Parses command lines. */
#include "options_support.h"
#include "support.h"

#include <string.h>

enum options_result parse_line(const char *line, struct options *o)
{
	static char words[1024];
	static char *argv[32];
	int argc = 1;
	char *word;

	ck_assert_uint_lt(strlen(line), sizeof(words));
	strcpy(words, line);
	argv[0] = "tracepkt";
	for (word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	ck_assert_int_lt(argc, N_OF(argv));
	return options_parse(argc, argv, o);
}

void expect_run(const char *line, struct options *o)
{
	struct capture err;
	enum options_result result;

	capture_start(&err, stderr);
	result = parse_line(line, o);
	expect_silence(capture_stop(&err));
	ck_assert_msg(result == OPTIONS_RUN, "%s is not taken", line);
}

void expect_wrong(const char *line, const char *part)
{
	struct capture out, err;
	enum options_result result;
	struct options o;

	capture_start(&out, stdout);
	capture_start(&err, stderr);
	result = parse_line(line, &o);
	expect_message(capture_stop(&err), part);
	expect_silence(capture_stop(&out));
	ck_assert_msg(result == OPTIONS_WRONG, "%s is taken", line);
}
