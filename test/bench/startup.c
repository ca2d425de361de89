/*
 * Times the start-up of tracepkt: from just before exec to the first ping, whose time tracepkt -v
 * tells. Usage: bench_startup RUNS COMMAND [ARGUMENT]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_RUNS 1000

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

/* Seconds from start to ping, or -1. */
static double one_run(char **argv)
{
	static const char mark[] = "first ping sent at ";
	double begin = now(), sent = -1;
	char line[1024];
	int status = 0;
	pid_t pid = -1;
	FILE *f = start(argv, &pid);

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		char *at = strstr(line, mark);

		if (at)
			sent = strtod(at + strlen(mark), NULL);
	}
	fclose(f);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 && sent > begin ? sent - begin : -1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	double times[MAX_RUNS];

	if (runs < 1 || runs > MAX_RUNS) {
		fprintf(stderr, "usage: bench_startup RUNS COMMAND [ARGUMENT]...\n");
		return 2;
	}
	for (long i = 0; i < runs; i++) {
		times[i] = one_run(argv + 2);
		if (times[i] < 0) {
			fprintf(stderr, "bench_startup: %s failed or told no time\n", argv[2]);
			return 1;
		}
	}
	qsort(times, (size_t)runs, sizeof(times[0]), compare);
	printf("start to ping sent: median %.3f s, least %.3f s, most %.3f s, %ld runs\n",
	       times[runs / 2], times[0], times[runs - 1], runs);
	return 0;
}
