/* header_tree: what libbcc looks for is there, and nothing is written outside. */
#include "header_tree.h"
#include "btf_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static char *tmp, *saved;
static struct kernel_btf btf;
static struct workdir w;

static void set_up(void)
{
	const char *old = getenv("TMPDIR");

	saved = old ? strdup(old) : NULL;
	tmp = temp_dir_new();
	setenv("TMPDIR", tmp, 1);
	btf = (struct kernel_btf){.vmlinux = small_btf_new()};
	ck_assert_int_eq(workdir_open(&w), 0);
}

static void tear_down(void)
{
	workdir_close(&w);
	kernel_btf_close(&btf);
	if (saved)
		setenv("TMPDIR", saved, 1);
	else
		unsetenv("TMPDIR");
	free(saved);
	temp_dir_remove(tmp);
}

static void write_tree(const char *text)
{
	struct capture err;

	capture_start(&err, stderr);
	ck_assert_int_eq(header_tree_write(&w, &btf, text), 0);
	expect_silence(capture_stop(&err));
}

static void expect_part(const char *name, const char *part)
{
	char *text = read_file_in(w.path, name);

	ck_assert_msg(text, "%s is not there", name);
	ck_assert_msg(strstr(text, part), "no '%s' in %s:\n%s", part, name, text);
	free(text);
}

/* The files that libbcc and its helpers.h ask for. */
static const char *const needed[] = {
	"include/linux/kconfig.h",
	"include/linux/types.h",
	"include/linux/bpf_common.h",
	"include/linux/version.h",
	"include/linux/log2.h",
	"include/asm/page.h",
	"include/uapi/linux/bpf.h",
	"include/uapi/linux/if_packet.h",
	"include/tracepkt/kernel_types.h",
};

START_TEST(test_needed_files)
{
	write_tree("");
	for (int i = 0; i < N_OF(needed); i++)
		ck_assert_msg(exists_in(w.path, needed[i]), "%s is not there", needed[i]);
	expect_part("include/linux/kconfig.h", "#define CONFIG_BPF_SYSCALL 1\n");
}
END_TEST

START_TEST(test_version)
{
	unsigned int a = 0, b = 0, c = 0;
	struct utsname un;
	char line[96];

	uname(&un);
	ck_assert_int_ge(sscanf(un.release, "%u.%u.%u", &a, &b, &c), 2);
	snprintf(line, sizeof(line), "#define LINUX_VERSION_CODE KERNEL_VERSION(%u, %u, %u)\n", a,
		 b, c);
	write_tree("");
	expect_part("include/linux/version.h", line);
}
END_TEST

START_TEST(test_types)
{
	write_tree("#include <linux/skbuff.h>\nstruct packet *p;\n");
	expect_part("include/tracepkt/kernel_types.h", "struct packet {");
	expect_part("include/tracepkt/kernel_types.h", "#include <linux/types.h>");
}
END_TEST

static const char forwarder[] = "#include <tracepkt/kernel_types.h>";

START_TEST(test_forwarders)
{
	write_tree("#include <linux/skbuff.h>\n"
		   " # \tinclude\t<net/net_namespace.h>\n"
		   "#include <uapi/linux/ip.h> /* why */\n"
		   "#include <top.h>\n"
		   "#include <linux/types.h>\n"
		   "#include \"beside.h\"\n"
		   "#include <cut/off.h\n"
		   "#include <also/cut.h");
	expect_part("include/linux/skbuff.h", forwarder);
	expect_part("include/net/net_namespace.h", forwarder);
	expect_part("include/uapi/linux/ip.h", forwarder);
	expect_part("include/top.h", forwarder);
	expect_part("include/linux/types.h", "typedef unsigned char __u8;");
	expect_part("include/linux/version.h", "KERNEL_VERSION");
	ck_assert(!exists_in(w.path, "include/beside.h"));
	ck_assert(!exists_in(w.path, "include/cut"));
	ck_assert(!exists_in(w.path, "include/also"));
}
END_TEST

/* A text that includes the types' own file must not replace it by one that includes itself. */
START_TEST(test_include_of_the_types_file)
{
	write_tree("#include <tracepkt/kernel_types.h>\nstruct packet *p;\n");
	expect_part("include/tracepkt/kernel_types.h", "struct packet {");
}
END_TEST

static const struct {
	const char *include, *written; /* NULL: nothing below w */
} paths[] = {
	{"<../../x.h>", NULL},
	{"<../x.h>", NULL},
	{"<a/../../../x.h>", NULL},
	{"</etc/x.h>", NULL},
	{"<a//x.h>", NULL},
	{"<>", NULL},
	{"<.h>", NULL},
	{"<x>", NULL},
	{"<a b.h>", NULL},
	{"<x\033y.h>", NULL},
	{"<x\\y.h>", NULL},
	{"<x\"y.h>", NULL},
	{"<a-b_c.1/x.h>", "include/a-b_c.1/x.h"},
};

/* Nothing but what is expected is written, neither in the tree nor beside it. */
START_TEST(test_paths)
{
	char text[64], *command = malloc(strlen(tmp) + 128), count[32];
	FILE *list;

	snprintf(text, sizeof(text), "#include %s\n", paths[_i].include);
	write_tree(text);
	if (paths[_i].written)
		expect_part(paths[_i].written, forwarder);
	ck_assert_ptr_nonnull(command);
	sprintf(command, "find '%s' -type f ! -name .made-by-tracepkt | wc -l", tmp);
	list = popen(command, "r");
	free(command);
	ck_assert_ptr_nonnull(list);
	ck_assert_ptr_nonnull(fgets(count, sizeof(count), list));
	pclose(list);
	ck_assert_int_eq(atoi(count), N_OF(needed) + (paths[_i].written ? 1 : 0));
}
END_TEST

/* The longest name that fits is written; one byte more is left to clang. */
START_TEST(test_long_path)
{
	char text[400] = "#include <", name[300] = "include/d/", *at = text + strlen(text);

	memset(name + strlen(name), 'x', 253 - strlen(name));
	strcat(name, ".h");
	sprintf(at, "%s>\n", name + strlen("include/"));
	write_tree(text);
	ck_assert(exists_in(w.path, name));
	strcpy(name + 253, "x.h");
	sprintf(at, "%s>\n", name + strlen("include/"));
	write_tree(text);
	ck_assert(!exists_in(w.path, name));
}
END_TEST

/* A probe that includes what is only a directory gets clang's message, not an end of the run. */
START_TEST(test_include_of_a_directory)
{
	write_tree("#include <linux>\n#include <asm/>\n#include <.>\n#include <linux/types.h/x>\n");
	ck_assert(exists_in(w.path, "include/linux/types.h"));
}
END_TEST

/* The compiler finds the types through the forwarder, more than once included. */
START_TEST(test_compiles)
{
	static const char text[] = "#include <linux/skbuff.h>\n"
				   "#include <net/x.h>\n"
				   "__u64 f(struct packet *p)\n"
				   "{\n"
				   "\tu8 small = true;\n"
				   "\tuintptr_t n = sizeof(struct packet);\n"
				   "\treturn p->head.a + small + n + offsetof(struct packet, u)\n"
				   "\t       + (p->dev == NULL) + LINUX_VERSION_CODE;\n"
				   "}\n";

	write_tree(text);
	expect_compiles_in(w.path, "-include linux/kconfig.h -include linux/version.h", text);
}
END_TEST

Suite *header_tree_suite(void)
{
	Suite *s = suite_create("header_tree");
	TCase *c = tcase_create("header_tree");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_needed_files);
	tcase_add_test(c, test_version);
	tcase_add_test(c, test_types);
	tcase_add_test(c, test_forwarders);
	tcase_add_test(c, test_include_of_the_types_file);
	tcase_add_loop_test(c, test_paths, 0, N_OF(paths));
	tcase_add_test(c, test_long_path);
	tcase_add_test(c, test_include_of_a_directory);
	tcase_add_test(c, test_compiles);
	suite_add_tcase(s, c);
	return s;
}
