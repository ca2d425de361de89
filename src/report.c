/* The table of report formats, and what they share. */
#include "report.h"

#include <stdlib.h>
#include <unistd.h>

const struct report_format *report_format(enum output_format f)
{
	static const struct report_format *const formats[] = {
		[OUTPUT_TABLE] = &report_table,
		[OUTPUT_JSON] = &report_json,
	};

	return formats[f];
}

struct report report_open(FILE *out, const struct options *o)
{
	const char *no_colour = getenv("NO_COLOR"); /* no-color.org: set and not empty */
	const char *term = getenv("TERM");

	return (struct report){
		.out = out,
		.colour = isatty(fileno(out)) && !(no_colour && *no_colour) && term && term[0] &&
			  term[0] != 'd', /* not "dumb" */
		.show_seq = o->count != 1,
		.show_gaps = o->verbosity >= VERBOSE,
	};
}

const char *hop_type(const struct hop *h)
{
	switch (h->type) {
	case EVENT_REQUEST:
		return "request";
	case EVENT_REPLY:
		return "reply";
	default:
		return "error";
	}
}

bool hop_is_drop(const struct hop *h)
{
	return h->dir == EVENT_END || h->dir == EVENT_XMIT;
}

const char *summary_outcome(const struct summary *s)
{
	if (s->sent == 0)
		return "nothing sent";
	if (s->received == 0)
		return "no reply";
	return s->received == s->sent ? "answered" : "some lost";
}
