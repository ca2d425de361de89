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

static void note_plain(struct plain *p, const struct event *e)
{
	p->family = e->family;
	memcpy(p->saddr, e->saddr, sizeof(p->saddr));
	memcpy(p->daddr, e->daddr, sizeof(p->daddr));
	if (e->dir != EVENT_TX)
		return;
	p->tx_netns = e->netns;
	memcpy(p->tx_ifname, e->ifname, sizeof(p->tx_ifname));
	p->tx_ifname[sizeof(p->tx_ifname) - 1] = '\0';
}

const char *trail_tunnel(struct trail *t, const struct event *e)
{
	struct carrier *c = trail_carrier(t, e->skb);
	struct plain *p = &t->plain[e->type];

	if (c && *c->tunnel)
		return c->tunnel;
	/* the device that was last asked to send it has put the headers in front of it */
	if (p->tx_netns == e->netns)
		memcpy(p->tunnel, p->tx_ifname, sizeof(p->tunnel));
	return p->tunnel;
}

struct passage *trail_passage(struct trail *t, const struct event *e)
{
	if (t->answered || t->closed)
		return NULL;
	if (!t->way)
		t->way = calloc(1, sizeof(*t->way));
	return t->way ? &t->way->passages[e->type] : NULL;
}

void trail_note_origin(struct trail *t, const struct event *e)
{
	struct origin *o;

	for (size_t i = 0; i < t->n_origins; i++)
		if (t->origins[i].netns == e->netns)
			return;
	if (t->n_origins == WAY_ORIGINS)
		return;
	o = &t->origins[t->n_origins++];
	o->netns = e->netns;
	o->ifindex = e->ifindex;
	memcpy(o->ifname, e->ifname, sizeof(o->ifname));
	o->ifname[sizeof(o->ifname) - 1] = '\0';
}

void trail_note_device(struct trail *t, const struct event *e)
{
	struct carrier *c = trail_carrier(t, e->skb);

	if (!c) {
		c = trail_list_add(&t->carriers, sizeof(*c));
		if (c)
			*c = (struct carrier){.skb = e->skb};
	}
	if (c && !(e->flags & EVENT_F_ENCAP))
		*c->tunnel = '\0';
	else if (c && !*c->tunnel)
		memcpy(c->tunnel, trail_tunnel(t, e), sizeof(c->tunnel));
	if (c)
		c->last = *e;
	t->last[e->type] = *e;
	if (!(e->flags & EVENT_F_ENCAP))
		note_plain(&t->plain[e->type], e);
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
	free(t->way);
	memset(t, 0, sizeof(*t));
}
