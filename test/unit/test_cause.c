/* cause: why a packet was dropped, checked against the system. */
#include "cause.h"
#include "attach_points.h"
#include "outcome_support.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static struct fake_host host;
static struct way way;

static void set_up(void)
{
	fake_host_init(&host);
	memset(&way, 0, sizeof(way));
	fake_arrive(&way, ROUTER, "left", true);
}

static void expect_cause(const char *reason, const char *function, const char *word,
			 const char *text)
{
	struct cause_query q = {
		.c = &host.context,
		.way = &way,
		.passage = &way.passages[EVENT_REQUEST],
		.at = &way.passages[EVENT_REQUEST].drops[0],
		.reason = reason,
		.function = function,
	};
	struct cause cause;

	cause_of_drop(&q, &cause);
	ck_assert_str_eq(cause.text, text);
	ck_assert_str_eq(cause.word, word);
}

/* Where nothing is known: the kernel's words, and no more. */
START_TEST(test_unknown)
{
	expect_cause("SOME_REASON", "some_function", "other",
		     ": the kernel's reason is SOME_REASON, in some_function()");
	expect_cause(NULL, "some_function", "other", ": the kernel did that in some_function()");
	expect_cause("SOME_REASON", NULL, "other", ": the kernel's reason is SOME_REASON");
	expect_cause(NULL, NULL, "other", "");
	way.passages[EVENT_REQUEST].drops[0].drop.error = 2;
	expect_cause(NULL, NULL, "other", ": the device's driver returned 2");
}
END_TEST

static const char *const rp_reasons[] = {"IP_RPFILTER", NULL, "NOT_SPECIFIED"};

START_TEST(test_rp_filter)
{
	const char *function = rp_reasons[_i] && _i == 0 ? NULL : "ip_rcv_finish_core";

	fake_host_set(&host, ROUTER, "net/ipv4/conf/all/rp_filter", 0);
	fake_host_set(&host, ROUTER, "net/ipv4/conf/left/rp_filter", 1);
	host.route = (struct system_route){.type = ROUTE_UNICAST, .oif = 7, .oifname = "right"};
	expect_cause(rp_reasons[_i], function, "rp_filter",
		     ": reverse path filtering, for the route back to 192.0.2.1 is by device right "
		     "(net.ipv4.conf.left.rp_filter = 1)");
	host.route = (struct system_route){.type = ROUTE_NONE};
	expect_cause(rp_reasons[_i], function, "rp_filter",
		     ": reverse path filtering, for there is no route back to 192.0.2.1 "
		     "(net.ipv4.conf.left.rp_filter = 1)");
}
END_TEST

/* It is off, or the route is the right one: then that was not it. */
START_TEST(test_not_rp_filter)
{
	fake_host_set(&host, ROUTER, "net/ipv4/conf/all/rp_filter", 0);
	fake_host_set(&host, ROUTER, "net/ipv4/conf/left/rp_filter", _i);
	host.route = (struct system_route){.type = ROUTE_UNICAST, .oif = 2, .oifname = "left"};
	expect_cause(NULL, "ip_rcv_finish_core", "other",
		     ": the kernel did that in ip_rcv_finish_core()");
}
END_TEST

static const struct {
	enum system_route_type type;
	bool by_rule;
	const char *word, *text;
} routes[] = {
	{ROUTE_NONE, false, "no_route", ": there is no route to 198.51.100.2 there"},
	{ROUTE_BLACKHOLE, false, "route_blackhole",
	 ": the route to 198.51.100.2 there is of type blackhole"},
	{ROUTE_UNREACHABLE, false, "route_unreachable",
	 ": the route to 198.51.100.2 there is of type unreachable"},
	{ROUTE_PROHIBIT, true, "route_prohibit",
	 ": a rule of policy routing there (ip rule) says prohibit for 198.51.100.2"},
};

START_TEST(test_routes)
{
	fake_host_set(&host, ROUTER, "net/ipv4/conf/left/forwarding", 1);
	host.route = (struct system_route){.type = routes[_i].type, .by_rule = routes[_i].by_rule};
	expect_cause(NULL, "ip_error", routes[_i].word, routes[_i].text);
	expect_cause("IP_INNOROUTES", NULL, routes[_i].word, routes[_i].text);
}
END_TEST

START_TEST(test_forwarding6)
{
	way.passages[EVENT_REQUEST].drops[0].family = 6;
	fake_host_set(&host, ROUTER, "net/ipv6/conf/all/forwarding", 0);
	expect_cause(NULL, "ip6_forward", "forwarding_off",
		     ": IPv6 forwarding is off there (net.ipv6.conf.all.forwarding = 0)");
}
END_TEST

START_TEST(test_forwarding_of_one_device)
{
	fake_host_set(&host, ROUTER, "net/ipv4/conf/left/forwarding", 0);
	fake_host_set(&host, ROUTER, "net/ipv4/ip_forward", 1);
	expect_cause(NULL, "ip_error", "forwarding_off",
		     ": IP forwarding is off there (net.ipv4.conf.left.forwarding = 0)");
}
END_TEST

START_TEST(test_ttl)
{
	way.passages[EVENT_REQUEST].drops[0].ttl = 1;
	expect_cause("IP_INHDR", "ip_forward", "ttl", ": its ttl of 64 was spent there");
	way.passages[EVENT_REQUEST].first.ttl = 0;
	expect_cause(NULL, "ip_forward", "ttl", ": its ttl was spent there");
	way.passages[EVENT_REQUEST].drops[0].family = 6;
	expect_cause(NULL, "ip6_forward", "ttl", ": its hop limit was spent there");
}
END_TEST

START_TEST(test_mtu)
{
	host.route = (struct system_route){.type = ROUTE_UNICAST, .oif = 3, .oifname = "right"};
	host.link = fake_link("right", "veth");
	host.link.mtu = 1400;
	host.context.packet_bytes = 1428;
	expect_cause("PKT_TOO_BIG", "ip_forward", "mtu",
		     ": its 1428 bytes are too many for device right, whose mtu is 1400, and it "
		     "may not be fragmented");
	host.context.packet_bytes = 84; /* small enough: somebody else may have told */
	expect_cause("PKT_TOO_BIG", "ip_forward", "mtu",
		     ": it is too big for the way that it was to go on");
	expect_cause(NULL, "ip_forward", "other", ": the kernel did that in ip_forward()");
	way.error = (struct heard_error){
		.heard = true, .family = 4, .type = 3, .code = 4, .info = 1300};
	expect_cause(NULL, "ip_forward", "mtu", ": it is too big for the way that it was to go on");
}
END_TEST

START_TEST(test_martian)
{
	way.passages[EVENT_REQUEST].drops[0].saddr[0] = 198; /* an address of its own, */
	host.local_netns = ROUTER;
	expect_cause(NULL, "ip_rcv_finish_core", "martian",
		     ": martian source, for 198.0.2.1 is an address of that namespace itself");
	way.passages[EVENT_REQUEST].drops[0].saddr[0] = 127;
	expect_cause("IP_LOCALNET", NULL, "martian",
		     ": martian source, for nothing may come in by a device from 127.0.2.1");
}
END_TEST

START_TEST(test_neighbour)
{
	host.route = (struct system_route){.type = ROUTE_UNICAST,
					   .oif = 3,
					   .oifname = "right",
					   .gateway = {4, {203, 0, 113, 9}}};
	host.link = fake_link("right", "veth");
	host.neigh = (struct system_neigh){NEIGH_FAILED, 0};
	expect_cause("NEIGH_FAILED", NULL, "neighbour",
		     "nobody at 203.0.113.9 answers ARP in netns router on right (neighbour "
		     "FAILED)");
	host.neigh.state = NEIGH_REACHABLE;
	expect_cause("NEIGH_FAILED", NULL, "other", ": the kernel's reason is NEIGH_FAILED");
}
END_TEST

START_TEST(test_firewall)
{
	expect_cause("NETFILTER_DROP", NULL, "firewall",
		     " by netfilter, but in no chain: probably connection tracking, a queue "
		     "without a program, or IPVS");
	host.rules = GROUP_NFTABLES;
	expect_cause("NETFILTER_DROP", NULL, "firewall",
		     ", probably by a firewall rule (nftables has tables there, but chains cannot "
		     "be traced here)");
	fake_host_set(&host, ROUTER, "net/netfilter/nf_conntrack_count", 100);
	fake_host_set(&host, ROUTER, "net/netfilter/nf_conntrack_max", 100);
	expect_cause(NULL, "nf_hook_slow", "conntrack_full",
		     ": the table of connection tracking is full "
		     "(net.netfilter.nf_conntrack_count = 100, nf_conntrack_max = 100)");
}
END_TEST

START_TEST(test_invalid)
{
	struct hop_chain c = {.nftables = true,
			      .pf = EVENT_PF_IPV4,
			      .table_family = EVENT_PF_INET,
			      .hook = 2,
			      .table = "fw",
			      .name = "forward"};
	struct step at = fake_step(29, EVENT_CHAIN, ROUTER, "left");

	way_chain(&way.passages[EVENT_REQUEST], &at, &c, EVENT_CT_NONE);
	expect_cause(NULL, "nf_hook_slow", "firewall", " by nftables inet fw.forward (DROP)");
	fake_host_set(&host, ROUTER, "net/netfilter/nf_conntrack_count", 5);
	fake_host_set(&host, ROUTER, "net/netfilter/nf_conntrack_max", 100);
	expect_cause(NULL, "nf_hook_slow", "firewall",
		     " by nftables inet fw.forward (DROP; connection tracking calls it invalid)");
	way.passages[EVENT_REQUEST].ct = EVENT_CT_UNTRACKED;
	expect_cause(NULL, "nf_hook_slow", "firewall", " by nftables inet fw.forward (DROP)");
}
END_TEST

START_TEST(test_chain_that_drops)
{
	host.rules = GROUP_NFTABLES;
	expect_cause("NETFILTER_DROP", "nft_do_chain", "firewall",
		     " by a rule of nftables, whose chains cannot be traced here");
	expect_cause(
		NULL, "nf_queue", "queue",
		": a firewall rule sent it to a queue (NFQUEUE), and probably no program reads "
		"that");
}
END_TEST

START_TEST(test_bridge)
{
	host.link = fake_link("br0", "bridge");
	host.n_ports = 2;
	host.ports[0] = fake_link("va", "veth");
	host.ports[0].bridge_state = 3;
	host.ports[1] = fake_link("vb", "veth");
	host.ports[1].bridge_state = 4;
	expect_cause("NO_TX_TARGET", NULL, "bridge",
		     ": the bridge br0 had no port to send it out by (vb is in state blocking)");
	expect_cause(NULL, "br_flood", "bridge",
		     ": probably the bridge br0 had no port to send it out by (vb is in state "
		     "blocking)");
}
END_TEST

static const struct {
	const char *reason, *function, *word, *text;
} devices[] = {
	{"QDISC_DROP", NULL, "qdisc", " by the queue of eth0 (tc qdisc pfifo)"},
	{"XDP", NULL, "xdp", " by the XDP program of eth0 (id 12)"},
	{NULL, "do_xdp_generic", "xdp", " by the XDP program of eth0 (id 12)"},
	{"TC_INGRESS", NULL, "tc", " by a tc filter or program at the ingress of eth0"},
	{"TC_EGRESS", NULL, "tc", " by a tc filter or program at the egress of eth0"},
	{NULL, "__netif_receive_skb_core", "tc",
	 ", probably by a tc filter or program at the ingress of eth0"},
	{"CPU_BACKLOG", NULL, "backlog",
	 ": the CPU's backlog of received packets is full (net.core.netdev_max_backlog)"},
};

START_TEST(test_device)
{
	host.link = fake_link("eth0", "veth");
	host.link.xdp_id = 12;
	host.link.tc_ingress = host.link.tc_egress = true;
	snprintf(host.link.qdisc, sizeof(host.link.qdisc), "pfifo");
	expect_cause(devices[_i].reason, devices[_i].function, devices[_i].word, devices[_i].text);
}
END_TEST

/* None of that is there: the kernel's words. */
START_TEST(test_device_without)
{
	const char *function = devices[_i].function;

	host.link = fake_link("eth0", "veth");
	if (_i < 6 && function)
		expect_cause(NULL, function, "other",
			     function[0] == 'd' ? ": the kernel did that in do_xdp_generic()"
						: ": the kernel did that in "
						  "__netif_receive_skb_core()");
}
END_TEST

Suite *cause_suite(void)
{
	Suite *s = suite_create("cause");
	TCase *c = tcase_create("cause");

	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, test_unknown);
	tcase_add_loop_test(c, test_rp_filter, 0, N_OF(rp_reasons));
	tcase_add_loop_test(c, test_not_rp_filter, 0, 2);
	tcase_add_loop_test(c, test_routes, 0, N_OF(routes));
	tcase_add_test(c, test_forwarding6);
	tcase_add_test(c, test_forwarding_of_one_device);
	tcase_add_test(c, test_ttl);
	tcase_add_test(c, test_mtu);
	tcase_add_test(c, test_martian);
	tcase_add_test(c, test_neighbour);
	tcase_add_test(c, test_firewall);
	tcase_add_test(c, test_invalid);
	tcase_add_test(c, test_chain_that_drops);
	tcase_add_test(c, test_bridge);
	tcase_add_loop_test(c, test_device, 0, N_OF(devices));
	tcase_add_loop_test(c, test_device_without, 0, N_OF(devices));
	suite_add_tcase(s, c);
	return s;
}
