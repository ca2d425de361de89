/* Reads what the kernel tells of programs in /proc/self/fdinfo (kernel/bpf/syscall.c). */
#include "misses.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

uint64_t misses_of_fdinfo(const char *text)
{
	static const char key[] = "\nrecursion_misses:\t";
	const char *at = strstr(text, key);

	return at ? strtoull(at + sizeof(key) - 1, NULL, 10) : 0;
}

uint64_t misses_count(const struct loaded *l)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < l->n_held; i++) {
		char path[64], text[1024];
		ssize_t n;
		int fd;

		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", l->held[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		sum += misses_of_fdinfo(text);
	}
	return sum;
}

void misses_sample(struct misses *m, const struct loaded *l, uint64_t now_ns)
{
	unsigned int i = m->n++ % MISSES_SAMPLES;

	m->samples[i].time_ns = now_ns;
	m->samples[i].count = misses_count(l);
}

uint64_t misses_before(const struct misses *m, uint64_t then_ns)
{
	unsigned int kept = m->n < MISSES_SAMPLES ? m->n : MISSES_SAMPLES;
	uint64_t count = 0;

	for (unsigned int k = 1; k <= kept; k++) { /* from the latest on */
		unsigned int i = (m->n - k) % MISSES_SAMPLES;

		count = m->samples[i].count;
		if (m->samples[i].time_ns <= then_ns)
			break;
	}
	return count;
}

bool misses_since(const struct misses *m, const struct loaded *l, uint64_t then_ns)
{
	return misses_count(l) > misses_before(m, then_ns);
}
