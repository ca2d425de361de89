/* One run: sends the pings, gathers the events, feeds the report. */
#ifndef TRACEPKT_SESSION_H
#define TRACEPKT_SESSION_H

#include "loader.h"
#include "options.h"
#include "ping.h"
#include "report.h"

/*
 * Runs until all pings are answered or given up, or signal_fd (a signalfd) becomes readable.
 * Returns the exit status: 0 a reply came, 1 none came, 2 something went wrong (said, but for a
 * closed pipe).
 */
int session_run(const struct options *o, struct ping *p, struct loaded *l,
		const struct report_format *format, const struct report *r, int signal_fd);

#endif
