/* netns_index: processes by the namespace that they are in now. No privileges here. */
#include "netns_index.h"
#include "suites.h"
#include "support.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRESH_US 30000 /* longer than a list is not read again */

static struct netns_index index_;
static uint32_t own;

static void set_up(void)
{
	struct stat st;

	ck_assert_int_eq(stat("/proc/self/ns/net", &st), 0);
	own = (uint32_t)st.st_ino;
}

static void tear_down(void)
{
	netns_index_free(&index_);
}

static struct netns_question question(uint32_t inode)
{
	return (struct netns_question){.inode = inode, .since_ns = now_ns()};
}

/* Counts what it is shown, and looks for one of them. */
struct seen {
	char pid[16];
	bool found;
	unsigned int n, enough;
};

static bool see(void *arg, const char *pid)
{
	struct seen *s = arg;

	s->found = s->found || strcmp(pid, s->pid) == 0;
	return ++s->n == s->enough;
}

static struct seen look_for(pid_t pid)
{
	struct netns_question q = question(own);
	struct seen s = {.enough = 0};

	snprintf(s.pid, sizeof(s.pid), "%d", pid);
	netns_index_processes(&index_, &q, see, &s);
	return s;
}

START_TEST(test_unknown)
{
	struct netns_question q = question(1);
	struct seen s = {.enough = 0};

	ck_assert_ptr_null(netns_index_name(&index_, &q));
	ck_assert_ptr_null(netns_index_name(&index_, &q));
	netns_index_processes(&index_, &q, see, &s);
	netns_index_processes(&index_, &q, see, &s);
	ck_assert_uint_eq(s.n, 0);
}
END_TEST

START_TEST(test_own)
{
	struct seen s = look_for(getpid());
	struct netns_question q = question(own);

	ck_assert(s.found);
	s = (struct seen){.enough = 1};
	netns_index_processes(&index_, &q, see, &s);
	ck_assert_uint_eq(s.n, 1); /* it said that it has seen enough */
}
END_TEST

static pid_t start_child(void)
{
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		pause();
		_exit(0);
	}
	return child;
}

static void end_child(pid_t child)
{
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

/* A process that has ended is not shown, although the list still has it. */
START_TEST(test_ended)
{
	pid_t child = start_child();

	ck_assert(look_for(child).found);
	end_child(child);
	ck_assert(!look_for(child).found);
	ck_assert(look_for(getpid()).found);
}
END_TEST

/*
 * Others of its namespace are in the list, but they were not enough: one that started later is
 * shown, too, once the list may be read again.
 */
START_TEST(test_started_later)
{
	pid_t child;

	ck_assert(look_for(getpid()).found);
	child = start_child();
	usleep(FRESH_US);
	ck_assert(look_for(child).found);
	end_child(child);
}
END_TEST

/* What is not answered says when to ask again, and that is answered by what was read since. */
START_TEST(test_again)
{
	struct netns_question early = question(1), late;
	struct seen s = {.enough = 0};
	uint64_t read_ns;

	netns_index_processes(&index_, &early, see, &s);
	ck_assert_uint_eq(early.again_ns, 0);
	read_ns = index_.processes.read_ns;
	netns_index_processes(&index_, &early, see, &s); /* it was read since */
	ck_assert_uint_eq(early.again_ns, 0);
	do { /* we may be slow */
		index_.processes.read_ns = now_ns();
		late = question(2);
		late.since_ns++;
		netns_index_processes(&index_, &late, see, &s);
	} while (!late.again_ns);
	ck_assert_uint_gt(late.again_ns, read_ns);
	usleep(FRESH_US);
	netns_index_processes(&index_, &early, see, &s);
	ck_assert_uint_lt(index_.processes.read_ns, late.since_ns);
	late.again_ns = 0;
	netns_index_processes(&index_, &late, see, &s);
	ck_assert_uint_eq(late.again_ns, 0);
	ck_assert_uint_gt(index_.processes.read_ns, late.since_ns);
}
END_TEST

Suite *netns_index_suite(void)
{
	Suite *s = suite_create("netns_index");
	TCase *c = tcase_create("netns_index");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_unknown);
	tcase_add_test(c, test_own);
	tcase_add_test(c, test_ended);
	tcase_add_test(c, test_started_later);
	tcase_add_test(c, test_again);
	suite_add_tcase(s, c);
	return s;
}
