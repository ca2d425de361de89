/* What namespaces say of themselves, asked by procfs and rtnetlink. */
#include "system.h"
#include "netns.h"
#include "system_netlink.h"
#include "util.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct setting {
	const char *path; /* below /proc/sys */
	long value;
};

/* /proc/sys/net shows the namespace of the thread that looks. */
static int read_setting(void *arg)
{
	struct setting *s = arg;
	char path[PATH_MAX], line[64], *end;
	int n = snprintf(path, sizeof(path), "/proc/sys/%s", s->path);

	if (n < 0 || (size_t)n >= sizeof(path) || read_line(path, line, sizeof(line)))
		return -1;
	errno = 0;
	s->value = strtol(line, &end, 10);
	return errno || end == line || *end ? -1 : 0;
}

/* Does it lead out of /proc/sys? Names of devices may have dots in them. */
static bool goes_up(const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
			return true;
	}
	return false;
}

static int setting(void *ctx, uint32_t netns, const char *path, long *value)
{
	struct setting s = {.path = path};

	if (goes_up(path) || netns_table_visit(ctx, netns, read_setting, &s))
		return -1;
	*value = s.value;
	return 0;
}

static int open_socket(void *arg)
{
	return system_socket_open(arg);
}

static int route(void *ctx, uint32_t netns, const struct system_route_query *q,
		 struct system_route *r)
{
	struct system_socket s;
	int failed;

	if (netns_table_visit(ctx, netns, open_socket, &s))
		return -1;
	failed = system_ask_route(&s, q, r);
	system_socket_close(&s);
	return failed;
}

int system_route_here(const struct system_route_query *q, struct system_route *r)
{
	struct system_socket s;
	int failed;

	if (system_socket_open(&s))
		return -1;
	failed = system_ask_route(&s, q, r);
	system_socket_close(&s);
	return failed;
}

static int neigh(void *ctx, uint32_t netns, uint32_t ifindex, const struct system_address *a,
		 struct system_neigh *n)
{
	struct system_socket s;
	int failed;

	if (netns_table_visit(ctx, netns, open_socket, &s))
		return -1;
	failed = system_ask_neigh(&s, ifindex, a, n);
	system_socket_close(&s);
	return failed;
}

struct link_visit {
	struct system_socket s;
	uint32_t ifindex;
	bool ingress, egress; /* programs of tcx */
};

/* bpf(2) looks in the namespace this thread is in. */
static int visit_link(void *arg)
{
	struct link_visit *v = arg;

	v->ingress = system_has_tcx(v->ifindex, false);
	v->egress = system_has_tcx(v->ifindex, true);
	return system_socket_open(&v->s);
}

static int link_of(void *ctx, uint32_t netns, uint32_t ifindex, struct system_link *l)
{
	struct link_visit v = {.ifindex = ifindex};
	int failed;

	if (netns_table_visit(ctx, netns, visit_link, &v))
		return -1;
	failed = system_ask_link(&v.s, ifindex, l);
	system_socket_close(&v.s);
	if (failed)
		return -1;
	l->tc_ingress = l->tc_ingress || v.ingress;
	l->tc_egress = l->tc_egress || v.egress;
	return 0;
}

static int ports_of(void *ctx, uint32_t netns, uint32_t bridge, struct system_link *ports,
		    size_t max)
{
	struct system_socket s;
	int n;

	if (netns_table_visit(ctx, netns, open_socket, &s))
		return -1;
	n = system_ask_ports(&s, bridge, ports, max);
	system_socket_close(&s);
	return n;
}

static unsigned int rules(void *ctx, uint32_t netns)
{
	return netns_table_rules(ctx, netns);
}

static int is_local(void *ctx, uint32_t netns, const struct system_address *a)
{
	struct system_route_query q = {.to = *a};
	struct system_route r;

	if (route(ctx, netns, &q, &r))
		return -1;
	return r.type == ROUTE_LOCAL;
}

const struct system_ops system_of_host = {
	.setting = setting,
	.route = route,
	.neigh = neigh,
	.link = link_of,
	.ports = ports_of,
	.rules = rules,
	.is_local = is_local,
};
