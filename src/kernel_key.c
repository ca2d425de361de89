/* The kernel and its types as a key. */
#include "kernel_key.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <bpf/btf.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#define MAX_BYTES (8 << 20)

/* The content of a file by its length and FNV-1a hash. */
static void write_content(FILE *f, const char *path)
{
	size_t len = 0;
	char *text = read_file_at(AT_FDCWD, path, MAX_BYTES, &len);
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; text && i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	if (text)
		fprintf(f, "%s %zu %016" PRIx64 "\n", path, len, hash);
	free(text);
}

/* A file as it lies on the disk: whoever replaces or edits it changes that. */
static void write_stat(FILE *f, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		fprintf(f, "%s %jd %jd %jd %jd.%09ld\n", path, (intmax_t)st.st_dev,
			(intmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_ctim.tv_sec,
			st.st_ctim.tv_nsec);
}

static void write_line(FILE *f, const char *path)
{
	char line[256];

	if (read_line(path, line, sizeof(line)) == 0)
		fprintf(f, "%s %s\n", path, line);
}

/* Who makes text and types into programs: ourselves, libbpf, libbcc (whose two parts come
 * together). */
static void write_makers(FILE *f)
{
	const void *const functions[] = {(const void *)btf__parse, (const void *)bcc_create_map};
	Dl_info info;

	write_stat(f, "/proc/self/exe");
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (dladdr(functions[i], &info) && info.dli_fname)
			write_stat(f, info.dli_fname);
}

/* The running kernel; its notes hold the build id. */
static void write_kernel(FILE *f)
{
	struct utsname un;

	uname(&un);
	fprintf(f, "%s %s %s\n", un.release, un.version, un.machine);
	write_content(f, "/sys/kernel/notes");
	write_line(f, "/proc/sys/kernel/random/boot_id"); /* not every /run ends with the boot */
	write_line(
		f,
		"/sys/devices/system/cpu/possible"); /* a perf event array has as many elements */
}

/* The headers that the text names, where libbcc may find them, and the kernel's configuration. */
static void write_tree(FILE *f, const char *tree, const char *text)
{
	static const char *const always[] = {"generated/autoconf.h", "generated/compile.h",
					     "generated/utsrelease.h", "linux/kconfig.h"};
	char path[PATH_MAX];

	fprintf(f, "headers %s\n", tree);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++) {
		snprintf(path, sizeof(path), "%s/include/%s", tree, always[i]);
		write_stat(f, path);
	}
	while ((text = strstr(text, "include"))) { /* as header_tree reads it */
		text += strlen("include");
		text += strspn(text, " \t");
		if (*text != '<')
			continue;
		text++;
		snprintf(path, sizeof(path), "%s%s%.*s", *text == '/' ? "" : tree,
			 *text == '/' ? "" : "/include/", (int)strcspn(text, ">\n"), text);
		write_stat(f, path);
	}
}

static void write_headers(FILE *f, const char *text)
{
	const char *given = getenv("BCC_KERNEL_SOURCE");
	static const char *const trees[] = {"source", "build"};
	char path[PATH_MAX];
	struct utsname un;

	if (given) {
		write_tree(f, given, text);
		return;
	}
	uname(&un);
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s", un.release, trees[i]);
		write_tree(f, path, text);
	}
}

void kernel_key_write(FILE *f, const struct kernel_types *k, const char *text)
{
	char path[PATH_MAX];

	write_kernel(f);
	write_makers(f);
	fprintf(f, "types from %s\n", kernel_types_name(k->source));
	if (k->source == TYPES_BTF)
		for (size_t i = 0; i < KERNEL_BTF_MODULES; i++) {
			snprintf(path, sizeof(path), "/sys/kernel/btf/%s", kernel_btf_modules[i]);
			write_content(f, path);
		}
	else if (k->source == TYPES_HEADERS)
		write_headers(f, text);
}
