/* Pauses that grow. */
#include "pace.h"
#include "util.h"

/* The shortest is what a flood is read at; the longest adds to the delay of what comes late. */
#define SHORTEST_NS NS_PER_MS
#define LONGEST_NS  (16 * NS_PER_MS)
#define GROWTH      4

void pace_sent(struct pace *p, uint64_t now_ns)
{
	p->step_ns = SHORTEST_NS;
	if (!p->next_ns || p->next_ns > now_ns + SHORTEST_NS)
		p->next_ns = now_ns + SHORTEST_NS;
}

void pace_hurry(struct pace *p)
{
	p->next_ns = 1;
}

void pace_read(struct pace *p, uint64_t now_ns, bool news, bool under_way)
{
	if (news)
		p->step_ns = SHORTEST_NS;
	else if (p->step_ns < LONGEST_NS)
		p->step_ns *= GROWTH;
	else if (!under_way)
		p->step_ns = 0;
	p->next_ns = p->step_ns ? now_ns + p->step_ns : 0;
}

uint64_t pace_next(const struct pace *p)
{
	return p->next_ns;
}
