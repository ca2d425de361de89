/* What the outcomes of a run are decided with, put together from what the run has. */
#ifndef TRACEPKT_SESSION_CONTEXT_H
#define TRACEPKT_SESSION_CONTEXT_H

#include "loader.h"
#include "names.h"
#include "options.h"
#include "outcome.h"
#include "ping.h"

/* The names must outlive the context. */
struct outcome_context session_context(const struct options *o, const struct ping *p,
				       const struct loaded *l, struct names *names);

#endif
