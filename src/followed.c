/* Walks through the probes' maps of followed skbs. */
#include "followed.h"
#include "util.h"

#include <bcc/libbpf.h>

/* A packet may wait for a neighbour for 3 s; what has rested longer than this is gone. */
#define MAX_AGE_NS (5 * NS_PER_S)
/* When the map gets full, which holds 8,192. */
#define SHORT_AGE_NS (200 * NS_PER_MS)
#define MANY         4096
#define MAX_STEPS    20000 /* the map may change under our feet */

static uint64_t forget_older(const struct loaded *l, unsigned int unit, uint64_t now_ns,
			     uint64_t age, unsigned int *left)
{
	int fd = l->followed_fds[unit];
	struct event_follow follow;
	uint64_t key, next = 0, forgotten = 0;
	int more = bpf_get_first_key(fd, &key, sizeof(key)) == 0;

	*left = 0;
	for (int i = 0; more && i < MAX_STEPS; i++, key = next) {
		more = bpf_get_next_key(fd, &key, &next) == 0;
		if (bpf_lookup_elem(fd, &key, &follow))
			continue;
		if (follow.time_ns + age > now_ns)
			(*left)++;
		else if (bpf_delete_elem(fd, &key) == 0)
			forgotten++;
	}
	return forgotten;
}

void followed_forget(struct followed *f, const struct loaded *l, uint64_t now_ns)
{
	int which = COUNTER_FORGOTTEN;

	for (unsigned int i = 0; i < l->n_units; i++) {
		uint64_t before = f->forgotten[i];
		unsigned int left;

		if (l->followed_fds[i] < 0)
			continue;
		f->forgotten[i] += forget_older(l, i, now_ns, MAX_AGE_NS, &left);
		if (left > MANY)
			f->forgotten[i] += forget_older(l, i, now_ns, SHORT_AGE_NS, &left);
		if (f->forgotten[i] != before && l->counter_fds[i] >= 0)
			bpf_update_elem(l->counter_fds[i], &which, &f->forgotten[i], BPF_ANY);
	}
}

uint64_t followed_forgotten(const struct followed *f)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < PROBE_PLAN_UNITS; i++)
		sum += f->forgotten[i];
	return sum;
}
