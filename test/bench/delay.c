/*
 * How late tracepkt prints: reads the lines of `tracepkt -o json -c 1 -v` and prints, for each hop,
 * the milliseconds from the time in its event to the moment when the line was there to be read.
 * Usage: bench_delay RUNS COMMAND [ARGUMENT]...
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROWS 256

struct stream {
	int fd;
	char text[65536];
	size_t len;
};

struct row {
	double seen_s, since_sent_s;
};

struct run {
	double sent_s; /* CLOCK_MONOTONIC, of the ping; 0: not told yet */
	struct row rows[MAX_ROWS];
	size_t n;
};

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void take_line(struct run *r, const char *line, double seen)
{
	static const char mark[] = "first ping sent at ", key[] = "\"time_ns\":";
	const char *at = strstr(line, mark);

	if (at)
		r->sent_s = strtod(at + sizeof(mark) - 1, NULL);
	at = strstr(line, key);
	if (at && strstr(line, "\"event\":\"device\"") && r->n < MAX_ROWS) {
		r->rows[r->n].seen_s = seen;
		r->rows[r->n++].since_sent_s = strtod(at + sizeof(key) - 1, NULL) / 1e9;
	}
}

/* False at the end of the stream. */
static bool read_lines(struct stream *s, struct run *r)
{
	ssize_t n = read(s->fd, s->text + s->len, sizeof(s->text) - 1 - s->len);
	double seen = now_s();
	char *line = s->text, *end;

	if (n <= 0)
		return false;
	s->len += (size_t)n;
	s->text[s->len] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		take_line(r, line, seen);
		line = end + 1;
	}
	s->len -= (size_t)(line - s->text);
	memmove(s->text, line, s->len);
	return true;
}

static pid_t start(char **argv, struct stream *out, struct stream *err)
{
	int to_out[2], to_err[2];
	pid_t pid;

	if (pipe(to_out) || pipe(to_err))
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(to_out[1], STDOUT_FILENO);
		dup2(to_err[1], STDERR_FILENO);
		close(to_out[0]);
		close(to_err[0]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(to_out[1]);
	close(to_err[1]);
	out->fd = to_out[0];
	err->fd = to_err[0];
	return pid;
}

static int one_run(char **argv)
{
	static struct stream out, err;
	static struct run r;
	bool open_out = true, open_err = true;
	int status = -1;
	pid_t pid;

	memset(&r, 0, sizeof(r));
	out.len = err.len = 0;
	pid = start(argv, &out, &err);
	if (pid < 0)
		return -1;
	while (open_out || open_err) {
		struct pollfd fds[] = {{open_out ? out.fd : -1, POLLIN, 0},
				       {open_err ? err.fd : -1, POLLIN, 0}};

		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[1].revents)
			open_err = read_lines(&err, &r);
		if (fds[0].revents)
			open_out = read_lines(&out, &r);
	}
	close(out.fd);
	close(err.fd);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || r.sent_s == 0 || !r.n)
		return -1;
	for (size_t i = 0; i < r.n; i++)
		printf("%.3f\n", (r.rows[i].seen_s - r.sent_s - r.rows[i].since_sent_s) * 1e3);
	return 0;
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (runs < 1) {
		fprintf(stderr, "usage: bench_delay RUNS COMMAND [ARGUMENT]...\n");
		return 2;
	}
	while (runs-- > 0)
		if (one_run(argv + 2)) {
			fprintf(stderr, "bench_delay: %s failed\n", argv[2]);
			return 1;
		}
	return 0;
}
