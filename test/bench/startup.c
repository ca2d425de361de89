/*
 * Times the start-up of tracepkt -v, which tells when it has sent the first ping and what it has
 * spent time on. Prints, for each run, the seconds from just before exec to that ping and to the
 * end, and those for types, compiling, loading and attaching. Usage: bench_startup RUNS COMMAND
 * [ARGUMENT]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Starts the command with its standard error in a pipe, whose reading end it returns. */
static FILE *start(char **argv, pid_t *pid)
{
	int fds[2];

	if (pipe(fds))
		return NULL;
	*pid = fork();
	if (*pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	return fdopen(fds[0], "r");
}

/* One line of output; 0, or -1 if the command failed or did not tell. */
static int one_run(char **argv)
{
	static const char mark[] = "first ping sent at ";
	double begin = now(), sent = 0, spent[4] = {0};
	char line[1024];
	int status = 0;
	pid_t pid = -1;
	FILE *f = start(argv, &pid);

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, mark);

		if (at)
			sent = strtod(at + sizeof(mark) - 1, NULL);
		at = strstr(line, "times: ");
		if (at && sscanf(at, "times: types %lf s, compile %lf s, load %lf s, attach %lf s",
				 &spent[0], &spent[1], &spent[2], &spent[3]) != 4)
			sent = 0;
	}
	fclose(f);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || sent <= begin)
		return -1;
	printf("%.4f %.4f %.4f %.4f %.4f %.4f\n", sent - begin, now() - begin, spent[0], spent[1],
	       spent[2], spent[3]);
	return 0;
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (runs < 1) {
		fprintf(stderr, "usage: bench_startup RUNS COMMAND [ARGUMENT]...\n");
		return 2;
	}
	while (runs-- > 0)
		if (one_run(argv + 2)) {
			fprintf(stderr, "bench_startup: %s failed or told no time\n", argv[2]);
			return 1;
		}
	return 0;
}
