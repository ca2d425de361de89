/* Counts outcomes. */
#include "outcomes.h"
#include "say.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Different ones that are kept; more than that are counted with the last. */
#define MAX_OUTCOMES 64

/* What pings that ended alike have in common. All of its bytes are set. */
struct likeness {
	uint64_t location;
	uint32_t netns, ifindex;
	uint32_t drop_netns, drop_ifindex, reason;
	uint32_t chain_netns, verdict, info;
	int64_t send_error; /* so wide that there are no holes */
	uint8_t from[16];
	uint8_t type, dir, answered, late, heard, icmp_type, icmp_code, waiting;
	char table[EVENT_TABLE_LEN], chain[EVENT_CHAIN_LEN];
};

struct kept {
	struct likeness like;
	struct outcome outcome;
	uint64_t pings, first_seq;
};

struct outcomes {
	const struct outcome_context *c;
	struct kept *kept;
	size_t n;
	struct outcome_line lines[MAX_OUTCOMES + 1];
	uint64_t duplicates;
	char duplicates_text[128];
};

static void liken(const struct way *w, struct likeness *l)
{
	const struct passage *reply = &w->passages[EVENT_REPLY];
	bool back = reply->last.dir || reply->n_drops;
	const struct passage *p = &w->passages[back ? EVENT_REPLY : EVENT_REQUEST];
	const struct step *drop = p->n_drops ? &p->drops[p->n_drops - 1] : NULL;

	memset(l, 0, sizeof(*l));
	l->answered = w->answered;
	l->late = w->late;
	l->send_error = w->send_error;
	l->heard = w->error.heard;
	if (w->error.heard) {
		memcpy(l->from, w->error.from, sizeof(l->from));
		l->icmp_type = w->error.type;
		l->icmp_code = w->error.code;
		l->info = w->error.info;
	}
	l->type = back;
	l->dir = (uint8_t)p->last.dir;
	l->netns = p->last.netns;
	l->ifindex = p->last.ifindex;
	l->waiting = (uint8_t)(p->waiting | p->waiting_to_send << 1);
	if (drop) {
		l->location = drop->drop.location;
		l->reason = drop->drop.reason;
		l->drop_netns = drop->netns;
		l->drop_ifindex = drop->ifindex;
	}
	if (p->chain_at.dir) {
		l->chain_netns = p->chain_at.netns;
		l->verdict = p->chain.verdict;
		strncpy(l->table, p->chain.table, sizeof(l->table) - 1);
		strncpy(l->chain, p->chain.name, sizeof(l->chain) - 1);
	}
}

struct outcomes *outcomes_new(const struct outcome_context *c)
{
	struct outcomes *o = calloc(1, sizeof(*o));

	if (o)
		o->kept = calloc(MAX_OUTCOMES, sizeof(*o->kept));
	if (!o || !o->kept) {
		say_error("out of memory");
		free(o);
		return NULL;
	}
	o->c = c;
	return o;
}

static int find(const struct outcomes *o, const struct likeness *like)
{
	for (size_t i = 0; i < o->n; i++)
		if (memcmp(&o->kept[i].like, like, sizeof(*like)) == 0)
			return (int)i;
	return -1;
}

int outcomes_add(struct outcomes *o, const struct way *w)
{
	struct likeness like;
	struct kept *k;
	int found;

	/* where replies were made is not part of the likeness; there may be nothing to tell */
	if (w->answered && !w->late && w->n_origins < 2)
		return -1;
	liken(w, &like);
	found = find(o, &like);
	if (found < 0 && o->n == MAX_OUTCOMES)
		found = MAX_OUTCOMES - 1;
	if (found < 0) {
		found = (int)o->n++;
		k = &o->kept[found];
		k->like = like;
		outcome_decide(w, o->c, &k->outcome);
	}
	k = &o->kept[found];
	if (k->pings++ == 0)
		k->first_seq = w->seq;
	return found;
}

void outcomes_take_back(struct outcomes *o, int number)
{
	if (number >= 0 && (size_t)number < o->n && o->kept[number].pings)
		o->kept[number].pings--;
}

void outcomes_note_duplicates(struct outcomes *o, uint64_t duplicates)
{
	o->duplicates = duplicates;
	snprintf(o->duplicates_text, sizeof(o->duplicates_text),
		 "answered more than once: %" PRIu64 " further %s; look for a loop, or rules that "
		 "copy packets (TEE, mirred)",
		 duplicates, duplicates == 1 ? "reply came" : "replies came");
}

/* Unless it is known where they were made. */
static void add_duplicates(struct outcomes *o, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (o->lines[i].cause && strcmp(o->lines[i].cause, "duplicate_address") == 0)
			return;
	if (o->duplicates)
		o->lines[(*n)++] = (struct outcome_line){
			.outcome = "answered",
			.cause = "duplicates",
			.text = o->duplicates_text,
		};
}

/* What differs need not show: one line for the same words. */
static void add_line(struct outcomes *o, size_t *n, const struct kept *k)
{
	for (size_t i = 0; i < *n; i++) {
		struct outcome_line *l = &o->lines[i];

		if (strcmp(l->text, k->outcome.text) != 0)
			continue;
		l->pings += k->pings;
		if (k->first_seq < l->first_seq)
			l->first_seq = k->first_seq;
		return;
	}
	o->lines[(*n)++] = (struct outcome_line){
		.outcome = k->outcome.outcome,
		.cause = k->outcome.cause,
		.text = k->outcome.text,
		.pings = k->pings,
		.first_seq = k->first_seq,
	};
}

const struct outcome_line *outcomes_lines(struct outcomes *o, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < o->n; i++)
		if (o->kept[i].pings && *o->kept[i].outcome.text)
			add_line(o, n, &o->kept[i]);
	add_duplicates(o, n);
	return o->lines;
}

void outcomes_free(struct outcomes *o)
{
	if (!o)
		return;
	free(o->kept);
	free(o);
}
