/*
 * Finds the names of drop reasons: numbers and names differ between versions of the kernel, so all
 * come from the running one. It shows them nowhere as such; BTF has the enum, the format of the
 * tracepoint skb:kfree_skb has its names, and headers may be installed.
 */
#include "drop_reasons.h"
#include "compat.h"
#include "kernel_btf.h"
#include "kernel_types.h"
#include "tracefs.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CORE_ENUM "skb_drop_reason"
#define FORMAT    "events/skb/kfree_skb/format"

/* The file has 5 KiB in 6.18; read(2) tells its end, stat(2) does not. */
#define MAX_FORMAT_BYTES (1 << 17)

/* The upper half of a number is the subsystem (SKB_DROP_REASON_SUBSYS_MASK since 6.4), or 0. */
#define SUBSYSTEM_SHIFT 16

struct drop_reasons {
	struct reason_list list;
	bool loaded, exist;
};

/* What a source knows. */
enum told {
	TOLD_NOTHING,
	TOLD_NONE, /* this kernel has no reasons */
	TOLD_NAMES,
};

struct drop_reasons *drop_reasons_new(void)
{
	return calloc(1, sizeof(struct drop_reasons));
}

void drop_reasons_free(struct drop_reasons *d)
{
	if (d)
		reason_list_clear(&d->list);
	free(d);
}

int drop_reasons_read_btf(struct reason_list *l, const struct btf *btf, const char *name,
			  uint32_t least)
{
	__s32 id = btf__find_by_name_kind(btf, name, BTF_KIND_ENUM);
	const struct btf_type *t;
	int n = 0, added = 0;

	if (id <= 0)
		id = btf__find_by_name_kind(btf, name, COMPAT_KIND_ENUM64);
	t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	for (unsigned int i = 0; t && i < btf_vlen(t) && added >= 0; i++) {
		const __u32 *e = compat_btf_enumerator(t, i);
		const char *enumerator = btf__name_by_offset(btf, e[0]);

		if (!enumerator || e[1] < least)
			continue;
		added = reason_list_add(l, e[1], enumerator, strlen(enumerator));
		n += added;
	}
	return added < 0 ? -1 : n;
}

static enum told ask_btf(struct reason_list *l)
{
	struct kernel_btf k;
	int n;

	if (!kernel_btf_exists() || kernel_btf_open(&k))
		return TOLD_NOTHING;
	n = drop_reasons_read_btf(l, k.vmlinux, CORE_ENUM, 0);
	kernel_btf_close(&k);
	return n > 0 ? TOLD_NAMES : TOLD_NONE;
}

/* All of a file without a size; the caller frees it. NULL: not there, no memory or too large. */
static char *read_format(int dirfd)
{
	int fd = openat(dirfd, FORMAT, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : malloc(MAX_FORMAT_BYTES);
	size_t got = 0;
	ssize_t n = text ? 1 : 0;

	while (n > 0 && got < MAX_FORMAT_BYTES) {
		n = read(fd, text + got, MAX_FORMAT_BYTES - got);
		got += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	if (text && n == 0 && got < MAX_FORMAT_BYTES) {
		text[got] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/* Reads the format below a directory of tracefs and closes that. */
static enum told ask_format(struct reason_list *l, int dirfd)
{
	enum told told = TOLD_NOTHING;
	char *text = dirfd < 0 ? NULL : read_format(dirfd);

	if (text && reason_list_add_format(l, text) > 0)
		told = TOLD_NAMES;
	else if (text && tracefs_parse_offset(text, "reason") < 0)
		told = TOLD_NONE;
	free(text);
	if (dirfd >= 0)
		close(dirfd);
	return told;
}

static enum told ask_tracefs(struct reason_list *l)
{
	const char *path = tracefs_path();

	return ask_format(l, path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1);
}

/* Those of the packet schedulers: 7.2 has them in an enum of their own, 6.18 does not. */
static int add_qdisc_header(struct reason_list *l, const struct kernel_types *k)
{
	char *core = kernel_types_header(k, "net/dropreason.h");
	char *qdisc = kernel_types_header(k, "net/dropreason-qdisc.h");
	uint32_t number;
	int n = 0;

	if (core && qdisc &&
	    reason_header_value(core, "skb_drop_reason_subsys", "SKB_DROP_REASON_SUBSYS_QDISC",
				&number))
		n = reason_list_add_header(l, qdisc, "qdisc_drop_reason",
					   number << SUBSYSTEM_SHIFT);
	free(core);
	free(qdisc);
	return n;
}

static enum told ask_headers(struct reason_list *l)
{
	/* where 6.12, 6.1 and 5.17 have the enum; the last one is always there */
	static const char *const paths[] = {"net/dropreason-core.h", "net/dropreason.h",
					    "linux/skbuff.h"};
	const struct kernel_types k = {.source = TYPES_HEADERS};
	enum told told = TOLD_NOTHING;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && told != TOLD_NAMES; i++) {
		char *text = kernel_types_header(&k, paths[i]);

		if (text && reason_list_add_header(l, text, CORE_ENUM, 0) > 0)
			told = TOLD_NAMES;
		else if (text)
			told = TOLD_NONE;
		free(text);
	}
	return told;
}

#if defined(SYS_fsopen) && defined(SYS_fsconfig) && defined(SYS_fsmount)
/* A directory of tracefs that is attached nowhere and goes with its descriptor (5.2), or -1. */
static int open_tracefs(void)
{
	/* linux/mount.h, which does not go with sys/mount.h of some versions of glibc */
	enum {
		FSOPEN_IS_CLOEXEC = 1,
		FSCONFIG_IS_CREATE = 6,
		FSMOUNT_IS_CLOEXEC = 1,
		MOUNT_IS_RDONLY = 1,
	};
	int fs = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_IS_CLOEXEC), dir = -1;

	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_IS_CREATE, NULL, NULL, 0) == 0)
		dir = (int)syscall(SYS_fsmount, fs, FSMOUNT_IS_CLOEXEC, MOUNT_IS_RDONLY);
	close(fs);
	return dir;
}
#else
static int open_tracefs(void)
{
	return -1;
}
#endif

/*
 * Where tracefs is mounted for somebody else with a mode or group of theirs, kernels before 6.1 or
 * so set these back (mount_single() in fs/super.c, tracefs_remount()): old ones are asked last.
 */
static enum told ask_own_tracefs(struct reason_list *l)
{
	return ask_format(l, open_tracefs());
}

static enum told ask_own_tracefs_of_new(struct reason_list *l)
{
	return kernel_is_before(6, 12) ? TOLD_NOTHING : ask_own_tracefs(l);
}

static void load(struct drop_reasons *d)
{
	static enum told (*const sources[])(struct reason_list *) = {
		ask_tracefs, /* a hundred times as fast as BTF */
		ask_own_tracefs_of_new,
		ask_btf,
		ask_headers,
		ask_own_tracefs,
	};
	enum told told = TOLD_NOTHING;

	if (d->loaded)
		return;
	d->loaded = true;
	for (size_t i = 0; i < ARRAY_SIZE(sources) && told == TOLD_NOTHING; i++)
		told = sources[i](&d->list);
	d->exist = told == TOLD_NAMES || (told == TOLD_NOTHING && !kernel_is_before(5, 17));
}

/* Enums of subsystems, and the modules that they may be in. */
static const struct {
	const char *name, *module;
} subsystems[] = {
	{"qdisc_drop_reason", NULL},             /* include/net/dropreason-qdisc.h of 7.2 */
	{"ovs_drop_reason", "openvswitch"},      /* net/openvswitch/drop.h of 6.12 */
	{"___mac80211_drop_reason", "mac80211"}, /* net/mac80211/drop.h of 6.12; with ___ */
	{"mac80211_drop_reason", "mac80211"},    /* in front, as it is what the compiler keeps */
};

static void load_subsystems_btf(struct reason_list *l)
{
	struct kernel_btf k;

	if (!kernel_btf_exists() || kernel_btf_open(&k))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(subsystems); i++) {
		struct btf *module = NULL;

		if (subsystems[i].module)
			module = compat_btf_load_module(subsystems[i].module, k.vmlinux);
		drop_reasons_read_btf(l, module ? module : k.vmlinux, subsystems[i].name,
				      1U << SUBSYSTEM_SHIFT);
		btf__free(module);
	}
	kernel_btf_close(&k);
}

/* For a number that is not there yet: its module may have been loaded after the last question. */
static void load_subsystems(struct reason_list *l)
{
	const struct kernel_types k = {.source = TYPES_HEADERS};

	load_subsystems_btf(l);
	add_qdisc_header(l, &k);
}

bool drop_reasons_exist(struct drop_reasons *d)
{
	load(d);
	return d->exist;
}

const char *drop_reasons_name(struct drop_reasons *d, uint32_t reason)
{
	const struct reason *r;
	char text[32];

	load(d);
	if (!d->exist)
		return NULL;
	r = reason_list_find(&d->list, reason);
	if (!r && reason >> SUBSYSTEM_SHIFT) {
		load_subsystems(&d->list);
		r = reason_list_find(&d->list, reason);
	}
	if (!r) {
		snprintf(text, sizeof(text), "reason 0x%x", reason);
		r = reason_list_add_text(&d->list, reason, text);
	}
	return r ? r->name : "unknown reason";
}

bool drop_reasons_is_drop(struct drop_reasons *d, uint32_t reason)
{
	load(d);
	return !d->exist || reason_list_is_drop(&d->list, reason);
}
