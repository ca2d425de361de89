/* Reports: what is written to standard output. One format is one file and one line in report.c. */
#ifndef TRACEPKT_REPORT_H
#define TRACEPKT_REPORT_H

#include "hop.h"
#include "options.h"

#include <stdbool.h>
#include <stdio.h>

struct report {
	FILE *out;
	bool colour;    /* a terminal that wants it */
	bool show_seq;  /* more than one ping */
	bool show_gaps; /* -v: gap_ns and longest of the hops are set */
};

/* Each returns 0, or -1 with errno set: nothing more can be written. */
struct report_format {
	int (*begin)(const struct report *r);
	int (*hop)(const struct report *r, const struct hop *h);
	int (*end)(const struct report *r, const struct summary *s);
};

extern const struct report_format report_table;
extern const struct report_format report_json;

const struct report_format *report_format(enum output_format f);

/* For the standard output of this run. */
struct report report_open(FILE *out, const struct options *o);

/* "request", "reply" or "error". */
const char *hop_type(const struct hop *h);

/* Is it the end of a packet that was not delivered? */
bool hop_is_drop(const struct hop *h);

/* What became of the pings, in two words or three. */
const char *summary_outcome(const struct summary *s);

#endif
