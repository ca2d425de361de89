/*
 * What deciding an outcome consists of: drops (outcome_drop.c), packets that nothing dropped
 * (outcome_vanished.c), and what both need. Private to these two and outcome.c.
 *
 * what is "request" or "reply", outcome the word for programs that goes into o->outcome.
 */
#ifndef TRACEPKT_OUTCOME_PARTS_H
#define TRACEPKT_OUTCOME_PARTS_H

#include "cause.h"
#include "outcome.h"
#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTCOME_PLACE 512 /* bytes of a place's text: see cause_place() */

/* ---- outcome.c ------------------------------------------------------------------------------ */

/* Fills in *o; cause may be NULL, the text is in the manner of printf. */
void outcome_tell(struct outcome *o, const char *outcome, const char *cause, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Was the packet seen anywhere? */
bool outcome_was_seen(const struct passage *p);

/* Is it an address, in network order, of the namespace? False where that cannot be told. */
bool outcome_is_local(const struct outcome_context *c, uint32_t netns, int family,
		      const uint8_t *address);

/* " netns web: ", or ": " for the namespace that need not be named. */
void outcome_sender_place(const struct outcome_context *c, char *buf, size_t size);

/* ---- outcome_drop.c ------------------------------------------------------------------------- */

/* What to ask about the packet of p at a place, with the names of the drop there, if it is one. */
struct cause_query outcome_query(const struct outcome_context *c, const struct way *w,
				 const struct passage *p, const struct step *at);

/* The drop that a packet died of, or NULL: it died of none, or went on in another copy. */
const struct step *outcome_find_drop(const struct outcome_context *c, const struct way *w,
				     const struct passage *p);

/*
 * "a fragment (from byte 1480) of ", or nothing: what of the packet was dropped at a place, for a
 * cause.
 */
#define OUTCOME_PART 64
const char *outcome_part(const struct step *at, const struct cause *cause, char buf[OUTCOME_PART]);

/* It died of the drop at a place. */
void outcome_tell_drop(const struct outcome_context *c, const struct way *w,
		       const struct passage *p, const struct step *at, const char *what,
		       const char *outcome, struct outcome *o);

/* It died of a cause that is a sentence of its own, which does not name the packet. */
void outcome_tell_stuck(const struct way *w, const struct passage *p, const struct cause *cause,
			const char *outcome, struct outcome *o);

/*
 * Tells, if it is so, that the reply, dropped at a place, came to another namespace that takes it
 * for its own. False: it is not so, and nothing was told.
 */
bool outcome_tell_wrong_netns(const struct outcome_context *c, const struct step *at,
			      struct outcome *o);

/* ---- outcome_vanished.c --------------------------------------------------------------------- */

/* Tells, if it is so, that a chain took the packet, and nothing was seen of it since. Else false.
 */
bool outcome_tell_queued(const struct outcome_context *c, const struct passage *p, const char *what,
			 const char *outcome, struct outcome *o);

/* The request arrived at a place, and no reply was seen at any device. */
void outcome_tell_unanswered(const struct outcome_context *c, const struct way *w,
			     const struct step *at, struct outcome *o);

/* The packet came in by a device, p->last, and did not go on. */
void outcome_tell_stayed(const struct outcome_context *c, const struct way *w,
			 const struct passage *p, const char *what, const char *outcome,
			 struct outcome *o);

/* A device, p->last, was asked to send the packet, and nothing was seen of it since. */
void outcome_tell_sent(const struct outcome_context *c, const struct passage *p, const char *what,
		       const char *outcome, struct outcome *o);

/* Sending the request failed, or it was seen nowhere. */
void outcome_tell_not_sent(const struct outcome_context *c, const struct way *w, struct outcome *o);

#endif
