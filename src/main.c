/* tracepkt: the way of a ping through this host. The story of one trace. */
#include "kernel_types.h"
#include "loader.h"
#include "options.h"
#include "ping.h"
#include "privileges.h"
#include "probe_text.h"
#include "probe_wanted.h"
#include "report.h"
#include "say.h"
#include "session.h"
#include "workdir.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { STATUS_FAILED = 2 };

/* From here on Ctrl-C and the like are read from a descriptor, so that all is tidied up. */
static int take_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction old;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		/* what nohup or a shell's background job has us ignore stays ignored */
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe shows as EPIPE */
	signal(SIGCHLD, SIG_DFL); /* who has it ignored cannot wait for children */
	fd = sigprocmask(SIG_BLOCK, &set, NULL) ? -1 : signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		say_error("cannot set up signals: %s", strerror(errno));
	return fd;
}

/* Compiles, loads and attaches the probes for this ping; their header tree is gone afterwards. */
static int load_probes(const struct options *o, const struct ping *p, int signal_fd,
		       struct loaded *l)
{
	struct workdir dir = {.fd = -1};
	struct event_wanted wanted;
	struct loader_request request = {
		.options = o, .dir = &dir, .wanted = &wanted, .stop_fd = signal_fd};
	int ret = workdir_open(&dir);

	probe_wanted_fill(&wanted, ping_identity(p), ping_socket_to_know(p));
	if (ret == 0)
		ret = kernel_types_unpack(o->types, &dir);
	if (ret == 0) {
		request.attach = loader_choose_attach(o->attach);
		ret = loader_run(&request, l);
	}
	workdir_close(&dir);
	return ret;
}

/* A descriptor a CPU is needed, and some more; the soft limit often is 1024. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int trace(const struct options *o)
{
	struct report report = report_open(stdout, o);
	struct loaded probes;
	struct ping *ping = ping_open(o);
	int signal_fd, loaded, status = STATUS_FAILED;

	if (!ping)
		return STATUS_FAILED;
	signal_fd = take_signals();
	if (signal_fd >= 0) {
		loaded = load_probes(o, ping, signal_fd, &probes);
		if (loaded == 0) {
			status = session_run(o, ping, &probes, report_format(o->output), &report,
					     signal_fd);
			loader_close(&probes);
		} else if (loaded > 0) {
			say_error("interrupted before the ping was sent");
		}
		close(signal_fd);
	}
	ping_close(ping);
	return status;
}

int main(int argc, char **argv)
{
	struct options o;

	switch (options_parse(argc, argv, &o)) {
	case OPTIONS_DONE:
		if (fflush(stdout) == 0)
			return 0;
		say_error("cannot write to standard output: %s", strerror(errno));
		return STATUS_FAILED;
	case OPTIONS_WRONG:
		return STATUS_FAILED;
	case OPTIONS_RUN:
		break;
	}
	if (o.dump_probes)
		return probe_text_dump(probe_files, o.dump_probes) ? STATUS_FAILED : 0;
	if (privileges_check(o.netns != NULL))
		return STATUS_FAILED;
	raise_file_limit();
	return trace(&o);
}
