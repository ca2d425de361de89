/*
 * Starts a command, whose output goes to a file, and waits until it has said that it is ready.
 * Prints "SECONDS PID": how long that took from just before exec, and the process. Then goes on
 * until the end of its standard input, when the command gets SIGTERM. Exit status 1 if the command
 * ended before it was ready, or was not within the limit. Usage: bench_until LIMIT MARK FILE
 * COMMAND [ARGUMENT]...
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct output {
	int from, to;
	char text[65536]; /* the last of it, for a mark that comes in two parts */
	size_t len;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int start(char **argv, pid_t *pid)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	*pid = fork();
	if (*pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	return *pid < 0 ? -1 : fds[0];
}

/* False at the end. What is no text is no part of a mark. */
static bool pass_on(struct output *o)
{
	size_t room = sizeof(o->text) - 1 - o->len;
	char *end = o->text + o->len;
	ssize_t n = read(o->from, end, room);

	if (n <= 0 || write(o->to, end, (size_t)n) != n)
		return false;
	for (ssize_t i = 0; i < n; i++)
		if (!end[i])
			end[i] = ' ';
	o->len += (size_t)n;
	o->text[o->len] = '\0';
	return true;
}

/* Has it been said? Forgets all but the end of what has. */
static bool said(struct output *o, const char *mark)
{
	size_t keep = strlen(mark);
	bool found = strstr(o->text, mark) != NULL;

	if (o->len > keep) {
		memmove(o->text, o->text + o->len - keep, keep + 1);
		o->len = keep;
	}
	return found;
}

static int wait_for(struct output *o, const char *mark, double until)
{
	while (!said(o, mark)) {
		struct pollfd fd = {o->from, POLLIN, 0};
		double left = until - now();

		if (left <= 0 || poll(&fd, 1, (int)(left * 1e3) + 1) < 0)
			return fprintf(stderr, "not ready in time: no \"%s\"", mark), -1;
		if (fd.revents && !pass_on(o))
			return fprintf(stderr, "ended without \"%s\"", mark), -1;
	}
	return 0;
}

/* Until our standard input ends. */
static void go_on(struct output *o)
{
	struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {o->from, POLLIN, 0}};
	char byte;

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		if (fds[0].revents && read(STDIN_FILENO, &byte, 1) <= 0)
			return;
		if (fds[1].revents && !pass_on(o))
			fds[1].fd = -1;
		o->len = 0;
	}
}

int main(int argc, char **argv)
{
	static struct output o;
	double limit = argc > 4 ? strtod(argv[1], NULL) : 0, begin = now();
	pid_t pid = -1;
	int status;

	if (limit <= 0 || strlen(argv[2]) >= sizeof(o.text) / 2) {
		fprintf(stderr, "usage: bench_until LIMIT MARK FILE COMMAND [ARGUMENT]...\n");
		return 2;
	}
	o.to = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	begin = now();
	o.from = o.to < 0 ? -1 : start(argv + 4, &pid);
	if (o.from < 0) {
		perror(argv[3]);
		return 1;
	}
	status = wait_for(&o, argv[2], begin + limit);
	if (status == 0) {
		printf("%.4f %d\n", now() - begin, (int)pid);
		fflush(stdout);
		go_on(&o);
	} else {
		fprintf(stderr, ": %s\n", argv[4]);
	}
	kill(pid, SIGTERM);
	while (pass_on(&o))
		o.len = 0;
	waitpid(pid, NULL, 0);
	return status ? 1 : 0;
}
