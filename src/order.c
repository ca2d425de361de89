/* A heap of events, the earliest on top. */
#include "order.h"
#include "record.h"
#include "say.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct held {
	union record record;
	uint64_t number; /* of arrival */
};

struct order {
	order_emit_fn emit;
	void *ctx;
	struct held *heap;
	size_t n, room;
	uint64_t arrivals;
};

static bool before(const struct held *a, const struct held *b)
{
	if (a->record.e.time_ns != b->record.e.time_ns)
		return a->record.e.time_ns < b->record.e.time_ns;
	return a->number < b->number;
}

static void swap(struct held *a, struct held *b)
{
	struct held t = *a;

	*a = *b;
	*b = t;
}

static void sift_up(struct held *heap, size_t i)
{
	while (i > 0 && before(&heap[i], &heap[(i - 1) / 2])) {
		swap(&heap[i], &heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void sift_down(struct held *heap, size_t n, size_t i)
{
	for (;;) {
		size_t least = i, left = 2 * i + 1, right = left + 1;

		if (left < n && before(&heap[left], &heap[least]))
			least = left;
		if (right < n && before(&heap[right], &heap[least]))
			least = right;
		if (least == i)
			return;
		swap(&heap[i], &heap[least]);
		i = least;
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

int order_add(struct order *o, const struct event *e)
{
	if (o->n == o->room) {
		size_t room = o->room ? 2 * o->room : 64;
		struct held *heap = realloc(o->heap, room * sizeof(*heap));

		if (!heap) {
			say_error("out of memory");
			return -1;
		}
		o->heap = heap;
		o->room = room;
	}
	memcpy(&o->heap[o->n].record, e, record_size(e));
	o->heap[o->n].number = o->arrivals++;
	sift_up(o->heap, o->n++);
	return 0;
}

void order_flush(struct order *o, uint64_t until_ns)
{
	while (o->n && o->heap[0].record.e.time_ns <= until_ns) {
		union record r = o->heap[0].record;

		o->heap[0] = o->heap[--o->n];
		sift_down(o->heap, o->n, 0);
		o->emit(o->ctx, &r.e);
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
	free(o->heap);
	free(o);
}
