/* Chooses between BTF, installed headers and kheaders, and prepares what libbcc needs. */
#include "kernel_types.h"
#include "header_tree.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_HEADER_BYTES (1 << 20)
#define KHEADERS         "/sys/kernel/kheaders.tar.xz"
#define KCONFIG          "include/linux/kconfig.h"

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
bool kernel_types_have_headers(void)
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

void kernel_types_package(char *to, size_t size)
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

	kernel_types_package(package, sizeof(package));
	if (wanted == TYPES_BTF)
		say_error("this kernel has no BTF (/sys/kernel/btf/vmlinux); install %s and use "
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

/*
 * Runs a program to its end, with nothing to read or say; it does not outlive us. 0 if it ended
 * with 0.
 */
static int run(const char *const *argv)
{
	pid_t parent = getpid(), pid = fork();
	int status = -1;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
			dup2(null, fd);
		if (null >= 0 && getppid() == parent)
			execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/*
 * Unpacks kheaders below w. libbcc would do that itself, but up to 0.24 under a name in /tmp that
 * anybody may have made before (src/cc/frontends/clang/kbuild_helper.cc).
 */
static int unpack_kheaders(const struct workdir *w)
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
	return failed;
}

int kernel_types_unpack(enum types_source wanted, const struct workdir *w)
{
	if (wanted != TYPES_KHEADERS)
		return 0;
	return have_kheaders() || have_kheaders_module() ? unpack_kheaders(w) : say_none(wanted);
}

/* A newer kernel's BTF may be beyond an older libbpf: then the headers, if they are there. */
static int choose_auto(struct kernel_types *k, enum verbosity v)
{
	if (kernel_btf_exists()) {
		if (kernel_btf_open(&k->btf) == 0) {
			k->source = TYPES_BTF;
			return 0;
		}
		say_warning(v, "cannot read the kernel's BTF: %s; is libbpf older than the kernel?",
			    strerror(errno));
	}
	if (kernel_types_have_headers())
		k->source = TYPES_HEADERS;
	else if (have_kheaders())
		k->source = TYPES_KHEADERS;
	else
		return say_none(TYPES_AUTO);
	return 0;
}

static int choose_wanted(struct kernel_types *k)
{
	switch (k->source) {
	case TYPES_BTF:
		if (!kernel_btf_exists())
			return say_none(k->source);
		if (kernel_btf_open(&k->btf)) {
			say_error("cannot read the kernel's BTF: %s; --types=headers does without",
				  strerror(errno));
			return -1;
		}
		return 0;
	case TYPES_HEADERS:
		return kernel_types_have_headers() ? 0 : say_none(k->source);
	default:
		return 0; /* unpacked already */
	}
}

int kernel_types_choose(struct kernel_types *k, enum types_source wanted, const struct workdir *w,
			enum verbosity v)
{
	*k = (struct kernel_types){.source = wanted};
	if (wanted == TYPES_AUTO ? choose_auto(k, v) : choose_wanted(k))
		return -1;
	say_detail(v, "kernel types from %s", kernel_types_name(k->source));
	if (k->source == TYPES_KHEADERS)
		snprintf(k->bcc_kernel_source, sizeof(k->bcc_kernel_source), "%s", w->path);
	return k->source == TYPES_KHEADERS && wanted == TYPES_AUTO ? unpack_kheaders(w) : 0;
}

int kernel_types_prepare(struct kernel_types *k, const char *text, const struct workdir *w)
{
	if (k->source != TYPES_BTF)
		return 0;
	snprintf(k->bcc_kernel_source, sizeof(k->bcc_kernel_source), "%s", w->path);
	return header_tree_write(w, &k->btf, text);
}

char *kernel_types_header(const struct kernel_types *k, const char *path)
{
	static const char *const trees[] = {"source", "build"};
	const char *given =
		*k->bcc_kernel_source ? k->bcc_kernel_source : getenv("BCC_KERNEL_SOURCE");
	char full[PATH_MAX], *text = NULL;
	struct utsname un;

	uname(&un);
	for (size_t i = 0; !text && i < ARRAY_SIZE(trees); i++) {
		int n = given ? snprintf(full, sizeof(full), "%s/include/%s", given, path)
			      : snprintf(full, sizeof(full), "/lib/modules/%s/%s/include/%s",
					 un.release, trees[i], path);

		if (n > 0 && (size_t)n < sizeof(full))
			text = read_file_at(AT_FDCWD, full, MAX_HEADER_BYTES, NULL);
	}
	return text;
}
