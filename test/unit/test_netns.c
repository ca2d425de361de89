/* netns: what is no namespace is refused; unknown ones have no name. No privileges here. */
#include "netns.h"
#include "suites.h"
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect_refused(const char *spec, const char *part)
{
	struct capture err;
	int fd;

	capture_start(&err, stderr);
	fd = netns_open(spec);
	expect_message(capture_stop(&err), part);
	ck_assert_int_eq(fd, -1);
}

static const struct {
	const char *spec, *said;
} wrong[] = {
	{"", "no network namespace ''"},
	{".", "no network namespace '.'"},
	{"..", "no network namespace '..'"},
	{"no-such-namespace", "no network namespace 'no-such-namespace': No such file"},
	{"0", "no network namespace '0'"},
	{"99999999999", "no network namespace '99999999999'"},
	{"-1", "no network namespace '-1'"},
	{"1x", "no network namespace '1x'"},
	{"no/such/path", "no network namespace 'no/such/path'"},
	{"/", "/ is not a network namespace"},
	{"/dev/null", "/dev/null is not a network namespace"},
	{"/proc/self/status", "/proc/self/status is not a network namespace"},
	{"/proc/self/ns", "is not a network namespace"},
	{"\033[2J", "no network namespace '\\x1b[2J'"},
};

START_TEST(test_wrong)
{
	expect_refused(wrong[_i].spec, wrong[_i].said);
}
END_TEST

START_TEST(test_too_long)
{
	char spec[PATH_MAX + 100];

	memset(spec, 'x', sizeof(spec) - 1);
	spec[sizeof(spec) - 1] = '\0';
	expect_refused(spec, "no network namespace 'xxx");
	spec[0] = '/';
	expect_refused(spec, "no network namespace '/xxx");
	memset(spec, '1', sizeof(spec) - 1);
	expect_refused(spec, "no network namespace '111");
}
END_TEST

/* The time limit of check ends the test if it waits for a writer. */
START_TEST(test_fifo)
{
	char *dir = temp_dir_new(), *fifo = path_in(dir, "fifo");

	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	expect_refused(fifo, "is not a network namespace");
	free(fifo);
	temp_dir_remove(dir);
}
END_TEST

static void expect_own(const char *spec)
{
	struct stat own, st;
	int fd = netns_open(spec);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(stat("/proc/self/ns/net", &own), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_ino, own.st_ino);
	close(fd);
}

START_TEST(test_own)
{
	char pid[16];

	expect_own("/proc/self/ns/net");
	snprintf(pid, sizeof(pid), "%d", getpid());
	expect_own(pid);
}
END_TEST

/* No namespace has inode 1: the table says so, also when asked again and for many others. */
START_TEST(test_unknown_inode)
{
	struct netns_table *t = netns_table_new();
	char name[IF_NAMESIZE];

	ck_assert_ptr_nonnull(t);
	ck_assert_ptr_null(netns_table_name(t, 1));
	ck_assert_ptr_null(netns_table_name(t, 1));
	netns_table_ifname(t, 1, 7, name);
	ck_assert_str_eq(name, "if7");
	netns_table_ifname(t, 1, UINT32_MAX, name);
	ck_assert_str_eq(name, "if4294967295");
	for (uint32_t i = 2; i < 100; i++)
		ck_assert_ptr_null(netns_table_name(t, i));
	ck_assert_ptr_null(netns_table_name(t, 1));
	netns_table_free(t);
	netns_table_free(NULL);
}
END_TEST

/* For the names of our own devices nothing must be entered, so anyone gets them. */
START_TEST(test_own_inode)
{
	struct netns_table *t = netns_table_new();
	char name[IF_NAMESIZE];
	struct capture err;
	struct stat own;

	ck_assert_ptr_nonnull(t);
	ck_assert_int_eq(stat("/proc/self/ns/net", &own), 0);
	capture_start(&err, stderr);
	netns_table_ifname(t, (uint32_t)own.st_ino, 1, name);
	ck_assert_str_eq(name, "lo");
	netns_table_ifname(t, (uint32_t)own.st_ino, 1U << 30, name);
	ck_assert_str_eq(name, "if1073741824");
	netns_table_name(t, (uint32_t)own.st_ino);
	expect_silence(capture_stop(&err));
	netns_table_free(t);
}
END_TEST

Suite *netns_suite(void)
{
	Suite *s = suite_create("netns");
	TCase *c = tcase_create("netns");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_wrong, 0, N_OF(wrong));
	tcase_add_test(c, test_too_long);
	tcase_add_test(c, test_fifo);
	tcase_add_test(c, test_own);
	tcase_add_test(c, test_unknown_inode);
	tcase_add_test(c, test_own_inode);
	suite_add_tcase(s, c);
	return s;
}
