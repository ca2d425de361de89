/*
 * The differences between versions of libbpf, in one place. CMake finds out which forms
 * are there (HAVE_...), so nothing here asks for a version number.
 */
#ifndef TRACEPKT_COMPAT_H
#define TRACEPKT_COMPAT_H

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <stdarg.h>
#include <errno.h>
#include <stdbool.h>

/* libbpf 1.0 made failing calls return NULL with errno; before, the pointer held the error. */
static inline void *compat_ptr(void *p)
{
	long err = libbpf_get_error(p);

	if (!err)
		return p;
	errno = err < 0 ? (int)-err : EINVAL;
	return NULL;
}

/* One more than the highest type id. libbpf 0.6 has btf__type_cnt(). */
static inline __u32 compat_btf_type_count(const struct btf *btf)
{
#ifdef HAVE_BTF_TYPE_CNT
	return btf__type_cnt(btf);
#else
	return btf__get_nr_types(btf) + 1;
#endif
}

/* BTF_KIND_TYPE_TAG and BTF_KIND_ENUM64, which uapi/linux/btf.h has since 5.17 and 6.0, and the
 * size of struct btf_enum64 there. */
#define COMPAT_KIND_TYPE_TAG 18
#define COMPAT_KIND_ENUM64   19
#define COMPAT_ENUM64_BYTES  12

static inline bool compat_btf_is_enum(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ENUM || btf_kind(t) == COMPAT_KIND_ENUM64;
}

/* The i-th enumerator of an enum of either kind: its name and the lower half of its value. */
static inline const __u32 *compat_btf_enumerator(const struct btf_type *t, unsigned int i)
{
	size_t step =
		btf_kind(t) == COMPAT_KIND_ENUM64 ? COMPAT_ENUM64_BYTES : sizeof(struct btf_enum);

	return (const void *)((const char *)(t + 1) + i * step);
}

static inline const char *compat_btf_enumerator_name(const struct btf *btf,
						     const struct btf_type *t, unsigned int i)
{
	return btf__name_by_offset(btf, compat_btf_enumerator(t, i)[0]);
}

/* BTF of a loaded module over that of vmlinux; NULL if there is none, or before libbpf 0.5. */
static inline struct btf *compat_btf_load_module(const char *name, struct btf *vmlinux)
{
#ifdef HAVE_BTF_LOAD_MODULE
	return compat_ptr(btf__load_module_btf(name, vmlinux));
#else
	(void)name;
	(void)vmlinux;
	return NULL;
#endif
}

/* libbpf 0.6 gave btf_dump__new() another order of arguments. */
static inline struct btf_dump *compat_btf_dump_new(const struct btf *btf,
						   void (*print)(void *, const char *, va_list),
						   void *ctx)
{
#ifdef HAVE_BTF_DUMP_NEW_OPTS_LAST
	return compat_ptr(btf_dump__new(btf, print, ctx, NULL));
#else
	struct btf_dump_opts opts = {.ctx = ctx};

	return compat_ptr(btf_dump__new(btf, NULL, &opts, print));
#endif
}

#endif
