/* workdir: a private directory, gone at the end; leftovers are removed, all else is left alone. */
#include "workdir.h"
#include "suites.h"
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *tmp, *outside, *saved;

static void set_up(void)
{
	const char *old = getenv("TMPDIR");

	saved = old ? strdup(old) : NULL;
	outside = temp_dir_new();
	tmp = temp_dir_new();
	setenv("TMPDIR", tmp, 1);
}

static void tear_down(void)
{
	if (saved)
		setenv("TMPDIR", saved, 1);
	else
		unsetenv("TMPDIR");
	free(saved);
	temp_dir_remove(tmp);
	temp_dir_remove(outside);
}

static void open_workdir(struct workdir *w)
{
	struct capture err;

	capture_start(&err, stderr);
	ck_assert_int_eq(workdir_open(w), 0);
	expect_silence(capture_stop(&err));
}

static void close_workdir(struct workdir *w)
{
	struct capture err;

	capture_start(&err, stderr);
	workdir_close(w);
	expect_silence(capture_stop(&err));
	ck_assert_int_eq(w->fd, -1);
}

#define MARKER ".made-by-tracepkt"

/* Makes a directory with a file in it, as a run that was killed leaves it. marker NULL: unmarked.
 */
static void make_dir(const char *name, mode_t mode, const char *marker)
{
	char *path = path_in(tmp, name);

	ck_assert_int_eq(mkdir(path, 0700), 0);
	write_file_in(path, "file", "x");
	if (marker)
		write_file_in(path, MARKER, marker);
	ck_assert_int_eq(chmod(path, mode), 0);
	free(path);
}

static void make_old(const char *name, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - seconds}};
	char *path = path_in(tmp, name);

	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

START_TEST(test_open)
{
	struct workdir w, other;
	struct stat st, by_fd;

	open_workdir(&w);
	ck_assert(strncmp(w.path, tmp, strlen(tmp)) == 0);
	ck_assert(strncmp(w.path + strlen(tmp), "/tracepkt-", 10) == 0);
	ck_assert_int_eq(lstat(w.path, &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
	ck_assert_uint_eq(st.st_uid, geteuid());
	ck_assert_int_eq(fstat(w.fd, &by_fd), 0);
	ck_assert_uint_eq(st.st_ino, by_fd.st_ino);
	ck_assert_int_ne(fcntl(w.fd, F_GETFD) & FD_CLOEXEC, 0);
	open_workdir(&other); /* two at once, with names of their own */
	ck_assert_str_ne(w.path, other.path);
	ck_assert_int_eq(access(w.path, F_OK), 0);
	close_workdir(&other);
	ck_assert_int_eq(access(w.path, F_OK), 0);
	close_workdir(&w);
	ck_assert_int_ne(access(w.path, F_OK), 0);
	close_workdir(&w); /* harmless */
}
END_TEST

/* A mask that would forbid us our own directory, or allow others, changes nothing. */
START_TEST(test_umask)
{
	static const mode_t masks[] = {0, 0022, 0077};

	for (int i = 0; i < N_OF(masks); i++) {
		mode_t old = umask(masks[i]);
		struct workdir w;
		struct stat st;

		open_workdir(&w);
		ck_assert_int_eq(workdir_write(&w, "a/b", "x"), 0);
		umask(old);
		ck_assert_int_eq(stat(w.path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0700);
		close_workdir(&w);
	}
}
END_TEST

START_TEST(test_write)
{
	struct workdir w;
	char *text;

	open_workdir(&w);
	ck_assert_int_eq(workdir_write(&w, "top", "1"), 0);
	ck_assert_int_eq(workdir_write(&w, "a/b/c.h", "2\n"), 0);
	ck_assert_int_eq(workdir_write(&w, "a/b/d.h", ""), 0);
	ck_assert_int_eq(workdir_write(&w, "top", "again"), 0);
	text = read_file_in(w.path, "top");
	ck_assert_str_eq(text, "again");
	free(text);
	text = read_file_in(w.path, "a/b/c.h");
	ck_assert_str_eq(text, "2\n");
	free(text);
	ck_assert(exists_in(w.path, "a/b/d.h"));
	close_workdir(&w);
	ck_assert(!exists_in(tmp, strrchr(w.path, '/') + 1));
}
END_TEST

static const char *const wrong_paths[] = {"dir", "file/x", "/abs", "link", ""};

START_TEST(test_write_fails)
{
	struct capture err;
	struct workdir w;
	char *link, *target = path_in(outside, "target");

	open_workdir(&w);
	ck_assert_int_eq(workdir_write(&w, "dir/x", ""), 0);
	ck_assert_int_eq(workdir_write(&w, "file", ""), 0);
	link = path_in(w.path, "link");
	ck_assert_int_eq(symlink(target, link), 0);
	capture_start(&err, stderr);
	ck_assert_int_eq(workdir_write(&w, wrong_paths[_i], "x"), -1);
	expect_message(capture_stop(&err), "cannot write ");
	ck_assert(!exists_in(outside, "target"));
	free(link);
	free(target);
	close_workdir(&w);
}
END_TEST

/* Nested content goes; what a symbolic link points at stays. */
START_TEST(test_close_removes_all)
{
	struct workdir w;
	char *link, *kept;

	write_file_in(outside, "kept", "kept");
	open_workdir(&w);
	ck_assert_int_eq(workdir_write(&w, "1/2/3/4/5/6/7/8/9/10/file", "x"), 0);
	for (int i = 0; i < 500; i++) {
		char name[16];

		snprintf(name, sizeof(name), "many/%d", i);
		ck_assert_int_eq(workdir_write(&w, name, ""), 0);
	}
	link = path_in(w.path, "1/2/dir");
	ck_assert_int_eq(symlink(outside, link), 0);
	free(link);
	link = path_in(w.path, "file");
	kept = path_in(outside, "kept");
	ck_assert_int_eq(symlink(kept, link), 0);
	free(link);
	free(kept);
	close_workdir(&w);
	ck_assert(!exists_in(tmp, strrchr(w.path, '/') + 1));
	kept = read_file_in(outside, "kept");
	ck_assert_str_eq(kept, "kept");
	free(kept);
}
END_TEST

static const struct {
	const char *name;
	mode_t mode;
	time_t age;
	const char *marker;
	bool kept;
} dirs[] = {
	{"tracepkt-abc123", 0700, 0, "", false},
	{"tracepkt-abc123", 0700, 3600, "", false},
	{"tracepkt.new-abc123", 0700, 3600, "", false},
	{"tracepkt.new-abc123", 0700, 0, "", true}, /* perhaps not locked yet */
	/* of another mode */
	{"tracepkt-abc123", 0755, 3600, "", true},
	{"tracepkt-abc123", 0500, 3600, "", true},
	{"tracepkt-abc123", 01700, 3600, "", true},
	{"tracepkt.new-abc123", 0755, 3600, "", true},
	/* without the mark, or with something else of that name */
	{"tracepkt-abc123", 0700, 3600, NULL, true},
	{"tracepkt-abc123", 0700, 3600, "text", true},
	{"tracepkt.new-abc123", 0700, 3600, NULL, true},
	/* of another name */
	{"tracepkt-", 0700, 3600, "", true},
	{"tracepkt-abc12", 0700, 3600, "", true},
	{"tracepkt-abc1234", 0700, 3600, "", true},
	{"tracepkt.new-abc12", 0700, 3600, "", true},
	{"tracepkt.new-abc1234", 0700, 3600, "", true},
	{"tracepkt", 0700, 3600, "", true},
	{"tracepkt.other-abc123", 0700, 3600, "", true},
	{"other-tracepkt-abc123", 0700, 3600, "", true},
	{"Tracepkt-abc123", 0700, 3600, "", true},
};

START_TEST(test_leftover)
{
	struct workdir w;

	make_dir(dirs[_i].name, dirs[_i].mode, dirs[_i].marker);
	make_old(dirs[_i].name, dirs[_i].age);
	open_workdir(&w);
	ck_assert_int_eq(exists_in(tmp, dirs[_i].name), dirs[_i].kept);
	if (dirs[_i].kept) {
		char *path = path_in(tmp, dirs[_i].name);

		ck_assert_int_eq(chmod(path, 0700), 0);
		ck_assert(exists_in(path, "file"));
		free(path);
	}
	close_workdir(&w);
}
END_TEST

/* A link, a directory or a FIFO in the place of the mark is none. */
START_TEST(test_false_marks)
{
	char *linked, *nested, *fifo, *target = path_in(outside, MARKER);
	struct workdir w;

	make_dir("tracepkt-linked", 0700, NULL);
	make_dir("tracepkt-nested", 0700, NULL);
	make_dir("tracepkt-a-fifo", 0700, NULL);
	linked = path_in(tmp, "tracepkt-linked/" MARKER);
	nested = path_in(tmp, "tracepkt-nested/" MARKER);
	write_file_in(outside, MARKER, "");
	ck_assert_int_eq(symlink(target, linked), 0);
	ck_assert_int_eq(mkdir(nested, 0700), 0);
	fifo = path_in(tmp, "tracepkt-a-fifo/" MARKER);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	open_workdir(&w);
	ck_assert(exists_in(tmp, "tracepkt-linked/file"));
	ck_assert(exists_in(tmp, "tracepkt-nested/file"));
	ck_assert(exists_in(tmp, "tracepkt-a-fifo/file"));
	close_workdir(&w);
	free(linked);
	free(nested);
	free(fifo);
	free(target);
}
END_TEST

START_TEST(test_no_directory)
{
	struct workdir w;
	char *link = path_in(tmp, "tracepkt-linked");

	write_file_in(tmp, "tracepkt-a-file", "x");
	write_file_in(outside, "kept", "x");
	write_file_in(outside, MARKER, "");
	ck_assert_int_eq(symlink(outside, link), 0);
	free(link);
	open_workdir(&w);
	ck_assert(exists_in(tmp, "tracepkt-a-file"));
	ck_assert(exists_in(tmp, "tracepkt-linked"));
	ck_assert(exists_in(outside, "kept"));
	close_workdir(&w);
}
END_TEST

/* A lock held by another open file description: the run lives. */
START_TEST(test_live)
{
	struct workdir w;
	char *path = path_in(tmp, "tracepkt-liveid");
	int fd;

	make_dir("tracepkt-liveid", 0700, "");
	make_old("tracepkt-liveid", 3600);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	open_workdir(&w);
	ck_assert(exists_in(tmp, "tracepkt-liveid/file"));
	close_workdir(&w);
	close(fd);
	open_workdir(&w);
	ck_assert(!exists_in(tmp, "tracepkt-liveid"));
	close_workdir(&w);
	free(path);
}
END_TEST

/* A whole run in another process, which is then killed. */
START_TEST(test_killed_run)
{
	struct workdir w, theirs;
	int ready[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (workdir_open(&theirs) || workdir_write(&theirs, "a/b", "x") ||
		    write(ready[1], theirs.path, sizeof(theirs.path)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ready[0], theirs.path, sizeof(theirs.path)), sizeof(theirs.path));
	open_workdir(&w);
	ck_assert_int_eq(access(theirs.path, F_OK), 0);
	close_workdir(&w);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(access(theirs.path, F_OK), 0);
	open_workdir(&w);
	ck_assert_int_ne(access(theirs.path, F_OK), 0);
	close_workdir(&w);
	close(ready[0]);
	close(ready[1]);
}
END_TEST

START_TEST(test_no_tmpdir)
{
	struct capture err;
	struct workdir w;
	char *no = path_in(tmp, "no");

	setenv("TMPDIR", no, 1);
	capture_start(&err, stderr);
	ck_assert_int_eq(workdir_open(&w), -1);
	expect_message(capture_stop(&err), "cannot make a directory in ");
	ck_assert_int_eq(w.fd, -1);
	workdir_close(&w);
	free(no);
}
END_TEST

/* A path that is not absolute would change its meaning with the working directory. */
START_TEST(test_relative_tmpdir)
{
	struct workdir w;

	setenv("TMPDIR", "relative", 1);
	open_workdir(&w);
	ck_assert(strncmp(w.path, "/tmp/tracepkt-", 14) == 0);
	close_workdir(&w);
}
END_TEST

Suite *workdir_suite(void)
{
	Suite *s = suite_create("workdir");
	TCase *c = tcase_create("workdir");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_open);
	tcase_add_test(c, test_umask);
	tcase_add_test(c, test_write);
	tcase_add_loop_test(c, test_write_fails, 0, N_OF(wrong_paths));
	tcase_add_test(c, test_close_removes_all);
	tcase_add_loop_test(c, test_leftover, 0, N_OF(dirs));
	tcase_add_test(c, test_false_marks);
	tcase_add_test(c, test_no_directory);
	tcase_add_test(c, test_live);
	tcase_add_test(c, test_killed_run);
	tcase_add_test(c, test_no_tmpdir);
	tcase_add_test(c, test_relative_tmpdir);
	suite_add_tcase(s, c);
	return s;
}
