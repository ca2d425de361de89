/* The child: makes the plan, has each unit's image got (loader_image.c), loads and attaches it
 * (attach.c), and sends what is to be held. */
#include "loader_child.h"
#include "attach.h"
#include "attach_points.h"
#include "loader_image.h"
#include "loader_work.h"
#include "util.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Perf tracepoints need them. */
static int find_offsets(struct work *w)
{
	if (w->r->attach != ATTACH_TRACEPOINT)
		return 0;
	record_offsets_find(&w->offsets);
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].category && w->offsets.skb[i] < 0 &&
		    attach_points[i].need == POINT_NEEDED)
			return work_fail(w, LOADER_NO_TRACEPOINT, i, ENOENT);
	return 0;
}

/*
 * What one unit knows of the packets that are followed, the other must know. Returns the set of 1
 * << enum loader_map that the first unit has for both.
 */
static uint32_t share_maps(const struct work *w, const char *const *names)
{
	uint32_t shared = 0;

	for (unsigned int i = LOADER_MAP_COUNTERS; i < LOADER_MAPS; i++)
		if (image_share_map(w->image, w->first, names[i]))
			shared |= 1U << i;
	image_share_map(w->image, w->first, "latest");
	image_share_map(w->image, w->first, "fragments");
	return shared;
}

/* Finds the maps that we work with, and tells the probes which packets are ours. */
static int set_up_maps(struct work *w, size_t unit)
{
	static const char *const names[LOADER_MAPS] = {"events", "counters", "wanted", "followed"};
	int *maps = &w->maps[LOADER_MAPS * unit], zero = 0;

	w->reply.no_map[unit] = 0;
	if (w->first)
		w->reply.no_map[unit] = share_maps(w, names);
	for (unsigned int i = 0; i < LOADER_MAPS; i++) {
		int fd = image_map_fd(w->image, names[i]);

		maps[i] = fd;
		if (fd >= 0 && !(w->reply.no_map[unit] & 1U << i))
			continue;
		if (fd < 0 && i <= LOADER_MAP_COUNTERS)
			return work_fail(w, LOADER_NO_PROGRAM, 0, 0);
		/* shared; or an edited probe has its own idea of what is ours */
		w->reply.no_map[unit] |= 1U << i;
		maps[i] = maps[LOADER_MAP_EVENTS];
	}
	if (!(w->reply.no_map[unit] & 1U << LOADER_MAP_WANTED) &&
	    bpf_update_elem(maps[LOADER_MAP_WANTED], &zero, (void *)w->r->wanted, BPF_ANY))
		return work_fail(w, LOADER_MAP_FAILED, 0, errno);
	return 0;
}

static int attach_unit(struct work *w)
{
	bool exists[LOADER_MAX_POINTS];
	struct attaching a = {.image = w->image,
			      .way = w->r->attach,
			      .strict = w->r->options->probe_dir || w->kept || w->unit.rdonly_cast,
			      .told = &w->reply,
			      .held = w->held};

	for (size_t i = 0; i < n_attach_points; i++)
		exists[i] = w->offsets.skb[i] >= 0;
	a.exists = exists;
	return attach_groups(&a, w->unit.groups);
}

/* A unit of our own text whose netfilter part does not compile is done without that. */
static bool leave_out_netfilter(struct work *w)
{
	if (w->reply.status != LOADER_COMPILE_FAILED || !(w->unit.groups & GROUPS_NETFILTER) ||
	    w->r->options->probe_dir)
		return false;
	w->reply.left_out = 1;
	w->unit.groups &= GROUP_DEVICES;
	w->unit.text = w->plan.devices_text;
	return true;
}

/* Is it the image that is wrong, and not the moment? */
static bool is_refused(const struct work *w)
{
	switch (w->reply.status) {
	case LOADER_NO_PROGRAM:
		return true;
	case LOADER_LOAD_FAILED:
		return w->reply.error != EMFILE && w->reply.error != ENFILE &&
		       w->reply.error != ENOMEM && w->reply.error != EPERM &&
		       w->reply.error != EAGAIN;
	default:
		return false;
	}
}

/* Takes back what was done with the unit's image, of which some maps are held, too. */
static void take_back(struct work *w, uint32_t n_held)
{
	while (w->reply.n_held > n_held) {
		int fd = w->held[--w->reply.n_held];

		if (!image_has_map(w->image, fd))
			close(fd);
	}
	image_close_maps(w->image, w->first);
	image_free(w->image);
	w->image = NULL;
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].group & w->unit.groups)
			w->reply.points[i] = (struct loader_point){.state = POINT_MISSING};
	for (size_t i = 0; i < n_called_programs; i++)
		if (called_programs[i].groups & w->unit.groups)
			w->reply.called[i] = (struct loader_point){.state = POINT_MISSING};
}

/*
 * Whatever is wrong with a kept image, a new one may be right; and where the kernel refuses a
 * program that loads from its structures, it may take one that calls helpers.
 */
static bool try_again(struct work *w, uint32_t n_held)
{
	if (!is_refused(w) || (!w->kept && !w->unit.rdonly_cast))
		return false;
	w->no_loads = !w->kept;
	w->refused = w->kept;
	take_back(w, n_held);
	return true;
}

static void leave_out_loads(struct work *w)
{
	w->unit.n_defines -= w->unit.n_load_defines;
	w->unit.rdonly_cast = 0;
	w->reply.no_loads = 1;
}

/* The unit that w->unit says, at its first try or another one. */
static int try_unit(struct work *w, size_t unit)
{
	int ret = loader_image_get(w);

	if (ret && leave_out_netfilter(w)) {
		if (!w->unit.groups)
			return 0;
		ret = loader_image_get(w);
	}
	return ret || set_up_maps(w, unit) || attach_unit(w) ? -1 : 0;
}

static int do_unit(struct work *w, size_t unit)
{
	uint32_t n_held = w->reply.n_held;

	w->unit = w->plan.units[unit];
	w->reply.types = w->unit.types.source;
	w->refused = w->no_loads = false;
	while (try_unit(w, unit)) {
		if (!try_again(w, n_held))
			return -1;
		if (w->no_loads)
			leave_out_loads(w);
	}
	if (!w->unit.groups)
		return 0;
	w->reply.loads |= loader_image_has_loads(w);
	loader_image_keep(w);
	if (!w->first)
		w->first = w->image;
	w->reply.n_kept += w->kept;
	w->reply.n_units++;
	return 0;
}

/* While libbcc is being loaded, if it is likely to be needed. */
static int make_plan(struct work *w)
{
	uint64_t begin = now_ns();

	loader_image_expect(w);
	if (probe_plan_make(&w->plan, w->r->options, w->r->wanted->socket != 0, w->r->dir))
		return work_fail(w, LOADER_SAID, 0, 0);
	w->reply.spent_ns[PHASE_TYPES] = now_ns() - begin;
	memcpy(w->reply.missing, w->plan.missing, sizeof(w->reply.missing));
	return 0;
}

static void do_all(struct work *w)
{
	if (find_offsets(w))
		return;
	for (size_t i = 0; i < w->plan.n_units; i++)
		if (do_unit(w, i))
			return;
	w->reply.status = LOADER_OK;
}

static void send_reply(const struct work *w, int sock)
{
	char control[CMSG_SPACE(sizeof(w->maps) + sizeof(w->held))];
	struct loader_reply reply = w->reply;
	struct iovec iov = {&reply, sizeof(reply)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (reply.status == LOADER_OK) {
		size_t maps = sizeof(int) * LOADER_MAPS * reply.n_units,
		       held = sizeof(int) * reply.n_held;
		struct cmsghdr *c = (struct cmsghdr *)control;

		memset(control, 0, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(maps + held);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(maps + held);
		memcpy(CMSG_DATA(c), w->maps, maps);
		memcpy(CMSG_DATA(c) + maps, w->held, held);
	}
	while (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void loader_child_main(const struct loader_request *r, int sock, int out)
{
	const char *given = getenv("BCC_KERNEL_SOURCE");
	struct work w = {.r = r};

	snprintf(w.given, sizeof(w.given), "%s", given ? given : "");
	signal(SIGPIPE, SIG_DFL);
	if (make_plan(&w) == 0) {
		setpgid(0, 0); /* from here on nothing is written to a terminal */
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		do_all(&w);
	}
	fflush(stdout);
	fflush(stderr);
	send_reply(&w, sock);
}
