/*
 * Compiles a text by two processes at once. Each has libbcc parse all of the text and what libbcc
 * brings, but LLVM, which takes most of the time, works on its own part only.
 */
#include "compiler.h"
#include "compiler_flags.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct part_flags {
	const char *list[COMPILER_MAX_FLAGS + 1];
	int n;
};

static struct part_flags with_part(const char *flags[], int n_flags, const char *part)
{
	struct part_flags f = {.n = n_flags};

	memcpy(f.list, flags, (size_t)n_flags * sizeof(*flags));
	f.list[f.n++] = part;
	return f;
}

/* In a process of its own: the image goes to a file. Messages would come twice. */
static void compile_rest(struct compiler *c, const char *text, struct part_flags f, int to)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	enum compiler_error error;
	struct image *im;
	FILE *file;

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	im = compiler_run(c, text, f.list, f.n, &error);
	file = im ? fdopen(to, "w") : NULL;
	_exit(file && image_write(im, file) == 0 && fclose(file) == 0 ? 0 : 1);
}

static pid_t start_rest(struct compiler *c, const char *text, const char *flags[], int n_flags,
			int to)
{
	pid_t parent = getpid(), pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		compile_rest(c, text, with_part(flags, n_flags, "-DTP_PART_REST"), to);
	}
	return pid;
}

static struct image *read_image(int fd)
{
	int copy = lseek(fd, 0, SEEK_SET) == 0 ? dup(fd) : -1;
	FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
	struct image *im;

	if (!file) {
		if (copy >= 0)
			close(copy);
		return NULL;
	}
	im = image_read(file);
	fclose(file);
	return im;
}

static bool has_worked(pid_t pid)
{
	int status = 1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What clang has said will be said again. */
static void take_back_messages(off_t from)
{
	fflush(stderr);
	if (from >= 0 && ftruncate(STDERR_FILENO, from) == 0)
		lseek(STDERR_FILENO, from, SEEK_SET);
}

/* NULL: the two together could not do it. */
static struct image *run_both(struct compiler *c, const char *text, const char *flags[],
			      int n_flags, int file)
{
	struct part_flags f = with_part(flags, n_flags, "-DTP_PART_PACKET");
	pid_t pid = start_rest(c, text, flags, n_flags, file);
	enum compiler_error error;
	struct image *im, *rest;
	off_t said;
	bool joined;

	if (pid < 0)
		return NULL;
	said = lseek(STDERR_FILENO, 0, SEEK_CUR);
	im = compiler_run(c, text, f.list, f.n, &error);
	rest = has_worked(pid) ? read_image(file) : NULL;
	joined = im && rest && image_join(im, rest) == 0;
	image_free(rest);
	if (joined)
		return im;
	if (im)
		image_close_maps(im, NULL);
	image_free(im);
	take_back_messages(said);
	return NULL;
}

struct image *compiler_run_parts(struct compiler *c, const char *text, const char *flags[],
				 int n_flags, enum compiler_error *error, bool *by_two)
{
	int file = memfd_create("tracepkt-image", MFD_CLOEXEC);
	struct image *im = NULL;

	compiler_wait(c); /* a fork has none of the other threads */
	if (file >= 0) {
		im = run_both(c, text, flags, n_flags, file);
		close(file);
	}
	*by_two = im != NULL;
	return im ? im : compiler_run(c, text, flags, n_flags, error);
}
