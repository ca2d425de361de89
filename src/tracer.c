/* Perf buffers: opening, following CPUs, reading, counting what was lost. */
#include "tracer.h"
#include "cpus.h"
#include "event.h"
#include "say.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <bcc/perf_reader.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* All buffers together take at most this, one of them between the two bounds; in pages. */
#define TOTAL_PAGES 2048
#define MIN_PAGES   8
#define MAX_PAGES   128
/* There is a wakeup when so much of a buffer is full of the largest of records. */
#define WAKEUP_SHARE 4

struct tracer {
	const struct loaded *loaded;
	tracer_record_fn record;
	void *ctx;
	int epoll_fd;
	int pages;     /* of one buffer, a power of two */
	char why[128]; /* the last one could not be opened */
	uint64_t reported_lost;
	struct perf_reader *readers[MAX_CPUS]; /* NULL: offline */
	int highest;                           /* CPU that has or had a reader */
};

static void on_raw(void *ctx, void *raw, int size)
{
	struct tracer *t = ctx;

	t->record(t->ctx, raw, size);
}

static void on_lost(void *ctx, uint64_t lost)
{
	struct tracer *t = ctx;

	t->reported_lost += lost;
}

static struct perf_reader *open_reader(struct tracer *t, int cpu)
{
#ifdef HAVE_BPF_OPEN_PERF_BUFFER_OPTS /* libbcc 0.20; before, each event makes a wakeup */
	long records = t->pages * sysconf(_SC_PAGESIZE) / (long)sizeof(struct event_chain);
	struct bcc_perf_buffer_opts opts = {
		.pid = -1, .cpu = cpu, .wakeup_events = (int)(records / WAKEUP_SHARE)};

	return bpf_open_perf_buffer_opts(on_raw, on_lost, t, t->pages, &opts);
#else
	return bpf_open_perf_buffer(on_raw, on_lost, t, -1, cpu, t->pages);
#endif
}

/* What libbcc says on standard error goes to t->why: whether it matters is ours to say. */
static struct perf_reader *open_buffer(struct tracer *t, int cpu)
{
	int told = memfd_create("tracepkt-told", MFD_CLOEXEC);
	int saved = told < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	struct perf_reader *r;
	ssize_t n;

	if (saved >= 0)
		dup2(told, STDERR_FILENO);
	r = open_reader(t, cpu);
	if (saved >= 0) {
		dup2(saved, STDERR_FILENO);
		close(saved);
		n = pread(told, t->why, sizeof(t->why) - 1, 0);
		t->why[n > 0 ? n : 0] = '\0';
		t->why[strcspn(t->why, "\n")] = '\0';
	}
	if (told >= 0)
		close(told);
	return r;
}

static int open_cpu(struct tracer *t, int cpu)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)cpu};
	struct perf_reader *r = open_buffer(t, cpu);
	int fd;

	if (!r)
		return -1;
	fd = perf_reader_fd(r);
	for (unsigned int i = 0; i < t->loaded->n_units; i++)
		if (bpf_update_elem(t->loaded->events_fds[i], &cpu, &fd, BPF_ANY)) {
			perf_reader_free(r);
			return -1;
		}
	if (epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, fd, &e)) {
		perf_reader_free(r);
		return -1;
	}
	t->readers[cpu] = r;
	if (cpu > t->highest)
		t->highest = cpu;
	return 0;
}

static void close_cpu(struct tracer *t, int cpu)
{
	perf_reader_event_read(t->readers[cpu]); /* what it still holds */
	for (unsigned int i = 0; i < t->loaded->n_units; i++)
		bpf_delete_elem(t->loaded->events_fds[i], &cpu);
	epoll_ctl(t->epoll_fd, EPOLL_CTL_DEL, perf_reader_fd(t->readers[cpu]), NULL);
	perf_reader_free(t->readers[cpu]);
	t->readers[cpu] = NULL;
}

static int pages_for(int n_cpus)
{
	int pages = MAX_PAGES;

	while (pages > MIN_PAGES && pages * n_cpus > TOTAL_PAGES)
		pages /= 2;
	return pages;
}

/* How many CPUs that are online could not be given a buffer. */
static int open_cpus(struct tracer *t, const bool cpus[MAX_CPUS])
{
	bool still[MAX_CPUS];
	int failed = 0;

	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (cpus[cpu] && open_cpu(t, cpu) && cpus_online(still) >= 0 && still[cpu])
			failed++;
	return failed;
}

static void close_cpus(struct tracer *t)
{
	for (int cpu = 0; cpu <= t->highest; cpu++)
		if (t->readers[cpu])
			close_cpu(t, cpu);
}

/*
 * A user may lock but so much memory (perf_mmap() in kernel/events/core.c): where that is short,
 * all get smaller buffers. Returns how many of n CPUs have none even so.
 */
static int open_buffers(struct tracer *t, const bool cpus[MAX_CPUS], int n)
{
	int failed;

	t->pages = pages_for(n);
	while ((failed = open_cpus(t, cpus)) && t->pages > MIN_PAGES) {
		close_cpus(t);
		t->pages /= 2;
	}
	return failed;
}

struct tracer *tracer_open(const struct loaded *l, tracer_record_fn record, void *ctx)
{
	struct tracer *t = calloc(1, sizeof(*t));
	bool cpus[MAX_CPUS];
	int n, failed;

	if (!t) {
		say_error("out of memory");
		return NULL;
	}
	t->loaded = l;
	t->record = record;
	t->ctx = ctx;
	t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	n = cpus_online(cpus);
	if (t->epoll_fd < 0 || n < 0) {
		say_error("cannot tell which CPUs are online: %s", strerror(errno));
		tracer_free(t);
		return NULL;
	}
	failed = open_buffers(t, cpus, n);
	if (failed)
		say_error("cannot open the perf buffers of %d of %d CPUs%s%s", failed, n,
			  *t->why ? ": " : "", t->why);
	if (failed >= n) {
		tracer_free(t);
		return NULL;
	}
	return t;
}

int tracer_fd(const struct tracer *t)
{
	return t->epoll_fd;
}

/* A buffer whose CPU went away reports a hang-up for ever: stop watching it. */
static void drop_hung_up(struct tracer *t)
{
	struct epoll_event events[64];
	int n = epoll_wait(t->epoll_fd, events, 64, 0);

	for (int i = 0; i < n; i++) {
		uint32_t cpu = events[i].data.u32;

		if (!(events[i].events & EPOLLIN) && t->readers[cpu])
			close_cpu(t, (int)cpu);
	}
}

void tracer_read(struct tracer *t)
{
	for (int cpu = 0; cpu <= t->highest; cpu++)
		if (t->readers[cpu])
			perf_reader_event_read(t->readers[cpu]);
	drop_hung_up(t);
}

void tracer_refresh(struct tracer *t)
{
	bool cpus[MAX_CPUS];

	if (cpus_online(cpus) < 0)
		return;
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (cpus[cpu] && !t->readers[cpu])
			open_cpu(t, cpu);
		else if (!cpus[cpu] && t->readers[cpu])
			close_cpu(t, cpu);
	}
}

static uint64_t count(const struct tracer *t, enum event_counter which)
{
	uint64_t sum = 0, n;
	int key = (int)which;

	for (unsigned int i = 0; i < t->loaded->n_units; i++)
		if (t->loaded->counter_fds[i] >= 0 &&
		    bpf_lookup_elem(t->loaded->counter_fds[i], &key, &n) == 0)
			sum += n;
	return sum;
}

/*
 * The probe counts submissions that failed, which kernels report since 5.1 (perf_event_output in
 * kernel/events/core.c); older ones tell through the buffer, once there is room again.
 */
uint64_t tracer_lost(const struct tracer *t)
{
	uint64_t counted = count(t, COUNTER_LOST);

	return counted > t->reported_lost ? counted : t->reported_lost;
}

/* Those that stay open when all is over did return. */
uint64_t tracer_missed(const struct tracer *t)
{
	const struct timespec moment = {.tv_nsec = 2 * (long)NS_PER_MS};

	for (int i = 0; i < 5 && count(t, COUNTER_OPEN); i++)
		nanosleep(&moment, NULL);
	return count(t, COUNTER_MISSED) + count(t, COUNTER_OPEN);
}

void tracer_free(struct tracer *t)
{
	if (!t)
		return;
	for (int cpu = 0; cpu <= t->highest; cpu++)
		if (t->readers[cpu])
			perf_reader_free(t->readers[cpu]);
	if (t->epoll_fd >= 0)
		close(t->epoll_fd);
	free(t);
}
