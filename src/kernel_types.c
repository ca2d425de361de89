/* Chooses between BTF, installed headers and kheaders, and prepares what libbcc needs. */
#include "kernel_types.h"
#include "compat.h"
#include "header_tree.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define VMLINUX_BTF "/sys/kernel/btf/vmlinux"
#define KHEADERS    "/sys/kernel/kheaders.tar.xz"
#define KCONFIG     "include/linux/kconfig.h"

const char *kernel_types_name(enum types_source source)
{
	static const char *const names[] = {
		[TYPES_AUTO] = "auto",
		[TYPES_BTF] = "btf",
		[TYPES_HEADERS] = "headers",
		[TYPES_KHEADERS] = "kheaders",
	};

	return names[source];
}

static bool have_btf(void)
{
	return access(VMLINUX_BTF, R_OK) == 0;
}

static bool have_kheaders(void)
{
	return access(KHEADERS, R_OK) == 0;
}

/* Never loaded unasked: only --types=kheaders goes that way. */
static bool have_kheaders_module(void)
{
	static const char *const endings[] = {"", ".xz", ".zst", ".gz"};
	char path[PATH_MAX];
	struct utsname un;

	uname(&un);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/kernel/kernel/kheaders.ko%s",
			 un.release, endings[i]);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/* As libbcc looks for them: BCC_KERNEL_SOURCE, or source or build below /lib/modules/<release>. */
static bool have_headers(void)
{
	const char *given = getenv("BCC_KERNEL_SOURCE");
	char path[PATH_MAX];
	struct utsname un;

	uname(&un);
	if (given)
		snprintf(path, sizeof(path), "%s/" KCONFIG, given);
	else
		snprintf(path, sizeof(path), "/lib/modules/%s/source/" KCONFIG, un.release);
	if (access(path, R_OK) == 0)
		return true;
	if (given)
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/build/" KCONFIG, un.release);
	return access(path, R_OK) == 0;
}

/* The package that has the headers of the running kernel, by the family of the distribution. */
static void name_package(char *to, size_t size)
{
	static const struct {
		const char *id, *package;
		bool with_release;
	} families[] = {
		{"debian", "linux-headers-", true}, {"ubuntu", "linux-headers-", true},
		{"fedora", "kernel-devel-", true},  {"rhel", "kernel-devel-", true},
		{"centos", "kernel-devel-", true},  {"suse", "kernel-default-devel", false},
		{"arch", "linux-headers", false},   {"alpine", "linux-lts-dev", false},
	};
	char *text = read_file_at(-1, "/etc/os-release", 1 << 16, NULL);
	struct utsname un;

	uname(&un);
	snprintf(to, size, "the headers of kernel %s", un.release);
	for (char *line = text ? strtok(text, "\n") : NULL; line; line = strtok(NULL, "\n")) {
		if (strncmp(line, "ID=", 3) != 0 && strncmp(line, "ID_LIKE=", 8) != 0)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(families); i++)
			if (strstr(line, families[i].id)) {
				snprintf(to, size, "the package %s%s", families[i].package,
					 families[i].with_release ? un.release : "");
				free(text);
				return;
			}
	}
	free(text);
}

static int say_none(enum types_source wanted)
{
	char package[256];

	name_package(package, sizeof(package));
	if (wanted == TYPES_BTF)
		say_error("this kernel has no BTF (" VMLINUX_BTF "); install %s and use "
			  "--types=headers",
			  package);
	else if (wanted == TYPES_HEADERS)
		say_error("the headers of this kernel are not installed; install %s", package);
	else if (wanted == TYPES_KHEADERS)
		say_error("this kernel has no " KHEADERS " (CONFIG_IKHEADERS); install %s and use "
			  "--types=headers",
			  package);
	else
		say_error(
			"this kernel has no usable BTF and its headers are not installed; install %s",
			package);
	return -1;
}

static int prepare_btf(struct kernel_types *k, const struct btf *btf, const char *text,
		       const struct workdir *w)
{
	snprintf(k->bcc_kernel_source, sizeof(k->bcc_kernel_source), "%s", w->path);
	return header_tree_write(w, btf, text);
}

/* Runs a program to its end, with nothing to read or say. 0 if it ended with 0. */
static int run(const char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	int status = -1;
	pid_t pid;

	if (posix_spawn_file_actions_init(&quiet))
		return -1;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0);
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, (char *const *)argv, environ) == 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	posix_spawn_file_actions_destroy(&quiet);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/*
 * Unpacks kheaders below w. libbcc would do that itself, but up to 0.24 under a name in /tmp that
 * anybody may have made before (src/cc/frontends/clang/kbuild_helper.cc).
 */
static int prepare_kheaders(struct kernel_types *k, const struct workdir *w)
{
	static const char *const load[] = {"modprobe", "kheaders", NULL};
	static const char *const unload[] = {"modprobe", "-r", "kheaders", NULL};
	const char *unpack[] = {"tar", "-xJf", KHEADERS, "-C", w->path, NULL};
	bool loaded = !have_kheaders() && run(load) == 0;
	int failed = run(unpack);

	if (loaded)
		run(unload);
	if (failed)
		say_error("cannot unpack " KHEADERS " into %s with tar and xz; are they installed, "
			  "and is there room?",
			  w->path);
	snprintf(k->bcc_kernel_source, sizeof(k->bcc_kernel_source), "%s", w->path);
	return failed;
}

/* A newer kernel's BTF may be beyond an older libbpf: then the headers, if they are there. */
static int prepare_auto(struct kernel_types *k, const char *text, const struct workdir *w,
			enum verbosity v)
{
	struct btf *btf = have_btf() ? compat_ptr(btf__parse(VMLINUX_BTF, NULL)) : NULL;
	int ret;

	if (btf) {
		k->source = TYPES_BTF;
		ret = prepare_btf(k, btf, text, w);
		btf__free(btf);
		return ret;
	}
	if (have_btf())
		say_warning(v, "cannot read " VMLINUX_BTF ": %s; is libbpf older than the kernel?",
			    strerror(errno));
	if (have_headers()) {
		k->source = TYPES_HEADERS;
		return 0;
	}
	if (have_kheaders()) {
		k->source = TYPES_KHEADERS;
		return prepare_kheaders(k, w);
	}
	return say_none(TYPES_AUTO);
}

static int prepare_wanted(struct kernel_types *k, const char *text, const struct workdir *w)
{
	struct btf *btf;
	int ret;

	switch (k->source) {
	case TYPES_BTF:
		if (!have_btf())
			return say_none(k->source);
		btf = compat_ptr(btf__parse(VMLINUX_BTF, NULL));
		if (!btf) {
			say_error("cannot read " VMLINUX_BTF ": %s; --types=headers does without",
				  strerror(errno));
			return -1;
		}
		ret = prepare_btf(k, btf, text, w);
		btf__free(btf);
		return ret;
	case TYPES_HEADERS:
		return have_headers() ? 0 : say_none(k->source);
	default:
		return have_kheaders() || have_kheaders_module() ? prepare_kheaders(k, w)
								 : say_none(k->source);
	}
}

int kernel_types_prepare(struct kernel_types *k, enum types_source wanted, const char *text,
			 const struct workdir *w, enum verbosity v)
{
	int ret;

	*k = (struct kernel_types){.source = wanted};
	ret = wanted == TYPES_AUTO ? prepare_auto(k, text, w, v) : prepare_wanted(k, text, w);
	if (ret == 0)
		say_detail(v, "kernel types from %s", kernel_types_name(k->source));
	return ret;
}
