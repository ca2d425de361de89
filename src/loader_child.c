/* The child, in which libbcc compiles (compiler.c), loads and attaches (attach.c). */
#include "loader_child.h"
#include "attach.h"
#include "attach_points.h"
#include "compiler.h"
#include "compiler_flags.h"
#include "image_cache.h"
#include "kernel_key.h"
#include "kernel_loads.h"
#include "say.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

struct work {
	const struct loader_request *r;
	struct probe_plan plan;
	struct compiler *compiler; /* NULL: not opened yet */
	struct loader_reply reply;
	int maps[LOADER_MAPS * PROBE_PLAN_UNITS];
	int held[LOADER_MAX_HELD];
	struct record_offsets offsets;
	struct probe_unit unit;    /* that is being worked on */
	struct image *image;       /* of that unit */
	char *key;                 /* under which it is kept; NULL: it is not */
	const struct image *first; /* of the first unit; NULL: this is it */
	bool kept;                 /* an earlier run has compiled it */
	bool refused;              /* and the kernel did not take it */
	bool no_loads;             /* nor programs that load from its structures */
	bool kallsyms_short;
	char given[PATH_MAX]; /* the user's BCC_KERNEL_SOURCE, or empty */
};

static int fail(struct work *w, enum loader_status status, size_t point, int error)
{
	w->reply.status = status;
	w->reply.point = (uint32_t)point;
	w->reply.error = error;
	return -1;
}

/* Perf tracepoints need them. */
static int find_offsets(struct work *w)
{
	if (w->r->attach != ATTACH_TRACEPOINT)
		return 0;
	record_offsets_find(&w->offsets);
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].category && w->offsets.skb[i] < 0 &&
		    attach_points[i].need == POINT_NEEDED)
			return fail(w, LOADER_NO_TRACEPOINT, i, ENOENT);
	return 0;
}

static void set_environment(const struct kernel_types *t, const char *given)
{
	if (*t->bcc_kernel_source)
		setenv("BCC_KERNEL_SOURCE", t->bcc_kernel_source, 1);
	else if (*given) /* an earlier unit's may stand there */
		setenv("BCC_KERNEL_SOURCE", given, 1);
	else
		unsetenv("BCC_KERNEL_SOURCE");
	unsetenv("BCC_LINUX_VERSION_CODE");
	unsetenv("BCC_KERNEL_MODULES_SUFFIX");
	unsetenv("ARCH"); /* whoever builds kernels for another machine has it set */
}

/*
 * libbcc reads all of /proc/kallsyms to learn whether there is bpf_probe_read_kernel()
 * (check_bpf_probe_read_kernel() in src/cc/frontends/clang/b_frontend_action.cc), which takes a
 * third of the start-up. In a mount namespace of our own it gets a short answer in that place.
 * Where that cannot be had, it reads the long one.
 */
static void shorten_kallsyms(const struct workdir *dir)
{
	static const char name[] = "kallsyms";
	char path[PATH_MAX + sizeof(name)];

	if (kernel_is_before(5, 5)) /* which has it for sure */
		return;
	snprintf(path, sizeof(path), "%s/%s", dir->path, name);
	if (workdir_write(dir, name, "ffffffff81000000 T bpf_probe_read_kernel\n") == 0 &&
	    unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		mount(path, "/proc/kallsyms", NULL, MS_BIND, NULL);
}

/* All that the image of the unit is made from; the caller frees it. NULL: do without. */
static char *make_key(const struct work *w, const struct compiler_flags *f)
{
	struct strbuf b;

	if (w->r->options->no_cache || w->unit.types.source == TYPES_KHEADERS || strbuf_open(&b))
		return NULL;
	kernel_key_write(b.f, &w->unit.types, w->unit.text);
	for (int i = 0; i < f->n; i++)
		fprintf(b.f, "%s\n", f->list[i]);
	fputs(w->unit.text, b.f);
	return strbuf_finish(&b);
}

/* An image that an earlier run has compiled, with its maps made. */
static struct image *get_kept(const char *key)
{
	struct image *im = key ? image_cache_get(IMAGE_CACHE_DIR, key) : NULL;

	if (im && image_make_maps(im)) {
		image_close_maps(im, NULL);
		image_free(im);
		im = NULL;
	}
	return im;
}

static void mark_kernel_calls(const struct work *w)
{
	for (uint32_t i = 0; w->unit.rdonly_cast && i < w->image->n_programs; i++)
		kernel_loads_mark_calls(w->image->programs[i].insns, w->image->programs[i].n_insns,
					w->unit.rdonly_cast);
}

/* As they were compiled, in this run or an earlier one. */
static bool has_loads(const struct work *w)
{
	for (uint32_t i = 0; w->unit.rdonly_cast && i < w->image->n_programs; i++)
		if (kernel_loads_has_calls(w->image->programs[i].insns,
					   w->image->programs[i].n_insns, w->unit.rdonly_cast))
			return true;
	return false;
}

/*
 * With headers nearly all of the time goes into parsing them, which each of two processes would do.
 * An edited text need not know of parts.
 */
static bool is_for_two(const struct work *w)
{
	cpu_set_t cpus;

	if (w->unit.types.source != TYPES_BTF || !(w->unit.groups & GROUP_DEVICES) ||
	    w->r->options->probe_dir)
		return false;
	/* too many for the set: EINVAL */
	return sched_getaffinity(0, sizeof(cpus), &cpus) || CPU_COUNT(&cpus) > 1;
}

static int run_compiler(struct work *w, struct compiler *c, struct compiler_flags *f)
{
	enum compiler_error error;
	int map;

	if (is_for_two(w)) {
		bool by_two;

		w->image = compiler_run_parts(c, w->unit.text, f->list, f->n, &error, &by_two);
		w->reply.by_two |= by_two;
	} else {
		w->image = compiler_run(c, w->unit.text, f->list, f->n, &error);
	}
	if (w->image) {
		mark_kernel_calls(w);
		return 0;
	}
	if (error == COMPILER_NO_LIBRARY)
		return fail(w, LOADER_NO_LIBRARY, 0, 0);
	if (error == COMPILER_NO_MEMORY)
		return fail(w, LOADER_TOO_BIG, 0, 0);
	/* libbcc makes the maps on the way; could it? */
	map = bcc_create_map(BPF_MAP_TYPE_ARRAY, "tracepkt_test", 4, 8, 1, 0);
	return map < 0 ? fail(w, LOADER_MAP_FAILED, 0, errno)
		       : fail(w, LOADER_COMPILE_FAILED, 0, 0);
}

/* The types are printed while the compiler is being loaded. */
static int compile(struct work *w, struct compiler_flags *f)
{
	uint64_t begin, printed;
	int ret;

	if (!w->kallsyms_short)
		shorten_kallsyms(w->r->dir); /* has no effect on threads that are there */
	w->kallsyms_short = true;
	begin = now_ns();
	if (!w->compiler)
		w->compiler = compiler_open();
	if (!w->compiler)
		return fail(w, LOADER_TOO_BIG, 0, 0);
	ret = kernel_types_prepare(&w->unit.types, w->unit.text, w->r->dir);
	printed = now_ns();
	compiler_wait(w->compiler);
	if (ret == 0) {
		set_environment(&w->unit.types, w->given);
		ret = run_compiler(w, w->compiler, f);
	} else {
		fail(w, LOADER_NO_TYPES, 0, 0);
	}
	w->reply.spent_ns[PHASE_TYPES] += printed - begin;
	w->reply.spent_ns[PHASE_COMPILE] += now_ns() - printed;
	return ret;
}

/*
 * The unit's image: kept from an earlier run, or compiled now. w->key, under which keep_image()
 * keeps it, is that of the unit with all of its flags.
 */
static int get_image(struct work *w)
{
	struct compiler_flags flags;

	compiler_flags_make(&flags, &w->unit, w->r->attach == ATTACH_RAW ? NULL : &w->offsets);
	if (w->unit.types.source != TYPES_BTF) { /* an earlier unit's is not for this key */
		if (w->compiler)
			compiler_wait(w->compiler);
		set_environment(&w->unit.types, w->given);
	}
	if (!w->no_loads) {
		free(w->key);
		w->key = make_key(w, &flags);
	}
	w->image = w->refused || w->no_loads ? NULL : get_kept(w->key);
	w->kept = w->image != NULL;
	return w->kept ? 0 : compile(w, &flags);
}

/* What the kernel has taken is for the next run, too. */
static void keep_image(struct work *w)
{
	if (!w->kept && w->key)
		image_cache_put(IMAGE_CACHE_DIR, w->key, w->image);
	free(w->key);
	w->key = NULL;
}

/*
 * What one unit knows of the packets that are followed, the other must know. Returns the set of 1
 * << enum loader_map that the first unit has for both.
 */
static uint32_t share_maps(const struct work *w, const char *const *names)
{
	uint32_t shared = 0;

	for (unsigned int i = LOADER_MAP_COUNTERS; i < LOADER_MAPS; i++)
		if (image_share_map(w->image, w->first, names[i]))
			shared |= 1U << i;
	image_share_map(w->image, w->first, "latest");
	image_share_map(w->image, w->first, "fragments");
	return shared;
}

/* Finds the maps that we work with, and tells the probes which packets are ours. */
static int set_up_maps(struct work *w, size_t unit)
{
	static const char *const names[LOADER_MAPS] = {"events", "counters", "wanted", "followed"};
	int *maps = &w->maps[LOADER_MAPS * unit], zero = 0;

	w->reply.no_map[unit] = 0;
	if (w->first)
		w->reply.no_map[unit] = share_maps(w, names);
	for (unsigned int i = 0; i < LOADER_MAPS; i++) {
		int fd = image_map_fd(w->image, names[i]);

		maps[i] = fd;
		if (fd >= 0 && !(w->reply.no_map[unit] & 1U << i))
			continue;
		if (fd < 0 && i <= LOADER_MAP_COUNTERS)
			return fail(w, LOADER_NO_PROGRAM, 0, 0);
		/* shared; or an edited probe has its own idea of what is ours */
		w->reply.no_map[unit] |= 1U << i;
		maps[i] = maps[LOADER_MAP_EVENTS];
	}
	if (!(w->reply.no_map[unit] & 1U << LOADER_MAP_WANTED) &&
	    bpf_update_elem(maps[LOADER_MAP_WANTED], &zero, (void *)w->r->wanted, BPF_ANY))
		return fail(w, LOADER_MAP_FAILED, 0, errno);
	return 0;
}

static int attach_unit(struct work *w)
{
	bool exists[LOADER_MAX_POINTS];
	struct attaching a = {.image = w->image,
			      .way = w->r->attach,
			      .strict = w->r->options->probe_dir || w->kept || w->unit.rdonly_cast,
			      .told = &w->reply,
			      .held = w->held};

	for (size_t i = 0; i < n_attach_points; i++)
		exists[i] = w->offsets.skb[i] >= 0;
	a.exists = exists;
	return attach_groups(&a, w->unit.groups);
}

/* A unit of our own text whose netfilter part does not compile is done without that. */
static bool leave_out_netfilter(struct work *w)
{
	if (w->reply.status != LOADER_COMPILE_FAILED || !(w->unit.groups & GROUPS_NETFILTER) ||
	    w->r->options->probe_dir)
		return false;
	w->reply.left_out = 1;
	w->unit.groups &= GROUP_DEVICES;
	w->unit.text = w->plan.devices_text;
	return true;
}

/* Is it the image that is wrong, and not the moment? */
static bool is_refused(const struct work *w)
{
	switch (w->reply.status) {
	case LOADER_NO_PROGRAM:
		return true;
	case LOADER_LOAD_FAILED:
		return w->reply.error != EMFILE && w->reply.error != ENFILE &&
		       w->reply.error != ENOMEM && w->reply.error != EPERM &&
		       w->reply.error != EAGAIN;
	default:
		return false;
	}
}

/* Takes back what was done with the unit's image, of which some maps are held, too. */
static void take_back(struct work *w, uint32_t n_held)
{
	while (w->reply.n_held > n_held) {
		int fd = w->held[--w->reply.n_held];

		if (!image_has_map(w->image, fd))
			close(fd);
	}
	image_close_maps(w->image, w->first);
	image_free(w->image);
	w->image = NULL;
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].group & w->unit.groups)
			w->reply.points[i] = (struct loader_point){.state = POINT_MISSING};
	for (size_t i = 0; i < n_called_programs; i++)
		if (called_programs[i].groups & w->unit.groups)
			w->reply.called[i] = (struct loader_point){.state = POINT_MISSING};
}

/*
 * Whatever is wrong with a kept image, a new one may be right; and where the kernel refuses a
 * program that loads from its structures, it may take one that calls helpers.
 */
static bool try_again(struct work *w, uint32_t n_held)
{
	if (!is_refused(w) || (!w->kept && !w->unit.rdonly_cast))
		return false;
	w->no_loads = !w->kept;
	w->refused = w->kept;
	take_back(w, n_held);
	return true;
}

static void leave_out_loads(struct work *w)
{
	w->unit.n_defines -= w->unit.n_load_defines;
	w->unit.rdonly_cast = 0;
	w->reply.no_loads = 1;
}

/* The unit that w->unit says, at its first try or another one. */
static int try_unit(struct work *w, size_t unit)
{
	int ret = get_image(w);

	if (ret && leave_out_netfilter(w)) {
		if (!w->unit.groups)
			return 0;
		ret = get_image(w);
	}
	return ret || set_up_maps(w, unit) || attach_unit(w) ? -1 : 0;
}

static int do_unit(struct work *w, size_t unit)
{
	uint32_t n_held = w->reply.n_held;

	w->unit = w->plan.units[unit];
	w->reply.types = w->unit.types.source;
	w->refused = w->no_loads = false;
	while (try_unit(w, unit)) {
		if (!try_again(w, n_held))
			return -1;
		if (w->no_loads)
			leave_out_loads(w);
	}
	if (!w->unit.groups)
		return 0;
	w->reply.loads |= has_loads(w);
	keep_image(w);
	if (!w->first)
		w->first = w->image;
	w->reply.n_kept += w->kept;
	w->reply.n_units++;
	return 0;
}

/* Makes the plan, while the compiler is being loaded if it is likely to be needed. */
static int make_plan(struct work *w)
{
	const struct options *o = w->r->options;
	uint64_t begin = now_ns();

	if (o->no_cache || image_cache_is_empty(IMAGE_CACHE_DIR))
		w->compiler = compiler_open();
	if (probe_plan_make(&w->plan, o, w->r->wanted->socket != 0, w->r->dir))
		return fail(w, LOADER_SAID, 0, 0);
	w->reply.spent_ns[PHASE_TYPES] = now_ns() - begin;
	memcpy(w->reply.missing, w->plan.missing, sizeof(w->reply.missing));
	return 0;
}

static void do_all(struct work *w)
{
	if (find_offsets(w))
		return;
	for (size_t i = 0; i < w->plan.n_units; i++)
		if (do_unit(w, i))
			return;
	w->reply.status = LOADER_OK;
}

static void send_reply(const struct work *w, int sock)
{
	char control[CMSG_SPACE(sizeof(w->maps) + sizeof(w->held))];
	struct loader_reply reply = w->reply;
	struct iovec iov = {&reply, sizeof(reply)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (reply.status == LOADER_OK) {
		size_t maps = sizeof(int) * LOADER_MAPS * reply.n_units,
		       held = sizeof(int) * reply.n_held;
		struct cmsghdr *c = (struct cmsghdr *)control;

		memset(control, 0, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(maps + held);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(maps + held);
		memcpy(CMSG_DATA(c), w->maps, maps);
		memcpy(CMSG_DATA(c) + maps, w->held, held);
	}
	while (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void loader_child_main(const struct loader_request *r, int sock, int out)
{
	const char *given = getenv("BCC_KERNEL_SOURCE");
	struct work w = {.r = r};

	snprintf(w.given, sizeof(w.given), "%s", given ? given : "");
	signal(SIGPIPE, SIG_DFL);
	if (make_plan(&w) == 0) {
		setpgid(0, 0); /* from here on nothing is written to a terminal */
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		do_all(&w);
	}
	fflush(stdout);
	fflush(stderr);
	send_reply(&w, sock);
}
