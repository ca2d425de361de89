/* The parent's side of the loader: starts the child, takes what it sends, tells what went wrong. */
#include "loader.h"
#include "attach_points.h"
#include "image.h"
#include "loader_child.h"
#include "say.h"
#include "util.h"

#include <arpa/inet.h>
#include <bcc/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum attach_way loader_choose_attach(enum attach_way wanted)
{
	union bpf_attr attr;

	if (wanted != ATTACH_AUTO)
		return wanted;
	/* Kernels before 4.17 do not know the command: EINVAL. Others miss the name or program. */
	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = (__u32)-1;
	if (syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr)) < 0 && errno == EINVAL)
		return ATTACH_TRACEPOINT;
	return ATTACH_RAW;
}

/* What the child and LLVM printed, as text that the caller frees. */
static char *read_output(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = malloc((size_t)(size > 0 ? size : 0) + 1);
	ssize_t n;

	if (!text)
		return NULL;
	n = size > 0 ? pread(fd, text, (size_t)size, 0) : 0;
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void say_output(int fd, size_t last_lines)
{
	char *text = read_output(fd);
	char *from = text ? text + strlen(text) : NULL;

	for (size_t lines = 0; text && from > text && lines <= last_lines; from--)
		if (from[-1] == '\n' && ++lines > last_lines)
			break;
	if (text)
		say_lines(from);
	free(text);
}

/* What is in the form of our messages already. */
static void pass_output(int fd)
{
	char *text = read_output(fd);

	fputs(text ? text : "", stderr);
	free(text);
}

/* Far more than the probes take, which 64 KB, the default of old, are not. */
#define MUCH_LOCKED_MEMORY (64UL << 20)

#define MAX_FDS (LOADER_MAPS * PROBE_PLAN_UNITS + LOADER_MAX_HELD)

/* In the place of a map that a unit lacks, or has of another one, is a copy of another's
 * descriptor. */
static int unless_missing(uint32_t missing, enum loader_map map, const int *fds)
{
	if (!(missing & 1U << map))
		return fds[map];
	close(fds[map]);
	return -1;
}

static bool is_on_demand(const struct attach_point *p, bool raw)
{
	return p->only_under_way && raw;
}

static void take_fds(struct msghdr *msg, struct loaded *l, const struct loader_reply *reply,
		     bool raw)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fds[MAX_FDS] = {0};
	const int *next = fds;
	size_t n = 0;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	}
	if (n != LOADER_MAPS * reply->n_units + reply->n_held) { /* cannot be, but must not leak */
		for (size_t i = 0; i < n; i++)
			close(fds[i]);
		return;
	}
	l->n_units = reply->n_units;
	for (size_t i = 0; i < l->n_units; i++, next += LOADER_MAPS) {
		l->events_fds[i] = next[LOADER_MAP_EVENTS];
		l->counter_fds[i] = unless_missing(reply->no_map[i], LOADER_MAP_COUNTERS, next);
		l->wanted_fds[i] = unless_missing(reply->no_map[i], LOADER_MAP_WANTED, next);
		l->followed_fds[i] = unless_missing(reply->no_map[i], LOADER_MAP_FOLLOWED, next);
	}
	l->n_held = reply->n_held;
	memcpy(l->held, next, l->n_held * sizeof(int));
	for (size_t i = 0; i < n_attach_points; i++)
		if (reply->points[i].state == POINT_ATTACHED) {
			l->groups |= attach_points[i].group;
			if (is_on_demand(&attach_points[i], raw) &&
			    reply->points[i].link < l->n_held &&
			    reply->points[i].program < l->n_held)
				l->on_demand = (struct on_demand){
					.point = &attach_points[i],
					.link = &l->held[reply->points[i].link],
					.program = l->held[reply->points[i].program]};
		}
}

/* 1: a reply was read, 0: the child ended without one. */
static int receive(int sock, struct loader_reply *reply, struct loaded *l, bool raw)
{
	char control[CMSG_SPACE(sizeof(int) * MAX_FDS)];
	struct iovec iov = {reply, sizeof(*reply)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n;

	do {
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*reply) || reply->n_units > PROBE_PLAN_UNITS ||
	    reply->n_held > LOADER_MAX_HELD)
		return 0;
	if (reply->status == LOADER_OK)
		take_fds(&msg, l, reply, raw);
	return 1;
}

static void say_missing(const struct loader_request *r, const struct attach_point *p)
{
	static const char fmt[] = "this kernel has no tracepoint %s; not seen: %s";

	if (p->need == POINT_NEWER)
		say_detail(r->options->verbosity, fmt, p->name, p->loss);
	else
		say_warning(r->options->verbosity, fmt, p->name, p->loss);
}

static void say_program(const struct loader_request *r, const char *name, const char *how,
			const struct loader_point *p)
{
	say_detail(r->options->verbosity, "%s: %s, %u instructions, %s", name, how, p->instructions,
		   p->loops ? "with a loop" : "no loop");
}

static void say_phases(const struct loader_request *r, const struct loader_reply *reply)
{
	const uint64_t *t = reply->spent_ns;

	say_detail(r->options->verbosity,
		   "times: types %.3f s, compile %.3f s, load %.3f s, attach %.3f s",
		   (double)t[PHASE_TYPES] / 1e9, (double)t[PHASE_COMPILE] / 1e9,
		   (double)t[PHASE_LOAD] / 1e9, (double)t[PHASE_ATTACH] / 1e9);
}

static void say_points(const struct loader_request *r, const struct loader_reply *reply)
{
	for (size_t i = 0; i < n_called_programs; i++)
		if (reply->called[i].state == POINT_ATTACHED)
			say_program(r, called_programs[i].function, "called by the others",
				    &reply->called[i]);
	for (size_t i = 0; i < n_attach_points; i++) {
		const struct loader_point *p = &reply->points[i];

		if (p->state == POINT_ATTACHED)
			say_program(r, attach_points[i].name,
				    is_on_demand(&attach_points[i], r->attach == ATTACH_RAW)
					    ? "attached while a ping is under way"
					    : "attached",
				    p);
		else if (attach_points[i].category)
			say_missing(r, &attach_points[i]);
		else if (p->error)
			say_warning(
				r->options->verbosity, "%s are not shown: cannot attach to %s: %s",
				attach_points[i].loss, attach_points[i].name, strerror(p->error));
	}
}

/* Before 5.11 programs and maps are locked memory (kernel/bpf/syscall.c: bpf_charge_memlock()). */
static bool locked_memory_is_short(void)
{
	struct rlimit limit;

	return kernel_is_before(5, 11) && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
	       limit.rlim_cur < MUCH_LOCKED_MEMORY;
}

static void say_failure(const struct loader_request *r, const struct loader_reply *reply, int out)
{
	const char *name = reply->point < n_attach_points ? attach_points[reply->point].name : "?";
	enum types_source types = (enum types_source)reply->types;

	switch (reply->status) {
	case LOADER_SAID:
		return;
	case LOADER_NO_TYPES:
		pass_output(out);
		return;
	case LOADER_NO_LIBRARY:
		say_output(out, 1);
		say_error(
			"cannot load libbcc, which compiles the probes; is its package installed?");
		return;
	case LOADER_TOO_BIG:
		say_error(
			"the probes have more than %d maps or %d functions, or names that are too "
			"long",
			IMAGE_MAX_MAPS, IMAGE_MAX_PROGRAMS);
		return;
	case LOADER_COMPILE_FAILED:
		say_output(out, SIZE_MAX - 1);
		say_error("the probes do not compile with kernel types from %s%s",
			  kernel_types_name(types),
			  types == TYPES_HEADERS ? "; --types=btf may do" : "");
		return;
	case LOADER_MAP_FAILED:
		say_error("the kernel refuses BPF maps: %s%s", strerror(reply->error),
			  reply->error == EPERM && locked_memory_is_short()
				  ? "; raise the limit of locked memory (ulimit -l)"
			  : reply->error == EPERM
				  ? "; inside a user namespace or container it may not be allowed"
			  : reply->error == EMFILE ? "; raise the limit of open files (ulimit -n)"
						   : "");
		return;
	case LOADER_NO_PROGRAM:
		say_error("the probes have no program %s or no maps 'events' and 'counters'; "
			  "--dump-probes=DIR shows how they look",
			  *reply->program ? reply->program : "on_net_dev_queue");
		return;
	case LOADER_LOAD_FAILED:
		if (r->options->verbosity >= VERBOSE)
			say_output(out, 20);
		if (reply->error == EMFILE)
			say_error("too many open files; raise the limit (ulimit -n)");
		else if (reply->error == EPERM && locked_memory_is_short())
			say_error("the kernel refuses the program %s: too little locked memory; "
				  "raise the limit (ulimit -l), which takes CAP_SYS_RESOURCE",
				  reply->program);
		else
			say_error("the kernel refuses the program %s: %s%s", reply->program,
				  strerror(reply->error),
				  r->options->verbosity >= VERBOSE
					  ? ""
					  : "; -v shows the verifier's last lines");
		return;
	case LOADER_NO_TRACEPOINT:
		say_error(
			"this kernel has no tracepoint %s, so %s cannot be seen%s", name,
			attach_points[reply->point].loss,
			r->attach == ATTACH_TRACEPOINT
				? "; is tracefs mounted? mount -t tracefs nodev /sys/kernel/tracing"
				: "; a kernel with CONFIG_TRACEPOINTS is needed");
		return;
	default:
		if (r->options->verbosity >= VERBOSE)
			say_output(out, 20);
		say_error("cannot attach to the tracepoint %s: %s%s", name, strerror(reply->error),
			  reply->error == EPERM || reply->error == EACCES
				  ? "; is the kernel locked down (/sys/kernel/security/lockdown)?"
			  : reply->error == EMFILE ? "; raise the limit of open files (ulimit -n)"
						   : "");
	}
}

static pid_t start_child(const struct loader_request *r, int sock, int other, int out)
{
	pid_t parent = getpid(), pid;

	fflush(stdout);
	fflush(stderr);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid == 0) {
		close(other);
		/* If the parent is killed, so are we, and nothing stays attached. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		loader_child_main(r, sock, out);
		_exit(0); /* no atexit handlers: they are the parent's, and LLVM's are slow */
	}
	return pid;
}

/* 1: the child has something to say or has ended; 0: told to stop. */
static int wait_for_child(int sock, int stop_fd)
{
	struct pollfd fds[2] = {{sock, POLLIN, 0}, {stop_fd, POLLIN, 0}};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	return !(fds[1].revents & POLLIN);
}

static int reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* With its own children, which die when it does and are ours then. */
static int kill_and_reap(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	status = reap(pid);
	while (waitpid(-pid, NULL, 0) > 0 || errno == EINTR)
		; /* those of its process group */
	return status;
}

static int talk(const struct loader_request *r, struct loaded *l, pid_t pid, int sock, int out)
{
	struct loader_reply reply = {0};
	int status;

	if (!wait_for_child(sock, r->stop_fd)) {
		kill_and_reap(pid);
		return 1;
	}
	if (!receive(sock, &reply, l, r->attach == ATTACH_RAW)) {
		status = kill_and_reap(pid);
		say_output(out, 20);
		if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
			say_error("the compiler crashed (%s); is libbcc made for another LLVM?",
				  strsignal(WTERMSIG(status)));
		else
			say_error("the compiler ended without a result; is memory short?");
		return -1;
	}
	/* it has descriptors of ours, the ping's socket for one, which must be nobody's at the end
	 */
	reap(pid);
	if (reply.status != LOADER_OK || l->n_held == 0) {
		say_failure(r, &reply, out);
		return -1;
	}
	if (r->options->verbosity >= VERBOSE)
		say_output(out, SIZE_MAX - 1);
	if (*reply.missing)
		say_warning(r->options->verbosity, "%s", reply.missing);
	if (reply.left_out)
		say_warning(r->options->verbosity,
			    "netfilter chains are not shown: their probes do not compile with the "
			    "types of this kernel%s",
			    r->options->verbosity >= VERBOSE
				    ? ""
				    : "; -v shows the compiler's messages");
	if (reply.loads)
		say_detail(r->options->verbosity,
			   "probes load from the kernel's structures (bpf_rdonly_cast)");
	if (reply.no_loads)
		say_detail(r->options->verbosity,
			   "the kernel refuses probes that load from its structures; "
			   "they call helpers instead");
	if (reply.by_two)
		say_detail(r->options->verbosity, "probes compiled by two processes at once");
	if (reply.n_kept == reply.n_units && !reply.left_out)
		say_detail(r->options->verbosity, "probes as compiled by an earlier run");
	say_points(r, &reply);
	say_phases(r, &reply);
	return 0;
}

int loader_run(const struct loader_request *r, struct loaded *l)
{
	int socks[2], out, ret;
	pid_t pid;

	*l = (struct loaded){0};
	out = memfd_create("tracepkt-output", MFD_CLOEXEC);
	if (out < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socks)) {
		say_error("cannot start the compiler: %s", strerror(errno));
		if (out >= 0)
			close(out);
		return -1;
	}
	pid = start_child(r, socks[1], socks[0], out);
	close(socks[1]);
	if (pid < 0) {
		say_error("cannot start the compiler: %s", strerror(errno));
		ret = -1;
	} else {
		ret = talk(r, l, pid, socks[0], out);
	}
	close(socks[0]);
	close(out);
	return ret;
}

void loader_close(struct loaded *l)
{
	while (l->n_held) /* links before programs, and those before what they call */
		close(l->held[--l->n_held]);
	for (unsigned int i = 0; i < l->n_units; i++) {
		close(l->events_fds[i]);
		if (l->counter_fds[i] >= 0)
			close(l->counter_fds[i]);
		if (l->wanted_fds[i] >= 0)
			close(l->wanted_fds[i]);
		if (l->followed_fds[i] >= 0)
			close(l->followed_fds[i]);
	}
	*l = (struct loaded){0};
}

void loader_set_seq(const struct loaded *l, struct event_wanted *wanted, uint16_t seq)
{
	int zero = 0;

	wanted->seq = htons(seq);
	if (!wanted->socket) /* only who is known by its socket needs the number: follow.h */
		return;
	for (unsigned int i = 0; i < l->n_units; i++)
		if (l->wanted_fds[i] >= 0)
			bpf_update_elem(l->wanted_fds[i], &zero, wanted, BPF_ANY);
}
