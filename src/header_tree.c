/*
 * The header tree. libbcc force-includes include/linux/kconfig.h, its own bpf.h and its helpers.h;
 * those ask for the files of fixed[] (seen in libbcc 0.18 to 0.37: src/cc/export/helpers.h and
 * src/cc/frontends/clang/{loader,kbuild_helper}.cc). All kernel types stand in one file, and every
 * file that the probe text includes leads to it.
 */
#include "header_tree.h"
#include "btf_types.h"
#include "compat.h"
#include "say.h"
#include "util.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define TYPES_FILE "tracepkt/kernel_types.h"

static const struct {
	const char *path, *text;
} fixed[] = {
	{"include/linux/kconfig.h", "#define CONFIG_BPF_SYSCALL 1\n"
				    "#define CONFIG_NET_NS 1\n"},
	/* what must be there before bpf.h; the same typedefs come again from BTF, which C11 allows
	 */
	{"include/linux/types.h",
	 "#ifndef TRACEPKT_LINUX_TYPES_H\n"
	 "#define TRACEPKT_LINUX_TYPES_H\n"
	 "typedef signed char __s8;\n"
	 "typedef unsigned char __u8;\n"
	 "typedef short int __s16;\n"
	 "typedef short unsigned int __u16;\n"
	 "typedef int __s32;\n"
	 "typedef unsigned int __u32;\n"
	 "typedef long long int __s64;\n"
	 "typedef long long unsigned int __u64;\n"
	 "typedef __s8 s8;\n"
	 "typedef __u8 u8;\n"
	 "typedef __s16 s16;\n"
	 "typedef __u16 u16;\n"
	 "typedef __s32 s32;\n"
	 "typedef __u32 u32;\n"
	 "typedef __s64 s64;\n"
	 "typedef __u64 u64;\n"
	 "typedef __u16 __le16;\n"
	 "typedef __u16 __be16;\n"
	 "typedef __u32 __le32;\n"
	 "typedef __u32 __be32;\n"
	 "typedef __u64 __le64;\n"
	 "typedef __u64 __be64;\n"
	 "#define __aligned_u64 __u64 __attribute__((aligned(8)))\n"
	 "typedef __u16 __sum16;\n"
	 "typedef __u32 __wsum;\n"
	 "typedef _Bool bool;\n"
	 "typedef unsigned long uintptr_t;\n"
	 "typedef unsigned long size_t;\n"
	 "enum { false, true };\n"
	 "#define NULL ((void *)0)\n"
	 "#define offsetof(type, member) __builtin_offsetof(type, member)\n"
	 "#ifndef __always_inline\n"
	 "#define __always_inline inline __attribute__((always_inline))\n"
	 "#endif\n"
	 "#endif\n"},
	{"include/linux/bpf_common.h", ""},
	{"include/linux/log2.h", ""},
	{"include/asm/page.h", ""},
	{"include/uapi/linux/bpf.h", ""},
	{"include/uapi/linux/if_packet.h", ""},
};

static bool is_fixed(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (strcmp(fixed[i].path, path) == 0)
			return true;
	return strcmp(path, "include/linux/version.h") == 0 ||
	       strcmp(path, "include/" TYPES_FILE) == 0;
}

static int write_version(const struct workdir *w)
{
	unsigned long part[3] = {0};
	struct utsname un;
	char text[256], *at = un.release;

	uname(&un);
	for (size_t i = 0; i < ARRAY_SIZE(part); i++) { /* "6.1.0-13-amd64" */
		part[i] = strtoul(at, &at, 10);
		if (*at++ != '.')
			break;
	}
	/* as the kernel's top Makefile has it since 4.4.256: the last part stops at 255 */
	snprintf(text, sizeof(text),
		 "#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + "
		 "((c) > 255 ? 255 : (c)))\n"
		 "#define LINUX_VERSION_CODE KERNEL_VERSION(%lu, %lu, %lu)\n",
		 part[0], part[1], part[2]);
	return workdir_write(w, "include/linux/version.h", text);
}

/* Only plain relative names: the text may be the user's, the tree must stay in its directory. */
static bool is_plain_path(const char *path)
{
	size_t len = strlen(path);

	return len > 2 && strcmp(path + len - 2, ".h") == 0 && *path != '/' &&
	       !strstr(path, "..") && !strstr(path, "//") &&
	       strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
		       strlen(path);
}

/* For each #include <path> of the text a file that leads to the types. */
static int write_forwarders(const struct workdir *w, const char *text)
{
	const char *at = text;

	while ((at = strstr(at, "include"))) {
		char path[256] = "include/";
		size_t len, base = strlen(path);

		at += strlen("include");
		at += strspn(at, " \t");
		if (*at != '<')
			continue;
		len = strcspn(++at, ">\n");
		if (at[len] != '>' || base + len >= sizeof(path))
			continue;
		memcpy(path + base, at, len);
		path[base + len] = '\0';
		if (!is_plain_path(path + base) || is_fixed(path))
			continue;
		if (workdir_write(w, path, "#include <" TYPES_FILE ">\n"))
			return -1;
	}
	return 0;
}

/* All that the text names, from vmlinux and then from each module, as one text; the caller frees
 * it. */
static char *print_types(const struct kernel_btf *btf, const char *text)
{
	__u32 n_base = compat_btf_type_count(btf->vmlinux);
	char *all = NULL;

	for (size_t i = 0; i <= btf->n_modules; i++) {
		struct strbuf b;
		int ret;

		if (strbuf_open(&b)) {
			free(all);
			return NULL;
		}
		if (i == 0) {
			fputs("#ifndef TRACEPKT_KERNEL_TYPES\n#define TRACEPKT_KERNEL_TYPES\n"
			      "#include <linux/types.h>\n",
			      b.f);
			ret = btf_types_print(btf->vmlinux, text, b.f);
		} else {
			fputs(all, b.f);
			ret = btf_types_print_module(btf->modules[i - 1], n_base, text, all, b.f);
		}
		free(all);
		all = strbuf_finish(&b);
		if (!all || ret) {
			free(all);
			return NULL;
		}
	}
	return all;
}

static int write_types(const struct workdir *w, const struct kernel_btf *btf, const char *text)
{
	char *types = print_types(btf, text);
	struct strbuf b;
	int ret;

	if (!types || strbuf_open(&b)) {
		free(types);
		return -1;
	}
	fprintf(b.f, "%s#endif\n", types);
	free(types);
	types = strbuf_finish(&b);
	if (!types)
		return -1;
	ret = workdir_write(w, "include/" TYPES_FILE, types);
	free(types);
	return ret;
}

int header_tree_write(const struct workdir *w, const struct kernel_btf *btf, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (workdir_write(w, fixed[i].path, fixed[i].text))
			return -1;
	if (write_version(w) || write_types(w, btf, text) || write_forwarders(w, text))
		return -1;
	return 0;
}
