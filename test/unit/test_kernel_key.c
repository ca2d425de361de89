/* kernel_key: it changes with what probes are compiled against, and with nothing else. */
#include "kernel_key.h"
#include "suites.h"
#include "support.h"
#include "util.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define KERNEL_SOURCE "BCC_KERNEL_SOURCE"
#define LONG          ((size_t)2 * PATH_MAX) /* no path is */

static const char text[] = "#include <linux/skbuff.h>\n"
			   "#include \"event.h\"\n"
			   "#include <net/net_namespace.h>\n"
			   "int x; /* of <linux/named.h> */\n"
			   "#include <linux/last.h>";

static char *tmp, *tree, *saved;

static void set_up(void)
{
	static const char *const dirs[] = {"tree", "tree/include", "tree/include/generated",
					   "tree/include/linux", "tree/include/net"};
	static const char *const files[] = {
		"generated/autoconf.h", "generated/compile.h", "generated/utsrelease.h",
		"linux/kconfig.h",      "linux/last.h",        "linux/named.h",
		"linux/skbuff.h",       "linux/tcp.h",         "net/net_namespace.h"};
	const char *old = getenv(KERNEL_SOURCE);
	char *include;

	saved = old ? strdup(old) : NULL;
	tmp = temp_dir_new();
	for (int i = 0; i < N_OF(dirs); i++) {
		char *path = path_in(tmp, dirs[i]);

		ck_assert_int_eq(mkdir(path, 0700), 0);
		free(path);
	}
	include = path_in(tmp, "tree/include");
	for (int i = 0; i < N_OF(files); i++)
		write_file_in(include, files[i], "int x;\n");
	free(include);
	tree = path_in(tmp, "tree");
	setenv(KERNEL_SOURCE, tree, 1);
}

static void tear_down(void)
{
	if (saved)
		setenv(KERNEL_SOURCE, saved, 1);
	else
		unsetenv(KERNEL_SOURCE);
	free(saved);
	free(tree);
	temp_dir_remove(tmp);
}

/* The caller frees it. */
static char *key_of(enum types_source source, const char *of)
{
	struct kernel_types k = {.source = source};
	struct strbuf b;
	char *key;

	ck_assert_int_eq(strbuf_open(&b), 0);
	kernel_key_write(b.f, &k, of);
	key = strbuf_finish(&b);
	ck_assert_ptr_nonnull(key);
	return key;
}

static char *header(const char *name)
{
	char *include = path_in(tree, "include"), *path = path_in(include, name);

	free(include);
	return path;
}

/* The clock of a file's times moves on in steps. */
static void let_time_pass(void)
{
	char *path = path_in(tmp, "clock");
	struct stat before, now;

	write_file_in(tmp, "clock", "");
	ck_assert_int_eq(stat(path, &before), 0);
	do {
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
		write_file_in(tmp, "clock", "");
		ck_assert_int_eq(stat(path, &now), 0);
	} while (now.st_ctim.tv_sec == before.st_ctim.tv_sec &&
		 now.st_ctim.tv_nsec == before.st_ctim.tv_nsec);
	free(path);
}

START_TEST(test_same_again)
{
	static const enum types_source sources[] = {TYPES_BTF, TYPES_HEADERS, TYPES_KHEADERS};

	for (int i = 0; i < N_OF(sources); i++) {
		char *key = key_of(sources[i], text), *again;

		let_time_pass();
		again = key_of(sources[i], text);
		ck_assert_str_eq(key, again);
		free(key);
		free(again);
	}
}
END_TEST

START_TEST(test_sources_differ)
{
	char *btf = key_of(TYPES_BTF, text), *headers = key_of(TYPES_HEADERS, text),
	     *kheaders = key_of(TYPES_KHEADERS, text);

	ck_assert_str_ne(btf, headers);
	ck_assert_str_ne(btf, kheaders);
	ck_assert_str_ne(headers, kheaders);
	free(btf);
	free(headers);
	free(kheaders);
}
END_TEST

static void expect_part(const char *key, const char *part)
{
	ck_assert_msg(strstr(key, part), "no '%s' in\n%s", part, key);
}

START_TEST(test_kernel)
{
	char *key = key_of(TYPES_HEADERS, text), part[2 * sizeof(struct utsname)];
	struct utsname un;

	uname(&un);
	snprintf(part, sizeof(part), "%s %s %s\n", un.release, un.version, un.machine);
	expect_part(key, part);
	expect_part(key, "/libbcc_bpf.so"); /* which stands for the compiler */
	free(key);
}
END_TEST

/* Asserts that the key has the content of a file by length and hash, if it can be read. */
static void expect_content(const char *key, const char *path)
{
	size_t len = 0;
	char *content = read_file_at(AT_FDCWD, path, 64 << 20, &len), *line = malloc(len + 200);
	uint64_t hash = 14695981039346656037U; /* FNV-1a, 64 bits */

	ck_assert_ptr_nonnull(line);
	for (size_t i = 0; content && i < len; i++) {
		hash ^= (unsigned char)content[i];
		hash *= 1099511628211U;
	}
	sprintf(line, "%s %zu %016" PRIx64 "\n", path, len, hash);
	if (content)
		expect_part(key, line);
	else
		ck_assert_ptr_null(strstr(key, path));
	free(line);
	free(content);
}

START_TEST(test_content)
{
	char *btf = key_of(TYPES_BTF, text), *headers = key_of(TYPES_HEADERS, text), path[128];

	expect_content(btf, "/sys/kernel/notes"); /* has the build id */
	expect_content(headers, "/sys/kernel/notes");
	for (int i = 0; i < KERNEL_BTF_MODULES; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/btf/%s", kernel_btf_modules[i]);
		expect_content(btf, path);
		ck_assert_ptr_null(strstr(headers, path));
	}
	free(btf);
	free(headers);
}
END_TEST

static void touch(const char *path)
{
	ck_assert_int_eq(utimensat(AT_FDCWD, path, NULL, 0), 0);
}

/* Other content of the same length, and the time of before. */
static void edit(const char *path)
{
	struct stat st;
	struct timespec times[2];
	FILE *f = fopen(path, "r+");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fstat(fileno(f), &st), 0);
	ck_assert_int_ge(fputs("int y;\n", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* As a package manager does it: another file of that name, with a time of long ago. */
static void replace(const char *path)
{
	struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	char *other = path_in(tmp, "other");

	write_file_in(tmp, "other", "int y;\n");
	ck_assert_int_eq(utimensat(AT_FDCWD, other, times, 0), 0);
	ck_assert_int_eq(rename(other, path), 0);
	free(other);
}

static void grow(const char *path)
{
	FILE *f = fopen(path, "a");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs("int y;\n", f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void take_away(const char *path)
{
	ck_assert_int_eq(unlink(path), 0);
}

static void (*const changes[])(const char *) = {touch, edit, replace, grow, take_away};

static const struct {
	const char *name, *text;
	bool counts;
} headers[] = {
	{"linux/skbuff.h", text, true},
	{"net/net_namespace.h", text, true},
	{"linux/last.h", text, true},
	{"linux/named.h", text, false}, /* not by an #include */
	{"linux/tcp.h", text, false},
	{"linux/tcp.h", "#include <linux/skbuff.h", false},
	{"linux/tcp.h", "#include <", false},
	{"linux/tcp.h", "#include <linux/skbuff.h\n#include <linux/tcp.h>\n", true},
	/* as header_tree and clang read it */
	{"linux/tcp.h", "# \tinclude\t<linux/tcp.h>\n", true},
	{"linux/tcp.h", "#include<linux/tcp.h>\n", true},
	/* what libbcc gives to clang whatever the text is */
	{"generated/autoconf.h", "", true},
	{"generated/compile.h", "", true},
	{"generated/utsrelease.h", "", true},
	{"linux/kconfig.h", "", true},
	{"linux/skbuff.h", "", false},
};

START_TEST(test_headers)
{
	char *path = header(headers[_i].name);

	for (int i = 0; i < N_OF(changes); i++) {
		char *before = key_of(TYPES_HEADERS, headers[_i].text), *after;

		let_time_pass();
		changes[i](path);
		after = key_of(TYPES_HEADERS, headers[_i].text);
		ck_assert_msg((strcmp(before, after) != 0) == headers[_i].counts, "%s, change %d",
			      headers[_i].name, i);
		free(before);
		free(after);
	}
	free(path);
}
END_TEST

/* With other types the headers do not matter. */
START_TEST(test_headers_for_others)
{
	static const enum types_source sources[] = {TYPES_BTF, TYPES_KHEADERS};
	char *path = header("linux/skbuff.h");

	for (int i = 0; i < N_OF(sources); i++) {
		char *before = key_of(sources[i], text), *after;

		let_time_pass();
		grow(path);
		after = key_of(sources[i], text);
		ck_assert_str_eq(before, after);
		free(before);
		free(after);
	}
	free(path);
}
END_TEST

START_TEST(test_header_appears)
{
	static const char include[] = "#include <linux/new.h>\n";
	char *path = header("linux"), *before = key_of(TYPES_HEADERS, include), *after;

	write_file_in(path, "new.h", "");
	after = key_of(TYPES_HEADERS, include);
	ck_assert_str_ne(before, after);
	free(before);
	free(after);
	free(path);
}
END_TEST

/* The same files by another way: libbcc may find others beside them. */
START_TEST(test_another_tree)
{
	char *link = path_in(tmp, "link"), *before = key_of(TYPES_HEADERS, text), *after;

	ck_assert_int_eq(symlink("tree", link), 0);
	setenv(KERNEL_SOURCE, link, 1);
	after = key_of(TYPES_HEADERS, text);
	ck_assert_str_ne(before, after);
	free(after);
	setenv(KERNEL_SOURCE, "/no/such/tree", 1);
	after = key_of(TYPES_HEADERS, text);
	ck_assert_str_ne(before, after);
	free(before);
	free(after);
	free(link);
}
END_TEST

/* Without the variable: where distributions have them. */
START_TEST(test_installed)
{
	char *given = key_of(TYPES_HEADERS, text), *installed, part[sizeof(struct utsname)];
	struct utsname un;

	unsetenv(KERNEL_SOURCE);
	installed = key_of(TYPES_HEADERS, text);
	uname(&un);
	snprintf(part, sizeof(part), "/lib/modules/%s/source", un.release);
	expect_part(installed, part);
	ck_assert_ptr_null(strstr(given, part));
	snprintf(part, sizeof(part), "/lib/modules/%s/build", un.release);
	expect_part(installed, part);
	ck_assert_ptr_null(strstr(given, part));
	ck_assert_ptr_null(strstr(installed, tree));
	free(given);
	free(installed);
}
END_TEST

/* A name that fits nowhere finds nothing, and does no harm. */
START_TEST(test_long_names)
{
	char *long_text = malloc(LONG + 100), *long_tree = malloc(LONG + 100), *key;

	ck_assert_ptr_nonnull(long_text);
	ck_assert_ptr_nonnull(long_tree);
	strcpy(long_text, "#include <");
	memset(long_text + strlen("#include <"), 'x', LONG);
	strcpy(long_text + strlen("#include <") + LONG, ">\n");
	key = key_of(TYPES_HEADERS, long_text);
	ck_assert_ptr_null(strstr(key, "xxx"));
	free(key);
	memset(long_tree, '/', LONG);
	long_tree[LONG] = '\0';
	setenv(KERNEL_SOURCE, long_tree, 1);
	key = key_of(TYPES_HEADERS, text);
	ck_assert_ptr_null(strstr(key, "skbuff.h"));
	free(key);
	free(long_text);
	free(long_tree);
}
END_TEST

Suite *kernel_key_suite(void)
{
	Suite *s = suite_create("kernel_key");
	TCase *c = tcase_create("kernel_key");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_same_again);
	tcase_add_test(c, test_sources_differ);
	tcase_add_test(c, test_kernel);
	tcase_add_test(c, test_content);
	tcase_add_loop_test(c, test_headers, 0, N_OF(headers));
	tcase_add_test(c, test_headers_for_others);
	tcase_add_test(c, test_header_appears);
	tcase_add_test(c, test_another_tree);
	tcase_add_test(c, test_installed);
	tcase_add_test(c, test_long_names);
	suite_add_tcase(s, c);
	return s;
}
