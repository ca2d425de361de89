/* options: every option's good values, and the defaults. What is wrong is in test_options_wrong.c.
 */
#include "options.h"
#include "options_support.h"
#include "suites.h"
#include "support.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define S 1000000000ULL

START_TEST(test_defaults)
{
	struct options o;

	expect_run("192.0.2.1", &o);
	ck_assert_str_eq(o.target, "192.0.2.1");
	ck_assert_int_eq(o.family, AF_UNSPEC);
	ck_assert_uint_eq(o.count, 1);
	ck_assert_uint_eq(o.interval_ns, S);
	ck_assert_uint_eq(o.timeout_ns, S);
	ck_assert_uint_eq(o.size, 56);
	ck_assert_int_eq(o.ttl, -1);
	ck_assert_int_eq(o.tos, -1);
	ck_assert_uint_eq(o.mark, 0);
	ck_assert_ptr_null(o.interface);
	ck_assert_ptr_null(o.netns);
	ck_assert(!o.numeric);
	ck_assert_int_eq(o.output, OUTPUT_TABLE);
	ck_assert_ptr_null(o.probe_dir);
	ck_assert_ptr_null(o.dump_probes);
	ck_assert_int_eq(o.types, TYPES_AUTO);
	ck_assert_int_eq(o.attach, ATTACH_AUTO);
	ck_assert_int_eq(o.verbosity, NORMAL);
}
END_TEST

#define NUMBER(name, field)                                 \
	static uint64_t get_##name(const struct options *o) \
	{                                                   \
		return (uint64_t)o->field;                  \
	}

NUMBER(family, family)
NUMBER(count, count)
NUMBER(interval, interval_ns)
NUMBER(timeout, timeout_ns)
NUMBER(size, size)
NUMBER(ttl, ttl)
NUMBER(tos, tos)
NUMBER(mark, mark)
NUMBER(numeric, numeric)
NUMBER(output, output)
NUMBER(types, types)
NUMBER(attach, attach)
NUMBER(verbosity, verbosity)

static const struct {
	const char *line;
	uint64_t (*get)(const struct options *o);
	uint64_t value;
} numbers[] = {
	{"-4 x", get_family, AF_INET},
	{"-6 x", get_family, AF_INET6},
	{"-4 -4 x", get_family, AF_INET},
	{"-c 0 x", get_count, 0},
	{"-c5 x", get_count, 5},
	{"--count=9223372036854775807 x", get_count, INT64_MAX},
	{"--count 7 x", get_count, 7},
	{"-c 3 -c 4 x", get_count, 4},
	{"-c 0x10 x", get_count, 16},
	{"-c 010 x", get_count, 10},
	{"-i 0 x", get_interval, 0},
	{"-i 0.2 x", get_interval, S / 5},
	{"-i .5 x", get_interval, S / 2},
	{"--interval=86400 x", get_interval, 86400 * S},
	{"--interval 0.001 x", get_interval, S / 1000},
	{"-i 0.0000000001 x", get_interval, 1}, /* not 0, which means something else */
	{"-W 0.001 x", get_timeout, S / 1000},
	{"-W10 x", get_timeout, 10 * S},
	{"--timeout=2.5 x", get_timeout, 5 * S / 2},
	{"-s 0 x", get_size, 0},
	{"-s 65527 x", get_size, 65527},
	{"--size=8 x", get_size, 8},
	{"-t 1 x", get_ttl, 1},
	{"--ttl=255 x", get_ttl, 255},
	{"-Q 0 x", get_tos, 0},
	{"-Q 0xb8 x", get_tos, 0xb8},
	{"--tos=255 x", get_tos, 255},
	{"-m 0 x", get_mark, 0},
	{"-m 0xffffffff x", get_mark, UINT32_MAX},
	{"--mark=4294967295 x", get_mark, UINT32_MAX},
	{"-n x", get_numeric, true},
	{"--numeric x", get_numeric, true},
	{"-o table x", get_output, OUTPUT_TABLE},
	{"-ojson x", get_output, OUTPUT_JSON},
	{"--output=json x", get_output, OUTPUT_JSON},
	{"--types=auto x", get_types, TYPES_AUTO},
	{"--types=btf x", get_types, TYPES_BTF},
	{"--types headers x", get_types, TYPES_HEADERS},
	{"--types=kheaders x", get_types, TYPES_KHEADERS},
	{"--attach=auto x", get_attach, ATTACH_AUTO},
	{"--attach=raw x", get_attach, ATTACH_RAW},
	{"--attach tracepoint x", get_attach, ATTACH_TRACEPOINT},
	{"-q x", get_verbosity, (uint64_t)QUIET},
	{"--quiet x", get_verbosity, (uint64_t)QUIET},
	{"-v x", get_verbosity, VERBOSE},
	{"--verbose x", get_verbosity, VERBOSE},
	{"-qv x", get_verbosity, VERBOSE},
	/* options behind the target, and several in one word */
	{"x -c 8", get_count, 8},
	{"-nc 6 x", get_count, 6},
	{"-nvc6 x", get_count, 6},
	/* long names may be cut short where that is clear */
	{"--cou=3 x", get_count, 3},
};

START_TEST(test_numbers)
{
	struct options o;

	expect_run(numbers[_i].line, &o);
	ck_assert_msg(numbers[_i].get(&o) == numbers[_i].value, "%s gave %llu", numbers[_i].line,
		      (unsigned long long)numbers[_i].get(&o));
	ck_assert_str_eq(o.target, "x");
}
END_TEST

START_TEST(test_strings)
{
	struct options o;

	expect_run("-I eth0 -N box --probe-dir=p fe80::1%eth0", &o);
	ck_assert_str_eq(o.interface, "eth0");
	ck_assert_str_eq(o.netns, "box");
	ck_assert_str_eq(o.probe_dir, "p");
	ck_assert_str_eq(o.target, "fe80::1%eth0");
	expect_run("--interface=192.0.2.7 --netns 123 --probe-dir q x", &o);
	ck_assert_str_eq(o.interface, "192.0.2.7");
	ck_assert_str_eq(o.netns, "123");
	ck_assert_str_eq(o.probe_dir, "q");
}
END_TEST

START_TEST(test_target_that_looks_like_an_option)
{
	struct options o;

	expect_run("-n -- -c", &o);
	ck_assert_str_eq(o.target, "-c");
	ck_assert_uint_eq(o.count, 1);
	ck_assert(o.numeric);
}
END_TEST

/* Whatever one call leaves in getopt's variables, the next is not disturbed. */
START_TEST(test_twice)
{
	struct options o;

	expect_run("-nvc6 x", &o);
	expect_wrong("-xyz", "-x");
	expect_run("-c 2 y", &o);
	ck_assert_uint_eq(o.count, 2);
	ck_assert(!o.numeric);
	ck_assert_str_eq(o.target, "y");
}
END_TEST

START_TEST(test_dump_probes_without_target)
{
	struct options o;

	expect_run("--dump-probes=d", &o);
	ck_assert_str_eq(o.dump_probes, "d");
	ck_assert_ptr_null(o.target);
	expect_run("--dump-probes d -v", &o);
	ck_assert_str_eq(o.dump_probes, "d");
}
END_TEST

static const char *const all_options[] = {
	"-4",
	"-6",
	"-c, --count=N",
	"-i, --interval=SECONDS",
	"-W, --timeout=SECONDS",
	"-s, --size=BYTES",
	"-t, --ttl=N",
	"-Q, --tos=N",
	"-m, --mark=N",
	"-I, --interface=NAME-OR-ADDRESS",
	"-N, --netns=NAME|PID|PATH",
	"-n, --numeric",
	"-o, --output=FORMAT",
	"--probe-dir=DIR",
	"--dump-probes=DIR",
	"--types=",
	"--attach=",
	"-q, --quiet",
	"-v, --verbose",
	"-V, --version",
	"-h, --help",
};

static void expect_help(const char *line)
{
	struct options o;
	struct capture out, err;
	enum options_result result;
	char *text;

	capture_start(&out, stdout);
	capture_start(&err, stderr);
	result = parse_line(line, &o);
	expect_silence(capture_stop(&err));
	text = capture_stop(&out);
	ck_assert_int_eq(result, OPTIONS_DONE);
	ck_assert(strncmp(text, "Usage: tracepkt [OPTION]... TARGET\n", 35) == 0);
	for (int i = 0; i < N_OF(all_options); i++)
		ck_assert_msg(strstr(text, all_options[i]), "no %s in %s", all_options[i], text);
	for (const char *s = text; *s; s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n'))
		ck_assert_uint_le(strcspn(s, "\n"), 100); /* columns */
	ck_assert_ptr_nonnull(strstr(text, "Exit status: 0 "));
	free(text);
}

START_TEST(test_help)
{
	expect_help("--help");
	expect_help("-h");
	expect_help("-h too many targets");
}
END_TEST

START_TEST(test_version)
{
	static const char *const lines[] = {"--version", "-V"};
	struct options o;

	for (int i = 0; i < N_OF(lines); i++) {
		struct capture out;
		enum options_result result;
		char *text;

		capture_start(&out, stdout);
		result = parse_line(lines[i], &o);
		text = capture_stop(&out);
		ck_assert_int_eq(result, OPTIONS_DONE);
		ck_assert_str_eq(text, "tracepkt " TRACEPKT_VERSION "\n");
		free(text);
	}
}
END_TEST

Suite *options_suite(void)
{
	Suite *s = suite_create("options");
	TCase *c = tcase_create("options");

	tcase_add_test(c, test_defaults);
	tcase_add_loop_test(c, test_numbers, 0, N_OF(numbers));
	tcase_add_test(c, test_strings);
	tcase_add_test(c, test_target_that_looks_like_an_option);
	tcase_add_test(c, test_twice);
	tcase_add_test(c, test_dump_probes_without_target);
	tcase_add_test(c, test_help);
	tcase_add_test(c, test_version);
	suite_add_tcase(s, c);
	return s;
}
