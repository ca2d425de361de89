/* outcome: what became of a ping, from the facts of its way. */
#include "outcome_support.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <string.h>

static struct fake_host host;
static struct way way;

static void set_up(void)
{
	fake_host_init(&host);
	memset(&way, 0, sizeof(way));
	way.seq = 1;
}

static void expect_outcome(const char *outcome, const char *cause, const char *text)
{
	expect_decision(&host, &way, outcome, cause, text);
}

/* Dropped for want of memory, at a place. */
static void expect_no_memory(const char *outcome, const char *what)
{
	char text[128];

	snprintf(text, sizeof(text), "lost: %s: the kernel had no memory for it", what);
	expect_outcome(outcome, "memory", text);
}

static void hear(uint8_t type, uint8_t code)
{
	way.error = (struct heard_error){
		.heard = true, .family = 4, .from = {203, 0, 113, 1}, .type = type, .code = code};
}

/* The request crosses a chain of iptables. */
static void cross_chain(struct step at, uint8_t hook, const char *table, uint32_t verdict)
{
	struct hop_chain c = {.pf = EVENT_PF_IPV4, .hook = hook, .verdict = verdict};

	snprintf(c.table, sizeof(c.table), "%s", table);
	way_chain(&way.passages[EVENT_REQUEST], &at, &c, EVENT_CT_TRACKED);
}

/* The way of the request by a router to its target. */
static void steps_to_web(struct step steps[4])
{
	steps[0] = fake_step(10, EVENT_TX, OWN, "v0");
	steps[1] = fake_step(20, EVENT_RX, ROUTER, "left");
	steps[2] = fake_step(30, EVENT_TX, ROUTER, "right");
	steps[3] = fake_step(40, EVENT_RX, WEB, "eth0");
}

START_TEST(test_answered)
{
	way.answered = true;
	expect_outcome("answered", NULL, "");
}
END_TEST

START_TEST(test_answered_twice)
{
	way.answered = true;
	way.n_origins = 2;
	way.origins[0] = (struct origin){WEB, 2, "eth0"};
	way.origins[1] = (struct origin){OWN, 3, "lan"};
	expect_outcome("answered", "duplicate_address",
		       "answered more than once: replies were made in netns web on eth0 and on "
		       "lan, so the address is there more than once");
}
END_TEST

START_TEST(test_late)
{
	way.answered = way.late = true;
	way.rtt_ns = 1204000000;
	expect_outcome("late", NULL,
		       "late: the reply came after 1.204 s, more than the 1 s of --timeout");
}
END_TEST

/* Nothing is claimed that the system does not bear out. */
START_TEST(test_dropped)
{
	fake_arrive(&way, ROUTER, "eth1", true);
	host.function = "ip_error";
	expect_outcome("request_lost", "other",
		       "lost: the request was dropped in netns router on eth1: the kernel did "
		       "that in ip_error()");
	/* the example of the man page; the place is that of the drop, the cause is looked up */
	fake_host_set(&host, ROUTER, "net/ipv4/conf/eth1/forwarding", 0);
	fake_host_set(&host, ROUTER, "net/ipv4/ip_forward", 0);
	expect_outcome("request_lost", "forwarding_off",
		       "lost: the request was dropped in netns router on eth1: IP forwarding is "
		       "off there (net.ipv4.ip_forward = 0)");
}
END_TEST

/* The others of its fragments were not, so that "the request" would not be true. */
START_TEST(test_fragment_dropped)
{
	fake_arrive(&way, ROUTER, "eth1", true);
	way.passages[EVENT_REQUEST].drops[0].fragment = 1480;
	host.function = "ip_error";
	fake_host_set(&host, ROUTER, "net/ipv4/conf/eth1/forwarding", 0);
	fake_host_set(&host, ROUTER, "net/ipv4/ip_forward", 0);
	expect_outcome("request_lost", "forwarding_off",
		       "lost: a fragment (from byte 1480) of the request was dropped in netns "
		       "router on eth1: IP forwarding is off there (net.ipv4.ip_forward = 0)");
}
END_TEST

/* The target waits for the fragment that a router dropped, and gives the others up in the end. */
static const struct {
	const char *reason, *function;
} patience[] = {
	{"FRAG_REASM_TIMEOUT", "inet_frag_rbtree_purge"},
	{"NOT_SPECIFIED", "ip_expire"},
	{NULL, "inet_frag_rbtree_purge"},
	{NULL, "ip6_frag_expire"},
	{NULL, "nf_ct_frag6_expire"},
};

static int waited; /* index in patience */

static const char *patience_reason(void *ctx, uint32_t number)
{
	(void)ctx;
	return number == 1 ? patience[waited].reason : "NOMEM";
}

static const char *patience_function(void *ctx, uint64_t location)
{
	(void)ctx;
	return location == 1 ? patience[waited].function : "some_function";
}

START_TEST(test_rest_of_fragments)
{
	struct passage *p = &way.passages[EVENT_REQUEST];
	struct step lost = fake_step(25, EVENT_END, ROUTER, "left");
	struct step rest = fake_step(1000, EVENT_END, WEB, "eth0");

	waited = _i;
	host.context.reason = patience_reason;
	host.context.function = patience_function;
	fake_arrive(&way, WEB, "eth0", false);
	rest.drop = (struct hop_drop){.location = 1, .reason = 1};
	rest.fragment = 2960;
	way_drop(p, &rest);
	lost.fragment = 1480;
	way_drop(p, &lost);
	expect_no_memory("request_lost",
			 "a fragment (from byte 1480) of the request was dropped in netns router "
			 "on left");
	hear(11, 1);
	expect_outcome("error", "memory",
		       "answered by an error: 203.0.113.1 says fragment reassembly time exceeded "
		       "(a fragment (from byte 1480) of the request was dropped in netns router on "
		       "left: the kernel had no memory for it)");
}
END_TEST

/* None was seen to be dropped: then that is what there is to tell, of the whole. */
START_TEST(test_fragments_missing)
{
	fake_arrive(&way, WEB, "eth0", true);
	way.passages[EVENT_REQUEST].drops[0].fragment = 1480;
	host.reason = "FRAG_REASM_TIMEOUT";
	expect_outcome("request_lost", "fragments",
		       "lost: the request was dropped in netns web on eth0: not all of its "
		       "fragments came in time");
}
END_TEST

/* In a namespace without a name, in the one that we are in, by a device whose name is not safe. */
static const struct {
	uint32_t netns;
	const char *ifname, *what;
} places[] = {
	{4026539999U, "eth1", "the request was dropped in netns 4026539999 on eth1"},
	{OWN, "eth1", "the request was dropped on eth1"},
	{OWN, "\033[2J", "the request was dropped on \\x1b[2J"},
};

START_TEST(test_places)
{
	fake_arrive(&way, places[_i].netns, places[_i].ifname, true);
	host.reason = "NOMEM";
	expect_no_memory("request_lost", places[_i].what);
}
END_TEST

START_TEST(test_by_chain)
{
	fake_arrive(&way, WEB, "eth0", true);
	host.reason = "NETFILTER_DROP";
	cross_chain(fake_step(29, EVENT_CHAIN, WEB, "eth0"), 1, "filter", 0);
	expect_outcome("request_lost", "firewall",
		       "lost: the request was dropped in netns web on eth0 by iptables "
		       "filter.INPUT (DROP)");
}
END_TEST

/* A reply was seen: then the request was not what got lost. */
START_TEST(test_reply_dropped)
{
	struct passage *p = &way.passages[EVENT_REPLY];
	struct step in = fake_step(50, EVENT_RX, ROUTER, "right");
	struct step end = fake_step(60, EVENT_END, ROUTER, "right");

	fake_arrive(&way, WEB, "eth0", false);
	way_device(p, &in);
	way_drop(p, &end);
	host.reason = "NOMEM";
	expect_no_memory("reply_lost", "the reply was dropped in netns router on right");
}
END_TEST

/* A copy died on the way, the packet went on. */
START_TEST(test_dropped_copy)
{
	struct passage *p = &way.passages[EVENT_REQUEST];
	struct step end = fake_step(15, EVENT_END, ROUTER, "port3");

	fake_arrive(&way, WEB, "eth0", false);
	way_drop(p, &end);
	p->waiting = true;
	host.reason = "NOMEM";
	expect_outcome("request_lost", "waiting",
		       "lost: the request arrived in netns web on eth0 and still waits there");
}
END_TEST

/* A bridge floods; of the drops the one that is not of a copy for somebody else. */
static const char *const other_names[] = {"OTHERHOST", "SOCKET_FILTER", "PACKET_SOCK_ERROR"};

static const char *reason_by_number(void *ctx, uint32_t number)
{
	(void)ctx;
	return number <= 3 ? other_names[number - 1] : "NOMEM";
}

START_TEST(test_dropped_among_copies)
{
	struct passage *p = &way.passages[EVENT_REQUEST];
	struct step copy = fake_step(40, EVENT_END, ROUTER, "port3");

	fake_arrive(&way, WEB, "eth0", true);
	copy.drop.reason = (uint32_t)_i + 1;
	host.context.reason = reason_by_number;
	way_drop(p, &copy);
	expect_no_memory("request_lost", "the request was dropped in netns web on eth0");
}
END_TEST

START_TEST(test_error_from_elsewhere)
{
	hear(3, 1);
	expect_outcome("error", NULL, "answered by an error: 203.0.113.1 says host unreachable");
}
END_TEST

START_TEST(test_ttl)
{
	hear(11, 0);
	fake_arrive(&way, ROUTER, "left", true);
	way.passages[EVENT_REQUEST].first.ttl = 2;
	way.passages[EVENT_REQUEST].drops[0].ttl = 1;
	host.function = "ip_forward";
	expect_outcome("error", "ttl",
		       "answered by an error: 203.0.113.1 says time to live exceeded (ttl 2 was "
		       "spent in netns router)");
}
END_TEST

/* Nobody answers ARP on br0, by which the way leads. */
static void ask_in_vain(struct system_address gateway, struct system_neigh neigh)
{
	host.route = (struct system_route){
		.type = ROUTE_UNICAST, .oif = 3, .oifname = "br0", .gateway = gateway};
	host.neigh = neigh;
	fake_host_set(&host, OWN, "net/ipv4/neigh/br0/ucast_solicit", 3);
	host.link = fake_link("br0", "bridge");
}

/* From an address of our own: it only repeats what we know. */
START_TEST(test_error_from_here)
{
	hear(3, 1);
	way.error.from[0] = 198;
	host.local_netns = OWN;
	ask_in_vain((struct system_address){0}, (struct system_neigh){NEIGH_FAILED, 6});
	expect_outcome("never_left", "neighbour",
		       "lost: nobody at 198.51.100.2 answers ARP on br0 (3 asked, neighbour "
		       "FAILED)");
}
END_TEST

START_TEST(test_no_neighbour)
{
	ask_in_vain((struct system_address){4, {192, 0, 2, 9}},
		    (struct system_neigh){NEIGH_INCOMPLETE, 4});
	expect_outcome("never_left", "neighbour",
		       "lost: nobody at 192.0.2.9 answers ARP on br0 (1 asked, neighbour "
		       "INCOMPLETE)");
}
END_TEST

static const struct {
	bool up, carrier;
	const char *cause, *text;
} states[] = {
	{false, false, "link_down", "lost: the request never left: eth0 is down"},
	{true, false, "no_carrier", "lost: the request never left: eth0 has no carrier"},
};

START_TEST(test_link)
{
	host.route = (struct system_route){.type = ROUTE_UNICAST, .oif = 3, .oifname = "eth0"};
	host.link = fake_link("eth0", "");
	host.link.up = states[_i].up;
	host.link.carrier = states[_i].carrier;
	expect_outcome("never_left", states[_i].cause, states[_i].text);
}
END_TEST

START_TEST(test_refused)
{
	const char *by_chain =
		"lost: the request never left: it was refused by iptables filter.OUTPUT (DROP)";
	struct step drop = fake_step(5, EVENT_END, OWN, "eth0");

	way.send_error = EPERM;
	expect_outcome("never_left", "firewall",
		       "lost: the request never left: a firewall rule there refused it (OUTPUT)");
	cross_chain(fake_step(4, EVENT_CHAIN, OWN, "eth0"), 3, "filter", 0);
	expect_outcome("never_left", "firewall", by_chain);
	way_drop(&way.passages[EVENT_REQUEST], &drop);
	host.reason = "NETFILTER_DROP";
	expect_outcome("never_left", "firewall", by_chain);
}
END_TEST

START_TEST(test_seen_nowhere)
{
	expect_outcome("unknown", NULL,
		       "lost: the request was sent but seen at no device; what became of it is "
		       "not known");
}
END_TEST

static void leave_by(const char *ifname, const char *kind)
{
	struct step out = fake_step(10, EVENT_TX, OWN, ifname);

	host.link = fake_link(ifname, kind);
	way_device(&way.passages[EVENT_REQUEST], &out);
}

START_TEST(test_left_the_host)
{
	leave_by("eth0", "");
	expect_outcome("left_host", NULL,
		       "lost: the request left this host on eth0 and nothing came back within 1 "
		       "s: look beyond this host");
}
END_TEST

START_TEST(test_peer_with_xdp)
{
	leave_by("v0", "veth");
	host.link.lower = 99;
	host.link.lower_elsewhere = true;
	host.link.peer_netns = WEB;
	host.peer = fake_link("eth0", "veth");
	host.peer.xdp_id = 12;
	expect_outcome("request_lost", "xdp",
		       "lost: the request was sent on v0 and not seen at its other end: probably "
		       "the XDP program (id 12) in netns web on eth0 dropped it");
}
END_TEST

/* The other end of a veth is looked up where that can be done. */
static const struct {
	uint32_t peer_netns;
	const char *text;
} peers[] = {
	{WEB, "lost: the request was sent on v0, but did not come out at the other end in netns "
	      "web on eth0"},
	{0, "lost: the request was sent on v0, but did not come out at the other end"},
};

START_TEST(test_not_at_peer)
{
	leave_by("v0", "veth");
	host.link.lower = 99;
	host.link.lower_elsewhere = true;
	host.link.peer_netns = peers[_i].peer_netns;
	host.peer = fake_link("eth0", "veth");
	expect_outcome("request_lost", "not_at_peer", peers[_i].text);
}
END_TEST

/* A device that was given the request, and what the request does there. */
static const struct {
	const char *ifname, *kind, *qdisc;
	bool waiting, waiting_to_send;
	const char *cause, *text;
} holders[] = {
	{"bond0", "bond", "noqueue", true, true, "waiting",
	 "lost: the request was handed to the bond device on bond0, and still waits there"},
	{"bond0", "bond", "noqueue", false, false, NULL,
	 "lost: the request was handed to the bond device on bond0, and was not seen again"},
	{"v0", "veth", "tbf", true, true, "qdisc",
	 "lost: the request waits in the queue on v0 (tc qdisc tbf)"},
	{"tun0", "tun", "noqueue", true, true, "tun",
	 "lost: the request waits on tun0 for a program to read it"},
	{"tun0", "tun", "noqueue", false, false, "tun",
	 "lost: the request was sent on tun0 and read by the program behind that device, but "
	 "nothing came back within 1 s"},
	{"d0", "dummy", "noqueue", false, false, "dummy",
	 "lost: the request was sent on d0, a dummy device, which swallows everything"},
};

START_TEST(test_held_by_device)
{
	leave_by(holders[_i].ifname, holders[_i].kind);
	snprintf(host.link.qdisc, sizeof(host.link.qdisc), "%s", holders[_i].qdisc);
	host.link.queued = strcmp(holders[_i].qdisc, "noqueue") != 0;
	way.passages[EVENT_REQUEST].waiting = holders[_i].waiting;
	way.passages[EVENT_REQUEST].waiting_to_send = holders[_i].waiting_to_send;
	expect_outcome("request_lost", holders[_i].cause, holders[_i].text);
}
END_TEST

/* A card that has sent it may free it only when it sends the next one. */
START_TEST(test_held_by_driver)
{
	leave_by("eth0", "");
	snprintf(host.link.qdisc, sizeof(host.link.qdisc), "fq_codel");
	way.passages[EVENT_REQUEST].waiting = way.passages[EVENT_REQUEST].waiting_to_send = true;
	expect_outcome("left_host", NULL,
		       "lost: the request left this host on eth0 and nothing came back within 1 s: "
		       "look beyond this host");
}
END_TEST

static const char unanswered[] =
	"lost: the request arrived in netns web on eth0 and was taken, but nothing replied";

START_TEST(test_arrived)
{
	fake_arrive(&way, WEB, "eth0", false);
	expect_outcome("request_lost", "unanswered", unanswered);
	fake_host_set(&host, WEB, "net/ipv4/icmp_echo_ignore_all", 1);
	expect_outcome("request_lost", "echo_ignored",
		       "lost: the request arrived in netns web on eth0, where pings are ignored "
		       "(net.ipv4.icmp_echo_ignore_all = 1)");
}
END_TEST

START_TEST(test_no_route_back)
{
	fake_arrive(&way, WEB, "eth0", false);
	host.route = (struct system_route){.type = ROUTE_NONE};
	expect_outcome("reply_lost", "no_route_back",
		       "lost: the request arrived in netns web on eth0, but there is no route "
		       "back to 192.0.2.1 there");
}
END_TEST

START_TEST(test_queued)
{
	fake_arrive(&way, ROUTER, "left", false);
	cross_chain(fake_step(25, EVENT_CHAIN, ROUTER, "left"), 2, "mangle", 0x30003);
	expect_outcome("request_lost", "queued",
		       "lost: the request waits in netns router on left for a program that gives "
		       "no verdict: mangle.FORWARD sent it to queue 3");
}
END_TEST

START_TEST(test_stolen)
{
	fake_arrive(&way, ROUTER, "left", false);
	cross_chain(fake_step(25, EVENT_CHAIN, ROUTER, "left"), 2, "mangle", 2);
	expect_outcome("request_lost", "stolen",
		       "lost: the request was taken in netns router on left by mangle.FORWARD "
		       "(STOLEN)");
}
END_TEST

/* The reply was made, but no device saw it. */
START_TEST(test_reply_unseen)
{
	struct step used = fake_step(30, EVENT_END, WEB, "");

	fake_arrive(&way, WEB, "eth0", false);
	way_used(&way.passages[EVENT_REPLY], &used);
	expect_outcome("reply_lost", "unanswered",
		       "lost: the request arrived in netns web on eth0 and was replied to, but "
		       "the reply was seen at no device");
}
END_TEST

/* The reply came to a namespace where its target is at home: the ping's, or another. */
static const struct {
	uint32_t netns;
	const char *ifname, *cause, *text;
} returns[] = {
	{OWN, "v0", "not_delivered",
	 "lost: the reply came back on v0, but not to the ping's socket"},
	{ROUTER, "left", "wrong_netns",
	 "lost: the reply arrived in netns router on left, where the ping's address is, too"},
};

START_TEST(test_reply_returned)
{
	struct step in = fake_step(50, EVENT_RX, returns[_i].netns, returns[_i].ifname);

	fake_arrive(&way, WEB, "eth0", false);
	way_device(&way.passages[EVENT_REPLY], &in);
	host.local_netns = returns[_i].netns;
	expect_outcome("reply_lost", returns[_i].cause, returns[_i].text);
}
END_TEST

/* What was not seen proves nothing when events were lost; a drop that was seen does. */
START_TEST(test_lost_events)
{
	host.context.events_lost = true;
	expect_outcome("unknown", "events_lost",
		       "lost: no reply came; where the request died is not known, for events were "
		       "lost");
	fake_arrive(&way, WEB, "eth0", false);
	fake_host_set(&host, WEB, "net/ipv4/icmp_echo_ignore_all", 1);
	expect_outcome("unknown", "events_lost",
		       "lost: no reply came; the request was last seen in netns web on eth0, but "
		       "events were lost, so it may have come further");
	fake_arrive(&way, WEB, "eth0", true);
	host.reason = "NOMEM";
	expect_no_memory("request_lost", "the request was dropped in netns web on eth0");
}
END_TEST

/* Facts in any order make the same outcome: hops of a router and a target, and a drop. */
static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}};

START_TEST(test_shuffled)
{
	struct step steps[4], drop = fake_step(50, EVENT_END, WEB, "eth0");
	struct passage *p = &way.passages[EVENT_REQUEST];

	steps_to_web(steps);
	host.reason = "ICMP_CSUM";
	for (int i = 0; i < 4; i++) {
		if (i == 2)
			way_drop(p, &drop);
		way_device(p, &steps[orders[_i][i]]);
	}
	expect_outcome("request_lost", "checksum",
		       "lost: the request was dropped in netns web on eth0: its ICMP checksum is "
		       "wrong");
}
END_TEST

START_TEST(test_shuffled_arrival)
{
	struct step steps[4];

	steps_to_web(steps);
	for (int i = 0; i < 4; i++)
		way_device(&way.passages[EVENT_REQUEST], &steps[orders[_i][i]]);
	expect_outcome("request_lost", "unanswered", unanswered);
}
END_TEST

/* Every step may be missing, be it the first or the last: there is always a sentence. */
START_TEST(test_incomplete)
{
	struct step steps[4], drop = fake_step(50, EVENT_END, WEB, "eth0");

	steps_to_web(steps);
	for (unsigned int set = 0; set < 64; set++) {
		struct outcome o;

		memset(&way, 0, sizeof(way));
		for (unsigned int i = 0; i < 4; i++)
			if (set & 1U << i)
				way_device(&way.passages[set & 32 ? EVENT_REPLY : EVENT_REQUEST],
					   &steps[i]);
		if (set & 16)
			way_drop(&way.passages[set & 32 ? EVENT_REPLY : EVENT_REQUEST], &drop);
		outcome_decide(&way, &host.context, &o);
		ck_assert_ptr_nonnull(o.outcome);
		ck_assert_msg(strncmp(o.text, "lost: ", 6) == 0, "%s", o.text);
		ck_assert_ptr_null(strchr(o.text, '\n'));
	}
}
END_TEST

static const struct {
	__u8 type, flags;
	__u32 netns;
	const char *function, *reason;
	bool delivered;
} ends[] = {
	{EVENT_REPLY, 0, OWN, NULL, "NO_SOCKET", true},
	{EVENT_REPLY, 0, OWN, "ping_rcv", NULL, true},
	{EVENT_REPLY, 0, OWN, "ping_rcv", "NOT_SPECIFIED", true},
	{EVENT_ERROR, 0, OWN, "icmp_rcv", NULL, true},
	{EVENT_ERROR, 0, OWN, "icmpv6_rcv", NULL, true},
	{EVENT_REQUEST, 0, WEB, "icmpv6_rcv", NULL, true},
	{EVENT_REQUEST, 0, WEB, "icmpv6_rcv", "NOT_SPECIFIED", true},
	{EVENT_REQUEST, 0, WEB, "icmpv6_rcv", "ICMP_CSUM", false},
	{EVENT_REQUEST, 0, WEB, "icmp_rcv", NULL, false},
	{EVENT_REQUEST, 0, WEB, "packet_rcv", NULL, true},
	{EVENT_REQUEST, 0, WEB, NULL, "PACKET_SOCK_ERROR", true},
	{EVENT_REPLY, 0, WEB, NULL, "NO_SOCKET", false},
	{EVENT_REQUEST, 0, OWN, NULL, "NO_SOCKET", false},
	{EVENT_REPLY, 0, OWN, "ping_rcv", "NETFILTER_DROP", false},
	{EVENT_REPLY, 0, OWN, "nf_hook_slow", NULL, false},
	{EVENT_REPLY, 0, OWN, NULL, NULL, false},
	{EVENT_REQUEST, EVENT_F_FRAGMENT, WEB, "skb_release_data", "NOT_SPECIFIED", true},
	{EVENT_REQUEST, EVENT_F_FRAGMENT, WEB, "kfree_skb_list", NULL, true},
	{EVENT_REQUEST, 0, WEB, "kfree_skb_list", NULL, false},
	{EVENT_REQUEST, EVENT_F_FRAGMENT, WEB, "kfree_skb_list", "QDISC_DROP", false},
};

START_TEST(test_delivered)
{
	struct event e = {.type = ends[_i].type,
			  .flags = ends[_i].flags,
			  .netns = ends[_i].netns,
			  .ifindex = 2,
			  .iif = 2,
			  .location = 1,
			  .reason = 3};

	host.function = ends[_i].function;
	host.reason = ends[_i].reason;
	ck_assert(outcome_was_delivered(&host.context, &e) == ends[_i].delivered);
	if (!ends[_i].reason && ends[_i].flags) { /* not received by this device: a queue's drop */
		e.iif = 1;
		ck_assert(!outcome_was_delivered(&host.context, &e));
	}
}
END_TEST

Suite *outcome_suite(void)
{
	Suite *s = suite_create("outcome");
	TCase *c = tcase_create("outcome");

	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, test_answered);
	tcase_add_test(c, test_answered_twice);
	tcase_add_test(c, test_late);
	tcase_add_test(c, test_dropped);
	tcase_add_test(c, test_fragment_dropped);
	tcase_add_loop_test(c, test_rest_of_fragments, 0, N_OF(patience));
	tcase_add_test(c, test_fragments_missing);
	tcase_add_loop_test(c, test_places, 0, N_OF(places));
	tcase_add_test(c, test_by_chain);
	tcase_add_test(c, test_reply_dropped);
	tcase_add_test(c, test_dropped_copy);
	tcase_add_loop_test(c, test_dropped_among_copies, 0, N_OF(other_names));
	tcase_add_test(c, test_error_from_elsewhere);
	tcase_add_test(c, test_ttl);
	tcase_add_test(c, test_error_from_here);
	tcase_add_test(c, test_no_neighbour);
	tcase_add_loop_test(c, test_link, 0, N_OF(states));
	tcase_add_test(c, test_refused);
	tcase_add_test(c, test_seen_nowhere);
	tcase_add_test(c, test_left_the_host);
	tcase_add_test(c, test_peer_with_xdp);
	tcase_add_loop_test(c, test_not_at_peer, 0, N_OF(peers));
	tcase_add_loop_test(c, test_held_by_device, 0, N_OF(holders));
	tcase_add_test(c, test_held_by_driver);
	tcase_add_test(c, test_arrived);
	tcase_add_test(c, test_no_route_back);
	tcase_add_test(c, test_queued);
	tcase_add_test(c, test_stolen);
	tcase_add_test(c, test_reply_unseen);
	tcase_add_loop_test(c, test_reply_returned, 0, N_OF(returns));
	tcase_add_test(c, test_lost_events);
	tcase_add_loop_test(c, test_shuffled, 0, N_OF(orders));
	tcase_add_loop_test(c, test_shuffled_arrival, 0, N_OF(orders));
	tcase_add_test(c, test_incomplete);
	tcase_add_loop_test(c, test_delivered, 0, N_OF(ends));
	suite_add_tcase(s, c);
	return s;
}
