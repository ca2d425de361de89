/* Bookkeeping for one ping: its skbs and the devices that took it in. */
#include "trail.h"

#include <stdlib.h>
#include <string.h>

/* A device that took the packet in. */
struct ingress {
	uint32_t netns, ifindex;
	uint8_t type; /* enum event_type */
};

void *trail_list_add(struct trail_list *l, size_t size)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 8;
		void *grown = realloc(l->items, room * size);

		if (!grown)
			return NULL;
		l->items = grown;
		l->room = room;
	}
	return (char *)l->items + size * l->n++;
}

struct carrier *trail_carrier(const struct trail *t, uint64_t skb)
{
	struct carrier *c = t->carriers.items;

	for (size_t i = 0; i < t->carriers.n; i++)
		if (c[i].skb == skb)
			return &c[i];
	return NULL;
}

void trail_remove_carrier(struct trail *t, struct carrier *c)
{
	struct carrier *all = t->carriers.items;

	*c = all[--t->carriers.n];
}

void trail_note_device(struct trail *t, const struct event *e)
{
	struct carrier *c = trail_carrier(t, e->skb);

	if (!c) {
		c = trail_list_add(&t->carriers, sizeof(*c));
		if (c)
			c->skb = e->skb;
	}
	if (c)
		c->last = *e;
	t->last[e->type] = *e;
}

bool trail_came_in_by(const struct trail *t, const struct event *e, uint32_t ifindex)
{
	const struct ingress *in = t->ingresses.items;

	for (size_t i = 0; i < t->ingresses.n; i++)
		if (in[i].netns == e->netns && in[i].ifindex == ifindex && in[i].type == e->type)
			return true;
	return false;
}

void trail_note_ingress(struct trail *t, const struct event *e, uint32_t ifindex)
{
	struct ingress *in;

	if (trail_came_in_by(t, e, ifindex))
		return;
	in = trail_list_add(&t->ingresses, sizeof(*in));
	if (in)
		*in = (struct ingress){e->netns, ifindex, e->type};
}

void trail_clear(struct trail *t)
{
	free(t->carriers.items);
	free(t->ingresses.items);
	free(t->held.items);
	memset(t, 0, sizeof(*t));
}
