/* The child: the only place where libbcc compiles, loads and attaches. */
#include "loader_child.h"
#include "attach_points.h"
#include "compat_bcc.h"
#include "insns.h"
#include "say.h"
#include "tracefs.h"
#include "util.h"

#include <bcc/bcc_common.h>
#include <bcc/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOG_BYTES   (1 << 20)
#define MAX_DEFINES 64

struct work {
	const struct loader_request *r;
	struct loader_reply reply;
	int fds[2 + 2 * LOADER_MAX_PROGRAMS];
	int skb_offset[LOADER_MAX_PROGRAMS]; /* of skbaddr in the record; -1: no such tracepoint */
	void *module;
};

static int fail(struct work *w, enum loader_status status, size_t point, int error)
{
	w->reply.status = status;
	w->reply.point = (uint32_t)point;
	w->reply.error = error;
	return -1;
}

/* For perf tracepoints: where skbaddr is, which is also how to know that a tracepoint exists. */
static int find_offsets(struct work *w)
{
	if (w->r->attach != ATTACH_TRACEPOINT)
		return 0;
	for (size_t i = 0; i < n_attach_points; i++) {
		const struct attach_point *p = &attach_points[i];

		w->skb_offset[i] = tracefs_field_offset(p->category, p->name, "skbaddr");
		if (w->skb_offset[i] < 0 && p->need == POINT_NEEDED)
			return fail(w, LOADER_NO_TRACEPOINT, i, ENOENT);
	}
	return 0;
}

static void set_environment(const struct kernel_types *t)
{
	if (*t->bcc_kernel_source)
		setenv("BCC_KERNEL_SOURCE", t->bcc_kernel_source, 1);
	unsetenv("BCC_LINUX_VERSION_CODE");
}

static int compile(struct work *w)
{
	const char *flags[MAX_DEFINES + LOADER_MAX_PROGRAMS];
	char offsets[LOADER_MAX_PROGRAMS][96];
	int n = 0;

	flags[n++] = "-Wno-unused-function";
	/* since 6.19 the kernel embeds tagged structs without a member name (ns_common, for one) */
	flags[n++] = "-fms-extensions";
	flags[n++] = "-Wno-microsoft-anon-tag";
	for (const char *const *d = w->r->defines; *d && n < MAX_DEFINES - 2; d++)
		flags[n++] = *d;
	if (w->r->attach == ATTACH_RAW)
		flags[n++] = "-DTP_RAW";
	else
		for (size_t i = 0; i < n_attach_points; i++)
			if (w->skb_offset[i] >= 0) {
				snprintf(offsets[i], sizeof(offsets[i]), "-DTP_SKBADDR_%s=%d",
					 attach_points[i].name, w->skb_offset[i]);
				flags[n++] = offsets[i];
			}
	w->module = bpf_module_create_c_from_string(w->r->text, 0, flags, n, true, NULL);
	if (!w->module) {
		/* libbcc makes the maps on the way; could it? */
		int map = bcc_create_map(BPF_MAP_TYPE_ARRAY, "tracepkt_test", 4, 8, 1, 0);

		return map < 0 ? fail(w, LOADER_MAP_FAILED, 0, errno)
			       : fail(w, LOADER_COMPILE_FAILED, 0, 0);
	}
	w->fds[0] = bpf_table_fd(w->module, "events");
	w->fds[1] = bpf_table_fd(w->module, "lost");
	if (w->fds[0] < 0 || w->fds[1] < 0)
		return fail(w, LOADER_NO_PROGRAM, 0, 0);
	return 0;
}

/* The descriptor of the loaded program, or -1. The verifier's log goes to standard error. */
static int load(struct work *w, size_t point, const char *function)
{
	int type = w->r->attach == ATTACH_RAW ? BPF_PROG_TYPE_RAW_TRACEPOINT
					      : BPF_PROG_TYPE_TRACEPOINT;
	struct bpf_insn *insns = bpf_function_start(w->module, function);
	size_t size = bpf_function_size(w->module, function);
	char *license = bpf_module_license(w->module), *log;
	unsigned int version = bpf_module_kern_version(w->module);
	int fd, error;

	if (!insns || !size)
		return fail(w, LOADER_NO_PROGRAM, point, 0);
	w->reply.points[point].instructions = (uint32_t)(size / sizeof(*insns));
	w->reply.points[point].loops = insns_have_loop(insns, size / sizeof(*insns));
	fd = compat_bcc_func_load(w->module, type, function, insns, (int)size, license, version, 0,
				  NULL, 0);
	if (fd >= 0)
		return fd;
	error = errno;
	log = malloc(LOG_BYTES); /* once more, this time with the verifier's reasons */
	if (log) {
		*log = '\0';
		fd = compat_bcc_func_load(w->module, type, function, insns, (int)size, license,
					  version, 1, log, LOG_BYTES);
		fprintf(stderr, "\n%s\n", log);
		free(log);
		if (fd >= 0)
			return fd;
	}
	return fail(w, LOADER_LOAD_FAILED, point, error);
}

static int attach(struct work *w, size_t point, int program)
{
	const struct attach_point *p = &attach_points[point];
	int link, error;

	errno = 0;
	if (w->r->attach == ATTACH_RAW)
		link = bpf_attach_raw_tracepoint(program, p->name);
	else
		link = bpf_attach_tracepoint(program, p->category, p->name);
	if (link >= 0)
		return link;
	error = errno ? errno : EIO;
	if (error == ENOENT)
		return p->need == POINT_NEEDED ? fail(w, LOADER_NO_TRACEPOINT, point, error) : -2;
	return fail(w, LOADER_ATTACH_FAILED, point, error);
}

static int load_and_attach(struct work *w)
{
	for (size_t i = 0; i < n_attach_points; i++) {
		char function[64];
		int program, link;

		if (w->skb_offset[i] < 0)
			continue;
		snprintf(function, sizeof(function), "on_%s", attach_points[i].name);
		program = load(w, i, function);
		if (program < 0)
			return -1;
		link = attach(w, i, program);
		if (link == -2) { /* this kernel lacks the point, and we can do without */
			close(program);
			continue;
		}
		if (link < 0)
			return -1;
		w->fds[2 + 2 * w->reply.n_programs] = program;
		w->fds[3 + 2 * w->reply.n_programs] = link;
		w->reply.n_programs++;
		w->reply.points[i].state = POINT_ATTACHED;
	}
	w->reply.status = LOADER_OK;
	return 0;
}

static void send_reply(const struct work *w, int sock)
{
	char control[CMSG_SPACE(sizeof(w->fds))];
	struct loader_reply reply = w->reply;
	struct iovec iov = {&reply, sizeof(reply)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (reply.status == LOADER_OK) {
		size_t bytes = sizeof(int) * (2 + 2 * reply.n_programs);
		struct cmsghdr *c = (struct cmsghdr *)control;

		memset(control, 0, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(bytes);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(bytes);
		memcpy(CMSG_DATA(c), w->fds, bytes);
	}
	while (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void loader_child_main(const struct loader_request *r, int sock, int out)
{
	struct work w = {.r = r};

	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	set_environment(r->types);
	if (find_offsets(&w) == 0 && compile(&w) == 0)
		load_and_attach(&w);
	fflush(stdout);
	fflush(stderr);
	send_reply(&w, sock);
}
