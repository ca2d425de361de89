/* Gathers the facts of one ping's way. */
#include "way.h"

#include <string.h>

void way_device(struct passage *p, const struct step *s)
{
	if (!p->first.dir || s->time_ns < p->first.time_ns)
		p->first = *s;
	if (!p->last.dir || s->time_ns >= p->last.time_ns)
		p->last = *s;
}

/* Keeps the latest, sorted by time. */
void way_drop(struct passage *p, const struct step *s)
{
	size_t at = p->n_drops;

	while (at > 0 && p->drops[at - 1].time_ns > s->time_ns)
		at--;
	if (p->n_drops == WAY_DROPS) {
		if (at == 0)
			return;
		at--;
		memmove(&p->drops[0], &p->drops[1], at * sizeof(*s));
	} else {
		memmove(&p->drops[at + 1], &p->drops[at], (p->n_drops - at) * sizeof(*s));
		p->n_drops++;
	}
	p->drops[at] = *s;
}

void way_used(struct passage *p, const struct step *s)
{
	if (!p->used.dir || s->time_ns >= p->used.time_ns)
		p->used = *s;
}

bool way_is_stopped(uint32_t verdict)
{
	const uint32_t v = verdict & 0xff; /* NF_VERDICT_MASK of linux/netfilter.h */

	return v == 0 || v == 2 || v == 3; /* NF_DROP, NF_STOLEN, NF_QUEUE */
}

void way_chain(struct passage *p, const struct step *s, const struct hop_chain *c, uint8_t ct)
{
	if (!way_is_stopped(c->verdict) || (p->chain_at.dir && s->time_ns < p->chain_at.time_ns))
		return;
	p->chain_at = *s;
	p->chain = *c;
	p->ct = ct;
}
