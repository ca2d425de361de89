/* A list of rows a ping, and an array of the pings in the order of seq. */
#include "gaps.h"
#include "say.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct row {
	struct row *next;
	struct hop h;
	char strings[]; /* that h points to */
};

struct ping {
	uint64_t seq;
	struct row *first, *last; /* NULL: none, or let go of early */
	bool begun;               /* rows are out already: */
	uint64_t last_ns;         /* time of the last one */
	uint64_t longest_ns;      /* gap of the longest */
};

struct gaps {
	gaps_emit_fn emit;
	void *ctx;
	struct ping *pings;
	size_t n_pings, room;
	size_t n_rows;
};

struct gaps *gaps_new(gaps_emit_fn emit, void *ctx)
{
	struct gaps *g = calloc(1, sizeof(*g));

	if (!g) {
		say_error("out of memory");
		return NULL;
	}
	g->emit = emit;
	g->ctx = ctx;
	return g;
}

/* Where the ping is, or has to be. */
static size_t position(const struct gaps *g, uint64_t seq)
{
	size_t low = 0, high = g->n_pings;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->pings[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct gaps *g, size_t i, uint64_t seq)
{
	return i < g->n_pings && g->pings[i].seq == seq;
}

/* The ping, made if it is new; NULL: out of memory (said). */
static struct ping *get_ping(struct gaps *g, uint64_t seq)
{
	size_t i = position(g, seq);

	if (is_at(g, i, seq))
		return &g->pings[i];
	if (g->n_pings == g->room) {
		size_t room = g->room ? 2 * g->room : 16;
		struct ping *pings = realloc(g->pings, room * sizeof(*pings));

		if (!pings) {
			say_error("out of memory");
			return NULL;
		}
		g->pings = pings;
		g->room = room;
	}
	memmove(&g->pings[i + 1], &g->pings[i], (g->n_pings - i) * sizeof(*g->pings));
	g->n_pings++;
	g->pings[i] = (struct ping){.seq = seq};
	return &g->pings[i];
}

static size_t string_size(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

/* Copies *s to *to, moves that behind it, and has *s point to the copy. */
static void take_string(const char **s, char **to)
{
	size_t size = string_size(*s);

	if (!size)
		return;
	memcpy(*to, *s, size);
	*s = *to;
	*to += size;
}

static struct row *copy_row(const struct hop *h)
{
	size_t size = string_size(h->netns_name) + string_size(h->drop.reason_name) +
		      string_size(h->drop.location_name);
	struct row *row = malloc(sizeof(*row) + size);
	char *to;

	if (!row) {
		say_error("out of memory");
		return NULL;
	}
	row->next = NULL;
	row->h = *h;
	to = row->strings;
	take_string(&row->h.netns_name, &to);
	take_string(&row->h.drop.reason_name, &to);
	take_string(&row->h.drop.location_name, &to);
	return row;
}

/* Sets gap_ns of each row, and longest of one if it is longer than what is out already. */
static void measure(struct ping *p)
{
	struct row *longest = NULL;

	for (struct row *row = p->first; row; row = row->next) {
		struct hop *h = &row->h;

		h->gap_ns = h->time_ns > p->last_ns ? h->time_ns - p->last_ns : 0;
		h->longest = false;
		p->last_ns = h->time_ns;
		if (h->gap_ns > p->longest_ns || (!p->begun && !longest)) {
			p->longest_ns = h->gap_ns;
			longest = row;
		}
	}
	if (longest)
		longest->h.longest = true;
}

static void free_rows(struct row *row)
{
	while (row) {
		struct row *next = row->next;

		free(row);
		row = next;
	}
}

/* Emits what is held of a ping, and remembers how far it is. */
static void let_go(struct gaps *g, struct ping *p)
{
	struct row *first = p->first;

	measure(p);
	p->begun = p->begun || first;
	p->first = p->last = NULL;
	for (const struct row *row = first; row; row = row->next) {
		g->n_rows--;
		g->emit(g->ctx, &row->h);
	}
	free_rows(first);
}

static void let_oldest_go(struct gaps *g)
{
	size_t i = 0;

	while (i < g->n_pings && !g->pings[i].first)
		i++;
	if (i < g->n_pings)
		let_go(g, &g->pings[i]);
}

int gaps_add(struct gaps *g, const struct hop *h)
{
	struct row *row = copy_row(h);
	struct ping *p;

	if (!row)
		return -1;
	if (g->n_rows >= GAPS_MAX_ROWS)
		let_oldest_go(g);
	p = get_ping(g, h->seq);
	if (!p) {
		free(row);
		return -1;
	}
	if (p->last)
		p->last->next = row;
	else
		p->first = row;
	p->last = row;
	g->n_rows++;
	return 0;
}

void gaps_close(struct gaps *g, uint64_t seq)
{
	size_t i = position(g, seq);

	if (!is_at(g, i, seq))
		return;
	let_go(g, &g->pings[i]);
	g->n_pings--;
	memmove(&g->pings[i], &g->pings[i + 1], (g->n_pings - i) * sizeof(*g->pings));
}

void gaps_finish(struct gaps *g)
{
	for (size_t i = 0; i < g->n_pings; i++)
		let_go(g, &g->pings[i]);
	g->n_pings = 0;
}

size_t gaps_pending(const struct gaps *g)
{
	return g->n_rows;
}

void gaps_free(struct gaps *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n_pings; i++)
		free_rows(g->pings[i].first);
	free(g->pings);
	free(g);
}
