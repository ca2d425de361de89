/* Loads and attaches programs, through libbcc. */
#include "attach.h"
#include "attach_points.h"
#include "insns.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_BYTES (1 << 20)

static int fail(struct attaching *a, enum loader_status status, size_t point, int error)
{
	a->told->status = status;
	a->told->point = (uint32_t)point;
	a->told->error = error;
	return -1;
}

static int hold(struct attaching *a, int fd)
{
	a->held[a->told->n_held++] = fd;
	return fd;
}

static int try_to_load(const struct attaching *a, int type, const struct image_program *p,
		       char *log)
{
	uint64_t begin = now_ns();
	int fd = bcc_prog_load((enum bpf_prog_type)type, p->name, p->insns,
			       (int)(p->n_insns * sizeof(*p->insns)), a->image->license,
			       a->image->kernel_version, log != NULL, log, log ? LOG_BYTES : 0);

	a->told->spent_ns[PHASE_LOAD] += now_ns() - begin;
	return fd;
}

/* The descriptor of the loaded program, or -1. What it asks of the kernel is noted in *told. */
static int load_program(struct attaching *a, size_t point, int type, const struct image_program *p,
			struct loader_point *told)
{
	char *log;
	int fd, error;

	told->instructions = p->n_insns;
	told->loops = insns_have_loop(p->insns, p->n_insns);
	fd = try_to_load(a, type, p, NULL);
	if (fd >= 0)
		return hold(a, fd);
	error = errno;
	log = malloc(LOG_BYTES); /* once more, this time with the verifier's reasons */
	if (log) {
		*log = '\0';
		fd = try_to_load(a, type, p, log);
		fprintf(stderr, "\n%s\n", log);
		free(log);
		if (fd >= 0)
			return hold(a, fd);
	}
	return fail(a, LOADER_LOAD_FAILED, point, error);
}

static int load(struct attaching *a, size_t point, int type, const char *function,
		struct loader_point *told)
{
	const struct image_program *p = image_program(a->image, function);

	snprintf(a->told->program, sizeof(a->told->program), "%s", function);
	if (!p || !p->n_insns)
		return fail(a, LOADER_NO_PROGRAM, point, 0);
	return load_program(a, point, type, p, told);
}

/* Or did an edited probe make something else of it? */
static bool has_shared_map(const struct image *im)
{
	const struct image_map *m = image_map(im, SHARED_PROGRAM_MAP);

	return m && m->type == BPF_MAP_TYPE_ARRAY && m->key_size == sizeof(uint32_t) &&
	       m->value_size == sizeof(uint32_t);
}

/* Loads the copy of SHARED_PROGRAM for this point; it keeps its map alive. */
static int load_copy(struct attaching *a, size_t point, int type)
{
	uint32_t number = attach_points[point].probe;
	struct image_program copy;
	int map, zero = 0, ret;

	map = bcc_create_map(BPF_MAP_TYPE_ARRAY, SHARED_PROGRAM_MAP, sizeof(zero), sizeof(number),
			     1, 0);
	if (map < 0)
		return fail(a, LOADER_MAP_FAILED, point, errno);
	if (bpf_update_elem(map, &zero, &number, BPF_ANY))
		ret = fail(a, LOADER_MAP_FAILED, point, errno);
	else if (image_copy_program(a->image, SHARED_PROGRAM, SHARED_PROGRAM_MAP, map, &copy))
		ret = fail(a, LOADER_MAP_FAILED, point, ENOMEM);
	else {
		snprintf(a->told->program, sizeof(a->told->program), "%s", SHARED_PROGRAM);
		ret = load_program(a, point, type, &copy, &a->told->points[point]);
		free(copy.insns);
	}
	close(map);
	return ret;
}

/*
 * What the program of this point calls, if that is not there yet. The map is held, for the kernel
 * empties it when nobody has a descriptor of it (prog_array_map_clear() in kernel/bpf/arraymap.c).
 */
static int load_called(struct attaching *a, size_t point, int type)
{
	for (size_t i = 0; i < n_called_programs; i++) {
		const struct called_program *c = &called_programs[i];
		struct loader_point *told = &a->told->called[i];
		int map = image_map_fd(a->image, c->map), program, zero = 0;

		if (!(c->groups & attach_points[point].group) || map < 0 ||
		    told->state == POINT_ATTACHED)
			continue;
		program = load(a, point, type, c->function, told);
		if (program < 0)
			return -1;
		if (bpf_update_elem(map, &zero, &program, BPF_ANY))
			return fail(a, LOADER_MAP_FAILED, point, errno);
		hold(a, map);
		told->state = POINT_ATTACHED;
	}
	return 0;
}

static int load_point(struct attaching *a, size_t point, int type)
{
	char function[LOADER_NAME_BYTES];

	if (load_called(a, point, type))
		return -1;
	snprintf(function, sizeof(function), "on_%s", attach_points[point].name);
	if (!attach_points[point].shared || a->way != ATTACH_RAW ||
	    image_program(a->image, function))
		return load(a, point, type, function, &a->told->points[point]);
	if (image_program(a->image, SHARED_PROGRAM) && has_shared_map(a->image))
		return load_copy(a, point, type);
	return load(a, point, type, SHARED_PROGRAM, &a->told->points[point]);
}

static int attach_tracepoint(struct attaching *a, size_t point)
{
	const struct attach_point *p = &attach_points[point];
	bool raw = a->way == ATTACH_RAW;
	int program, link, error;
	uint64_t begin;

	if (!a->exists[point])
		return 0;
	program =
		load_point(a, point, raw ? BPF_PROG_TYPE_RAW_TRACEPOINT : BPF_PROG_TYPE_TRACEPOINT);
	if (program < 0)
		return -1;
	begin = now_ns();
	errno = 0;
	link = attach_point_tracepoint(p, program, raw);
	error = errno ? errno : EIO;
	a->told->spent_ns[PHASE_ATTACH] += now_ns() - begin;
	if (link >= 0) {
		a->told->points[point].program = a->told->n_held - 1;
		hold(a, link);
		a->told->points[point].link = a->told->n_held - 1;
		a->told->points[point].state = POINT_ATTACHED;
		return 0;
	}
	if (error == ENOENT)
		return p->need == POINT_NEEDED ? fail(a, LOADER_NO_TRACEPOINT, point, error) : 0;
	return fail(a, LOADER_ATTACH_FAILED, point, error);
}

/* Entry and return of a kernel function. What cannot be attached is told, and done without. */
static int attach_function(struct attaching *a, size_t point, int *on_return)
{
	const struct attach_point *p = &attach_points[point];
	struct loader_point *told = &a->told->points[point], back_told = {0};
	int program = -1, entry, back, error;
	char event[96];
	uint64_t begin;

	if (*on_return < 0)
		*on_return =
			load(a, point, BPF_PROG_TYPE_KPROBE, "on_netfilter_return", &back_told);
	if (*on_return >= 0)
		program = load_point(a, point, BPF_PROG_TYPE_KPROBE);
	if (program < 0) {
		if (a->strict)
			return -1;
		told->error = a->told->error ? a->told->error : EINVAL;
		return 0;
	}
	begin = now_ns();
	errno = 0;
	snprintf(event, sizeof(event), "r_tracepkt_%s", p->name);
	back = bpf_attach_kprobe(*on_return, BPF_PROBE_RETURN, event, p->name, 0, 0);
	snprintf(event, sizeof(event), "p_tracepkt_%s", p->name);
	entry = back < 0 ? -1 : bpf_attach_kprobe(program, BPF_PROBE_ENTRY, event, p->name, 0, 0);
	error = errno ? errno : EIO;
	a->told->spent_ns[PHASE_ATTACH] += now_ns() - begin;
	if (entry < 0) {
		told->error = error;
		if (back >= 0)
			close(back);
		return 0;
	}
	hold(a, back);
	hold(a, entry);
	told->state = POINT_ATTACHED;
	return 0;
}

int attach_groups(struct attaching *a, unsigned int groups)
{
	int on_return = -1;

	for (size_t i = 0; i < n_attach_points; i++) {
		if (!(attach_points[i].group & groups))
			continue;
		if (attach_points[i].category ? attach_tracepoint(a, i)
					      : attach_function(a, i, &on_return))
			return -1;
	}
	return 0;
}
