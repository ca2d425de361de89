/* Gets a unit's image, from an earlier run or from libbcc, for which it sets the scene. */
#include "loader_image.h"
#include "attach_points.h"
#include "image_cache.h"
#include "kernel_key.h"
#include "kernel_loads.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>

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

bool loader_image_has_loads(const struct work *w)
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
		return work_fail(w, LOADER_NO_LIBRARY, 0, 0);
	if (error == COMPILER_NO_MEMORY)
		return work_fail(w, LOADER_TOO_BIG, 0, 0);
	/* libbcc makes the maps on the way; could it? */
	map = bcc_create_map(BPF_MAP_TYPE_ARRAY, "tracepkt_test", 4, 8, 1, 0);
	return map < 0 ? work_fail(w, LOADER_MAP_FAILED, 0, errno)
		       : work_fail(w, LOADER_COMPILE_FAILED, 0, 0);
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
		return work_fail(w, LOADER_TOO_BIG, 0, 0);
	ret = kernel_types_prepare(&w->unit.types, w->unit.text, w->r->dir);
	printed = now_ns();
	compiler_wait(w->compiler);
	if (ret == 0) {
		set_environment(&w->unit.types, w->given);
		ret = run_compiler(w, w->compiler, f);
	} else {
		work_fail(w, LOADER_NO_TYPES, 0, 0);
	}
	w->reply.spent_ns[PHASE_TYPES] += printed - begin;
	w->reply.spent_ns[PHASE_COMPILE] += now_ns() - printed;
	return ret;
}

void loader_image_expect(struct work *w)
{
	if (w->r->options->no_cache || image_cache_is_empty(IMAGE_CACHE_DIR))
		w->compiler = compiler_open();
}

int loader_image_get(struct work *w)
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

void loader_image_keep(struct work *w)
{
	if (!w->kept && w->key)
		image_cache_put(IMAGE_CACHE_DIR, w->key, w->image);
	free(w->key);
	w->key = NULL;
}
