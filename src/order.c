/* A heap of events, the earliest on top. */
#include "order.h"
#include "record.h"
#include "say.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What a record was copied to; those that are free are a list, so that the next one is a warm one.
 */
struct slot {
	union {
		struct slot *next;
		union record record;
	};
};

/* An event of the heap, which is small, for it is moved about. */
struct held {
	uint64_t time_ns;
	uint64_t number; /* of arrival */
	struct slot *slot;
};

struct order {
	order_emit_fn emit;
	void *ctx;
	struct held *heap;
	size_t n, room;
	uint64_t arrivals;
	struct slot *free_device, *free_chain;
};

static bool before(const struct held *a, const struct held *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns;
	return a->number < b->number;
}

static void sift_up(struct held *heap, size_t i)
{
	struct held h = heap[i];

	while (i > 0 && before(&h, &heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = h;
}

/* Puts h where it belongs, from the top down, into a heap of n of which the top is free. */
static void sift_down(struct held *heap, size_t n, struct held h)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &h))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = h;
}

static struct slot **free_list(struct order *o, const struct event *e)
{
	return e->dir == EVENT_CHAIN ? &o->free_chain : &o->free_device;
}

/* A copy of the event; NULL: out of memory. */
static struct slot *take_slot(struct order *o, const struct event *e)
{
	struct slot **list = free_list(o, e), *s = *list;
	size_t size = record_size(e);

	if (s)
		*list = s->next;
	else
		s = malloc(size);
	if (s)
		memcpy(&s->record, e, size);
	return s;
}

static void free_slots(struct slot *s)
{
	while (s) {
		struct slot *next = s->next;

		free(s);
		s = next;
	}
}

struct order *order_new(order_emit_fn emit, void *ctx)
{
	struct order *o = calloc(1, sizeof(*o));

	if (!o) {
		say_error("out of memory");
		return NULL;
	}
	o->emit = emit;
	o->ctx = ctx;
	return o;
}

static int grow(struct order *o)
{
	size_t room = o->room ? 2 * o->room : 64;
	struct held *heap = realloc(o->heap, room * sizeof(*heap));

	if (!heap)
		return -1;
	o->heap = heap;
	o->room = room;
	return 0;
}

int order_add(struct order *o, const struct event *e)
{
	struct slot *s = NULL;

	if (o->n < o->room || grow(o) == 0)
		s = take_slot(o, e);
	if (!s) {
		say_error("out of memory");
		return -1;
	}
	o->heap[o->n] = (struct held){e->time_ns, o->arrivals++, s};
	sift_up(o->heap, o->n++);
	return 0;
}

void order_flush(struct order *o, uint64_t until_ns)
{
	while (o->n && o->heap[0].time_ns <= until_ns) {
		struct slot *s = o->heap[0].slot, **list = free_list(o, &s->record.e);

		o->n--;
		sift_down(o->heap, o->n, o->heap[o->n]);
		o->emit(o->ctx, &s->record.e);
		s->next = *list;
		*list = s;
	}
}

size_t order_pending(const struct order *o)
{
	return o->n;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	while (o->n)
		free(o->heap[--o->n].slot);
	free_slots(o->free_device);
	free_slots(o->free_chain);
	free(o->heap);
	free(o);
}
