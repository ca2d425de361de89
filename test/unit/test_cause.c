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

/* Reasons that speak for themselves: nothing is asked. */
static const struct {
	const char *reason, *word, *text;
} plain[] = {
	{"ICMP_CSUM", "checksum", ": its ICMP checksum is wrong"},
	{"IP_CSUM", "checksum", ": the checksum of its IP header is wrong"},
	{"SKB_CSUM", "checksum", ": its checksum is wrong"},
	{"OTHERHOST", "otherhost", ": it was sent to another station's MAC address"},
	{"FRAG_REASM_TIMEOUT", "fragments", ": not all of its fragments came in time"},
	{"FRAG_TOO_FAR", "fragments", ": not all of its fragments came in time"},
	{"DUP_FRAG", "fragments", ": not all of its fragments came in time"},
	{"XFRM_POLICY", "ipsec", ": an IPsec policy forbids it"},
	{"NOMEM", "memory", ": the kernel had no memory for it"},
	{"SOCKET_FILTER", "socket_filter", ": the socket's filter refused it"},
	{"SOCKET_RCVBUFF", "socket_full", ": the socket that it is for is full"},
	{"UNHANDLED_PROTO", "protocol", ": nobody there takes its protocol"},
	{"TUNNEL_TXINFO", "tunnel", ": the tunnel has nowhere to send it"},
	{"VXLAN_NO_REMOTE", "tunnel", ": the tunnel has nowhere to send it"},
	{"VXLAN_ENTRY_EXISTS", "tunnel", ": the tunnel has nowhere to send it"},
	{"VXLAN_INVALID_HDR", "tunnel", ": the tunnel has nowhere to send it"},
	{"VXLAN_VNI_NOT_FOUND", "tunnel", ": the tunnel has nowhere to send it"},
};

START_TEST(test_plain)
{
	expect_cause(plain[_i].reason, "some_function", plain[_i].word, plain[_i].text);
	ck_assert_uint_eq(host.questions, 0);
}
END_TEST

/* Before there were reasons: what those functions drop a packet for that was well on its way. */
static const struct {
	const char *function, *word, *text;
} guesses[] = {
	{"icmp_rcv", "checksum", ": probably its ICMP checksum is wrong"},
	{"icmpv6_rcv", "checksum", ": probably its ICMP checksum is wrong"},
	{"ip_rcv_core", "otherhost_or_header",
	 ": probably it was sent to another station's MAC address, or its IP header is damaged"},
	{"ip6_rcv_core", "otherhost_or_header",
	 ": probably it was sent to another station's MAC address, or its IP header is damaged"},
};

START_TEST(test_guesses)
{
	expect_cause(NULL, guesses[_i].function, guesses[_i].word, guesses[_i].text);
	expect_cause("NOT_SPECIFIED", guesses[_i].function, guesses[_i].word, guesses[_i].text);
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

/* The chain that was seen sent it to a queue; whether it is the queue that dropped it, the function
 * tells. */
START_TEST(test_queue)
{
	struct hop_chain c = {
		.pf = EVENT_PF_IPV4, .hook = 1, .table = "filter", .verdict = 0x30003};
	struct step at = fake_step(29, EVENT_CHAIN, ROUTER, "left");

	way_chain(&way.passages[EVENT_REQUEST], &at, &c, EVENT_CT_TRACKED);
	expect_cause("NETFILTER_DROP", "nf_queue", "queue",
		     " by iptables filter.INPUT (QUEUE 3): probably no program reads that queue");
	expect_cause(NULL, "nf_queue", "queue",
		     " by iptables filter.INPUT (QUEUE 3): probably no program reads that queue");
	expect_cause(NULL, "nf_reinject", "firewall", " by iptables filter.INPUT (QUEUE 3)");
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

/* Devices in disorder; the other end of a veth is in web. */
static const struct {
	const char *reason, *function;
	bool up, carrier, peer_up;
	uint32_t peer_mtu;
	const char *word, *text;
} disorders[] = {
	{"DEV_READY", NULL, true, false, true, 1500, "no_carrier", ": eth0 has no carrier"},
	{"QDISC_DROP", NULL, false, true, true, 1500, "link_down", ": eth0 is down"},
	{NULL, "__dev_queue_xmit", false, false, true, 1500, "link_down", ": eth0 is down"},
	{"DEV_READY", NULL, true, true, false, 1500, "peer_down",
	 ": its other end, peer0 in netns web, is down"},
	{NULL, "veth_xmit", true, true, false, 1500, "peer_down",
	 ": its other end, peer0 in netns web, is down"},
	{NULL, "veth_xmit", true, true, true, 1400, "mtu",
	 ": its 1428 bytes are too many for the other end in netns web on peer0, whose mtu is "
	 "1400"},
};

START_TEST(test_disorder)
{
	host.link = fake_link("eth0", "veth");
	host.link.up = disorders[_i].up;
	host.link.carrier = disorders[_i].carrier;
	host.link.lower = 99;
	host.link.lower_elsewhere = true;
	host.link.peer_netns = WEB;
	host.peer = fake_link("peer0", "veth");
	host.peer.up = disorders[_i].peer_up;
	host.peer.mtu = disorders[_i].peer_mtu;
	host.context.packet_bytes = 1428;
	expect_cause(disorders[_i].reason, disorders[_i].function, disorders[_i].word,
		     disorders[_i].text);
}
END_TEST

static const struct {
	const char *reason, *function;
	bool carrier;
	const char *text;
} tuns[] = {
	{"DEV_READY", NULL, false, ": no program has opened tun0"},
	{NULL, "tun_net_xmit", false, ": no program has opened tun0"},
	{"FULL_RING", NULL, true,
	 ": the program behind tun0 does not read what is sent to it fast enough"},
	{NULL, "tun_net_xmit", true,
	 ": probably the program behind tun0 does not read what is sent to it fast enough"},
};

START_TEST(test_tun)
{
	host.link = fake_link("tun0", "tun");
	host.link.carrier = tuns[_i].carrier;
	expect_cause(tuns[_i].reason, tuns[_i].function, "tun", tuns[_i].text);
}
END_TEST

START_TEST(test_bridge_port)
{
	host.link = fake_link("va", "veth");
	host.link.bridge_state = 2;
	host.link.master = 99;
	host.peer = fake_link("br0", "bridge");
	expect_cause(NULL, "br_handle_frame", "bridge_port",
		     ": the bridge port va is in state learning");
	host.link.bridge_state = 3;
	expect_cause(NULL, "__allowed_ingress", "bridge_vlan",
		     " by the VLAN filtering of the bridge br0");
	host.peer.up = false;
	expect_cause(NULL, "br_handle_frame", "link_down", ": the bridge br0 is down");
}
END_TEST

Suite *cause_suite(void)
{
	Suite *s = suite_create("cause");
	TCase *c = tcase_create("cause");

	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, test_unknown);
	tcase_add_loop_test(c, test_plain, 0, N_OF(plain));
	tcase_add_loop_test(c, test_guesses, 0, N_OF(guesses));
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
	tcase_add_test(c, test_queue);
	tcase_add_test(c, test_chain_that_drops);
	tcase_add_test(c, test_bridge);
	tcase_add_test(c, test_bridge_port);
	tcase_add_loop_test(c, test_disorder, 0, N_OF(disorders));
	tcase_add_loop_test(c, test_tun, 0, N_OF(tuns));
	tcase_add_loop_test(c, test_device, 0, N_OF(devices));
	tcase_add_loop_test(c, test_device_without, 0, N_OF(devices));
	suite_add_tcase(s, c);
	return s;
}
