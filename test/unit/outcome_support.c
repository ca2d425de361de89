/* The made-up host. */
#include "outcome_support.h"
#include "support.h"

#include <string.h>

static int setting(void *ctx, uint32_t netns, const char *path, long *value)
{
	struct fake_host *h = ctx;

	h->questions++;
	for (int i = 0; i < MAX_SETTINGS; i++)
		if (h->settings[i].path && h->settings[i].netns == netns &&
		    strcmp(h->settings[i].path, path) == 0) {
			*value = h->settings[i].value;
			return 0;
		}
	return -1;
}

static int route(void *ctx, uint32_t netns, const struct system_route_query *q,
		 struct system_route *r)
{
	struct fake_host *h = ctx;

	(void)netns;
	(void)q;
	h->questions++;
	*r = h->route;
	return h->route.type == ROUTE_OTHER ? -1 : 0;
}

static int neigh(void *ctx, uint32_t netns, uint32_t ifindex, const struct system_address *a,
		 struct system_neigh *n)
{
	struct fake_host *h = ctx;

	(void)netns;
	(void)ifindex;
	(void)a;
	h->questions++;
	*n = h->neigh;
	return 0;
}

static int get_link(void *ctx, uint32_t netns, uint32_t ifindex, struct system_link *l)
{
	struct fake_host *h = ctx;

	(void)netns;
	h->questions++;
	*l = ifindex == 99 ? h->peer : h->link;
	return *l->name ? 0 : -1;
}

static unsigned int rules(void *ctx, uint32_t netns)
{
	struct fake_host *h = ctx;

	(void)netns;
	h->questions++;
	return h->rules;
}

static int local(void *ctx, uint32_t netns, const struct system_address *a)
{
	struct fake_host *h = ctx;

	h->questions++;
	return netns == h->local_netns && a->bytes[0] == 198;
}

static int ports(void *ctx, uint32_t netns, uint32_t bridge, struct system_link *to, size_t max)
{
	struct fake_host *h = ctx;

	(void)netns;
	(void)bridge;
	h->questions++;
	for (size_t i = 0; i < h->n_ports && i < max; i++)
		to[i] = h->ports[i];
	return (int)h->n_ports;
}

static const struct system_ops fake_system = {
	.ports = ports,
	.setting = setting,
	.route = route,
	.neigh = neigh,
	.link = get_link,
	.rules = rules,
	.is_local = local,
};

static const char *netns_name(void *ctx, uint32_t netns)
{
	(void)ctx;
	return netns == WEB ? "web" : netns == ROUTER ? "router" : NULL;
}

static const char *function(void *ctx, uint64_t location)
{
	const struct fake_host *h = ctx;

	(void)location;
	return h->function;
}

static const char *reason(void *ctx, uint32_t number)
{
	const struct fake_host *h = ctx;

	(void)number;
	return h->reason;
}

void fake_host_init(struct fake_host *h)
{
	*h = (struct fake_host){
		.context = {.system = &fake_system,
			    .system_ctx = h,
			    .netns = OWN,
			    .here = OWN,
			    .target = {4, {198, 51, 100, 2}},
			    .packet_bytes = 84,
			    .timeout_ns = 1000000000,
			    .names_ctx = h,
			    .netns_name = netns_name,
			    .function = function,
			    .reason = reason},
		.route = {.type = ROUTE_OTHER},
		.local_netns = WEB,
	};
}

void fake_host_set(struct fake_host *h, uint32_t netns, const char *path, long value)
{
	int i = 0;

	while (h->settings[i].path)
		i++;
	ck_assert_int_lt(i, MAX_SETTINGS);
	h->settings[i].netns = netns;
	h->settings[i].path = path;
	h->settings[i].value = value;
}

struct system_link fake_link(const char *name, const char *kind)
{
	struct system_link l = {.up = true, .carrier = true, .mtu = 1500, .bridge_state = -1};

	snprintf(l.name, sizeof(l.name), "%s", name);
	snprintf(l.kind, sizeof(l.kind), "%s", kind);
	snprintf(l.qdisc, sizeof(l.qdisc), "noqueue");
	return l;
}

struct step fake_step(uint64_t time, enum event_dir dir, uint32_t netns, const char *ifname)
{
	struct step s = {
		.time_ns = time * 1000,
		.dir = dir,
		.netns = netns,
		.ifindex = 2,
		.family = 4,
		.ttl = 64,
		.saddr = {192, 0, 2, 1},
		.daddr = {198, 51, 100, 2},
		.drop = {.location = 0x1234, .reason = 5},
	};

	snprintf(s.ifname, sizeof(s.ifname), "%s", ifname);
	return s;
}

void fake_arrive(struct way *w, uint32_t netns, const char *ifname, bool drop)
{
	struct passage *p = &w->passages[EVENT_REQUEST];
	struct step out = fake_step(10, EVENT_TX, OWN, "v0");
	struct step in = fake_step(20, EVENT_RX, netns, ifname);
	struct step end = fake_step(30, EVENT_END, netns, ifname);

	w->seq = 1;
	way_device(p, &out);
	way_device(p, &in);
	if (drop)
		way_drop(p, &end);
}

void expect_decision(struct fake_host *h, const struct way *w, const char *outcome,
		     const char *cause, const char *text)
{
	struct outcome o;

	outcome_decide(w, &h->context, &o);
	ck_assert_str_eq(o.text, text);
	ck_assert_str_eq(o.outcome, outcome);
	if (cause)
		ck_assert_str_eq(o.cause, cause);
	else
		ck_assert_ptr_null(o.cause);
}
