/* system: messages of rtnetlink, whole and broken, and questions to the namespace the test is in.
 */
#include "netns.h"
#include "suites.h"
#include "support.h"
#include "system_netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_MESSAGE 512

struct message {
	_Alignas(struct nlmsghdr) char bytes[MAX_MESSAGE];
};

static struct system_address address(const char *text)
{
	struct system_address a = {.family = strchr(text, ':') ? 6 : 4};

	ck_assert_int_eq(inet_pton(system_af(a.family), text, a.bytes), 1);
	return a;
}

static void put_address(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	struct system_address a = address(text);

	mnl_attr_put(nlh, type, system_address_bytes(a.family), a.bytes);
}

static struct nlmsghdr *start(struct message *m, uint16_t type, const void *header, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(m->bytes);

	nlh->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), header, size);
	return nlh;
}

static struct nlmsghdr *start_route(struct message *m, uint8_t family, uint8_t type)
{
	struct rtmsg rt = {.rtm_family = family, .rtm_type = type};

	return start(m, RTM_NEWROUTE, &rt, sizeof(rt));
}

/* Routes */

START_TEST(test_route)
{
	struct message m;
	struct nlmsghdr *nlh = start_route(&m, AF_INET, RTN_UNICAST);
	struct system_address via = address("192.0.2.2");
	struct system_route r;

	put_address(nlh, RTA_DST, "203.0.113.1");
	put_address(nlh, RTA_GATEWAY, "192.0.2.2");
	mnl_attr_put_u32(nlh, RTA_OIF, 7);
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_int_eq(r.type, ROUTE_UNICAST);
	ck_assert_uint_eq(r.oif, 7);
	ck_assert_int_eq(r.error, 0);
	ck_assert(system_same_address(&r.gateway, &via));
}
END_TEST

START_TEST(test_route_on_link)
{
	struct message m;
	struct nlmsghdr *nlh = start_route(&m, AF_INET6, RTN_UNICAST);
	struct system_route r;

	put_address(nlh, RTA_DST, "2001:db8::1");
	put_address(nlh, RTA_GATEWAY, "2001:db8::1");
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_int_eq(r.gateway.family, 0);
}
END_TEST

START_TEST(test_route_via_other_family)
{
	struct {
		uint16_t family;
		uint8_t bytes[16];
	} via = {.family = AF_INET6};
	struct system_address gateway = address("2001:db8::2");
	struct message m;
	struct system_route r;
	struct nlmsghdr *nlh;

	memcpy(via.bytes, gateway.bytes, sizeof(via.bytes));
	for (size_t len = 0; len <= sizeof(via); len++) {
		nlh = start_route(&m, AF_INET, RTN_UNICAST);
		mnl_attr_put(nlh, RTA_VIA, len, &via);
		ck_assert_int_eq(system_parse_route(nlh, &r), 0);
		ck_assert_int_eq(r.gateway.family, len == sizeof(via) ? 6 : 0);
	}
	ck_assert(system_same_address(&r.gateway, &gateway));
	via.family = AF_UNIX;
	nlh = start_route(&m, AF_INET, RTN_UNICAST);
	mnl_attr_put(nlh, RTA_VIA, sizeof(via), &via);
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_int_eq(r.gateway.family, 0);
}
END_TEST

static const struct {
	uint8_t rtn;
	int error; /* in RTA_CACHEINFO; 0: there is none */
	enum system_route_type type;
	int told;
} types[] = {
	{RTN_UNICAST, 0, ROUTE_UNICAST, 0},
	{RTN_LOCAL, 0, ROUTE_LOCAL, 0},
	{RTN_ANYCAST, 0, ROUTE_LOCAL, 0},
	{RTN_BROADCAST, 0, ROUTE_BROADCAST, 0},
	{RTN_MULTICAST, 0, ROUTE_MULTICAST, 0},
	{RTN_NAT, 0, ROUTE_OTHER, 0},
	{255, 0, ROUTE_OTHER, 0},
	{RTN_BLACKHOLE, 0, ROUTE_BLACKHOLE, EINVAL},
	{RTN_UNREACHABLE, 0, ROUTE_UNREACHABLE, EHOSTUNREACH},
	{RTN_PROHIBIT, 0, ROUTE_PROHIBIT, EACCES},
	/* What IPv6 up to 4.12 says. */
	{RTN_UNREACHABLE, -ENETUNREACH, ROUTE_NONE, ENETUNREACH},
	{RTN_UNREACHABLE, -EHOSTUNREACH, ROUTE_UNREACHABLE, EHOSTUNREACH},
	{RTN_PROHIBIT, -EACCES, ROUTE_PROHIBIT, EACCES},
	{RTN_BLACKHOLE, -EINVAL, ROUTE_BLACKHOLE, EINVAL},
	{RTN_BLACKHOLE, -ENOMEM, ROUTE_BLACKHOLE, EINVAL},
	{RTN_BLACKHOLE, INT32_MIN, ROUTE_BLACKHOLE, EINVAL},
};

START_TEST(test_route_types)
{
	struct rta_cacheinfo info = {.rta_error = (uint32_t)types[_i].error};
	struct message m;
	struct nlmsghdr *nlh = start_route(&m, AF_INET6, types[_i].rtn);
	struct system_route r;

	if (types[_i].error)
		mnl_attr_put(nlh, RTA_CACHEINFO, sizeof(info), &info);
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_int_eq(r.type, types[_i].type);
	ck_assert_int_eq(r.error, types[_i].told);
}
END_TEST

START_TEST(test_route_errors)
{
	struct system_route r;

	ck_assert(system_route_of_errno(ENETUNREACH, &r));
	ck_assert_int_eq(r.type, ROUTE_NONE);
	ck_assert_int_eq(r.error, ENETUNREACH);
	ck_assert(system_route_of_errno(EHOSTUNREACH, &r));
	ck_assert_int_eq(r.type, ROUTE_UNREACHABLE);
	ck_assert(system_route_of_errno(EACCES, &r));
	ck_assert_int_eq(r.type, ROUTE_PROHIBIT);
	ck_assert(system_route_of_errno(EINVAL, &r));
	ck_assert_int_eq(r.type, ROUTE_BLACKHOLE);
	ck_assert(system_route_of_errno(EXDEV, &r));
	ck_assert_int_eq(r.type, ROUTE_REFUSED);
	ck_assert(!system_route_of_errno(0, &r));
	ck_assert(!system_route_of_errno(ENODEV, &r));
}
END_TEST

START_TEST(test_route_broken)
{
	struct message m;
	struct nlmsghdr *nlh = start_route(&m, AF_INET, RTN_UNICAST);
	struct system_route r;

	mnl_attr_put(nlh, RTA_GATEWAY, 3, "abc");
	mnl_attr_put(nlh, RTA_OIF, 3, "abc");
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_uint_eq(r.oif, 0);
	ck_assert_int_eq(r.gateway.family, 0);
	nlh = start_route(&m, AF_INET6, RTN_UNREACHABLE);
	mnl_attr_put(nlh, RTA_CACHEINFO, 4, "\xff\xff\xff\xff");
	ck_assert_int_eq(system_parse_route(nlh, &r), 0);
	ck_assert_int_eq(r.type, ROUTE_UNREACHABLE);
	nlh = start_route(&m, AF_UNIX, RTN_UNICAST);
	ck_assert_int_eq(system_parse_route(nlh, &r), -1);
	nlh = start_route(&m, AF_INET, RTN_UNICAST);
	nlh->nlmsg_type = RTM_NEWLINK;
	ck_assert_int_eq(system_parse_route(nlh, &r), -1);
}
END_TEST

/* Rules */

struct rule {
	struct fib_rule_hdr header;
	const char *to, *from, *iif, *oif;
	uint32_t mark, mask; /* 0: none */
	uint16_t other;      /* type of one more attribute, or 0 */
	bool matches;
};

/* The question: to 203.0.113.9 from 192.0.2.7, in by v0, out by v1, mark 0x15, tos 0x10. */
static const struct rule rules[] = {
	{.matches = true},
	{.header = {.dst_len = 24}, .to = "203.0.113.0", .matches = true},
	{.header = {.dst_len = 29}, .to = "203.0.113.8", .matches = true},
	{.header = {.dst_len = 31}, .to = "203.0.113.8", .matches = true},
	{.header = {.dst_len = 32}, .to = "203.0.113.9", .matches = true},
	{.header = {.dst_len = 32}, .to = "203.0.113.8"},
	{.header = {.dst_len = 31}, .to = "203.0.113.10"},
	{.header = {.dst_len = 33}, .to = "203.0.113.9"},
	{.header = {.dst_len = 255}, .to = "203.0.113.9"},
	{.header = {.dst_len = 24}}, /* the prefix is missing */
	{.header = {.src_len = 24}, .from = "192.0.2.0", .matches = true},
	{.header = {.src_len = 24}, .from = "198.51.100.0"},
	{.header = {.tos = 0x10}, .matches = true},
	{.header = {.tos = 0x08}},
	{.iif = "v0", .matches = true},
	{.iif = "v"},
	{.iif = "lo"},
	{.oif = "v1", .matches = true},
	{.oif = "v0"},
	{.mark = 0x15, .matches = true},
	{.mark = 0x15, .mask = UINT32_MAX, .matches = true},
	{.mark = 0x05, .mask = 0x0f, .matches = true},
	{.mark = 0x05},
	{.mask = 0xe0, .matches = true}, /* mark 0 */
	{.mask = 0x10},
	{.header = {.flags = FIB_RULE_INVERT}},
	{.header = {.flags = FIB_RULE_INVERT}, .iif = "v1", .matches = true},
	{.other = FRA_PRIORITY, .matches = true},
	{.other = FRA_SUPPRESS_PREFIXLEN, .matches = true},
	{.other = FRA_PROTOCOL, .matches = true},
	{.other = FRA_UID_RANGE},
	{.other = FRA_L3MDEV},
	{.other = FRA_TUN_ID},
	{.other = FRA_DPORT_RANGE},
	{.other = 40}, /* unheard of */
	{.header = {.flags = FIB_RULE_INVERT}, .iif = "v1", .other = FRA_UID_RANGE},
	{.header = {.action = FR_ACT_BLACKHOLE}},
	{.header = {.family = AF_INET6}},
};

static bool rule_takes(const struct rule *rule, struct message *m, struct nlmsghdr **message)
{
	struct fib_rule_hdr h = rule->header;
	struct system_route_query q = {.to = address("203.0.113.9"),
				       .from = address("192.0.2.7"),
				       .mark = 0x15,
				       .tos = 0x13};
	struct nlmsghdr *nlh;

	h.family = h.family ? h.family : AF_INET;
	h.action = h.action ? h.action : FR_ACT_PROHIBIT;
	nlh = start(m, RTM_NEWRULE, &h, sizeof(h));
	if (rule->to)
		put_address(nlh, FRA_DST, rule->to);
	if (rule->from)
		put_address(nlh, FRA_SRC, rule->from);
	if (rule->iif)
		mnl_attr_put_strz(nlh, FRA_IIFNAME, rule->iif);
	if (rule->oif)
		mnl_attr_put_strz(nlh, FRA_OIFNAME, rule->oif);
	if (rule->mark)
		mnl_attr_put_u32(nlh, FRA_FWMARK, rule->mark);
	if (rule->mask)
		mnl_attr_put_u32(nlh, FRA_FWMASK, rule->mask);
	if (rule->other)
		mnl_attr_put_u32(nlh, rule->other, 1);
	*message = nlh;
	return system_parse_rule(nlh, &q, "v0", "v1", FR_ACT_PROHIBIT);
}

START_TEST(test_rules)
{
	struct nlmsghdr *nlh;
	struct message m;

	ck_assert_int_eq(rule_takes(&rules[_i], &m, &nlh), rules[_i].matches);
}
END_TEST

START_TEST(test_covering)
{
	struct system_address in = address("2001:db8:7::1"), out = address("2001:db8:8::1");
	struct system_address v4 = address("192.0.2.1");
	struct rtmsg rt = {.rtm_family = AF_INET6, .rtm_type = RTN_PROHIBIT, .rtm_dst_len = 48};
	struct message m;
	struct nlmsghdr *nlh = start(&m, RTM_NEWROUTE, &rt, sizeof(rt));

	ck_assert(!system_parse_covering(nlh, &in, RTN_PROHIBIT)); /* no prefix yet */
	put_address(nlh, RTA_DST, "2001:db8:7::");
	ck_assert(system_parse_covering(nlh, &in, RTN_PROHIBIT));
	ck_assert(!system_parse_covering(nlh, &out, RTN_PROHIBIT));
	ck_assert(!system_parse_covering(nlh, &in, RTN_BLACKHOLE));
	ck_assert(!system_parse_covering(nlh, &v4, RTN_PROHIBIT));
	rt.rtm_dst_len = 0;
	nlh = start(&m, RTM_NEWROUTE, &rt, sizeof(rt));
	ck_assert(system_parse_covering(nlh, &out, RTN_PROHIBIT));
}
END_TEST

/* Neighbours */

static const struct {
	uint16_t state;
	uint8_t flags;
	int found;
	enum system_neigh_state is;
} neighs[] = {
	{NUD_NONE, 0, 1, NEIGH_NONE},
	{NUD_INCOMPLETE, 0, 1, NEIGH_INCOMPLETE},
	{NUD_FAILED, 0, 1, NEIGH_FAILED},
	{NUD_REACHABLE, 0, 1, NEIGH_REACHABLE},
	{NUD_STALE, 0, 1, NEIGH_REACHABLE},
	{NUD_DELAY, 0, 1, NEIGH_REACHABLE},
	{NUD_PROBE, 0, 1, NEIGH_REACHABLE},
	{NUD_NOARP, 0, 1, NEIGH_REACHABLE},
	{NUD_PERMANENT, NTF_ROUTER, 1, NEIGH_REACHABLE},
	{NUD_PERMANENT, NTF_PROXY, 0, NEIGH_NONE},
};

START_TEST(test_neigh)
{
	struct ndmsg nd = {.ndm_family = AF_INET,
			   .ndm_ifindex = 3,
			   .ndm_state = neighs[_i].state,
			   .ndm_flags = neighs[_i].flags};
	struct system_address a = address("192.0.2.9"), other = address("192.0.2.8");
	struct message m;
	struct nlmsghdr *nlh = start(&m, RTM_NEWNEIGH, &nd, sizeof(nd));
	struct system_neigh n = {0};

	ck_assert_int_eq(system_parse_neigh(nlh, 3, &a, &n), 0); /* no address yet */
	put_address(nlh, NDA_DST, "192.0.2.9");
	mnl_attr_put_u32(nlh, NDA_PROBES, 6);
	ck_assert_int_eq(system_parse_neigh(nlh, 4, &a, &n), 0);
	ck_assert_int_eq(system_parse_neigh(nlh, 3, &other, &n), 0);
	ck_assert_int_eq(system_parse_neigh(nlh, 3, &a, &n), neighs[_i].found);
	ck_assert_int_eq(n.state, neighs[_i].is);
	ck_assert_uint_eq(n.probes, neighs[_i].found ? 6 : 0);
}
END_TEST

/* Devices */

static struct nlmsghdr *start_link(struct message *m, uint32_t flags)
{
	struct ifinfomsg info = {.ifi_index = 5, .ifi_flags = flags};

	return start(m, RTM_NEWLINK, &info, sizeof(info));
}

static void put_port(struct nlmsghdr *nlh, const char *kind)
{
	struct nlattr *info = mnl_attr_nest_start(nlh, IFLA_LINKINFO), *data;

	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_SLAVE_DATA); /* in front of what it depends on */
	mnl_attr_put_u8(nlh, IFLA_BRPORT_STATE, 3);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_put_strz(nlh, IFLA_INFO_SLAVE_KIND, kind);
	mnl_attr_nest_end(nlh, info);
}

START_TEST(test_link)
{
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, IFF_UP | 0x10000 /* IFF_LOWER_UP */);
	struct system_link l;
	uint32_t nsid = 0;

	mnl_attr_put_strz(nlh, IFLA_IFNAME, "v0");
	mnl_attr_put_strz(nlh, IFLA_QDISC, "fq_codel");
	mnl_attr_put_u32(nlh, IFLA_MTU, 1400);
	mnl_attr_put_u32(nlh, IFLA_MASTER, 8);
	mnl_attr_put_u32(nlh, IFLA_LINK, 5);
	mnl_attr_put_u32(nlh, IFLA_LINK_NETNSID, 2);
	put_port(nlh, "bridge");
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert_str_eq(l.name, "v0");
	ck_assert_str_eq(l.kind, "veth");
	ck_assert_str_eq(l.qdisc, "fq_codel");
	ck_assert(l.up && l.carrier && !l.loopback && l.lower_elsewhere);
	ck_assert_uint_eq(l.mtu, 1400);
	ck_assert_uint_eq(l.master, 8);
	ck_assert_uint_eq(l.lower, 5);
	ck_assert_uint_eq(nsid, 2);
	ck_assert_int_eq(l.bridge_state, 3);
	ck_assert(!l.xdp && !l.xdp_generic && !l.tc_ingress && !l.tc_egress);
}
END_TEST

START_TEST(test_link_plain)
{
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, IFF_LOOPBACK);
	struct system_link l;
	uint32_t nsid = 9;

	mnl_attr_put_u32(nlh, IFLA_LINK, 5); /* itself, in this namespace */
	put_port(nlh, "bond");
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert(!l.up && !l.carrier && l.loopback && !l.lower_elsewhere);
	ck_assert_uint_eq(l.lower, 0);
	ck_assert_uint_eq(nsid, 9);
	ck_assert_int_eq(l.bridge_state, -1);
	ck_assert_str_eq(l.name, "");
}
END_TEST

static const struct {
	uint8_t attached;
	uint16_t id; /* attribute with the id 77, or 0 */
	bool xdp, generic;
	uint32_t told;
} xdps[] = {
	{XDP_ATTACHED_NONE, 0, false, false, 0},
	{XDP_ATTACHED_DRV, 0, true, false, 0}, /* 4.8 */
	{XDP_ATTACHED_DRV, IFLA_XDP_PROG_ID, true, false, 77},
	{XDP_ATTACHED_SKB, IFLA_XDP_PROG_ID, true, true, 77},
	{XDP_ATTACHED_HW, IFLA_XDP_HW_PROG_ID, true, false, 77},
	{XDP_ATTACHED_MULTI, IFLA_XDP_SKB_PROG_ID, true, false, 77},
	{XDP_ATTACHED_MULTI, IFLA_XDP_DRV_PROG_ID, true, false, 77},
};

START_TEST(test_link_xdp)
{
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	struct system_link l;
	uint32_t nsid;

	mnl_attr_put_u8(nlh, IFLA_XDP_ATTACHED, xdps[_i].attached);
	if (xdps[_i].id)
		mnl_attr_put_u32(nlh, xdps[_i].id, 77);
	mnl_attr_nest_end(nlh, nest);
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert_int_eq(l.xdp, xdps[_i].xdp);
	ck_assert_int_eq(l.xdp_generic, xdps[_i].generic);
	ck_assert_uint_eq(l.xdp_id, xdps[_i].told);
}
END_TEST

START_TEST(test_link_broken)
{
	static const char long_name[] = "a-name-of-16-char";
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, IFF_UP);
	struct nlattr *nest;
	struct system_link l;
	uint32_t nsid = 9;

	mnl_attr_put_strz(nlh, IFLA_IFNAME, long_name);
	mnl_attr_put(nlh, IFLA_QDISC, 4, "fq_c"); /* no NUL */
	mnl_attr_put(nlh, IFLA_MTU, 2, "ab");
	mnl_attr_put(nlh, IFLA_MASTER, 0, "");
	mnl_attr_put(nlh, IFLA_LINK_NETNSID, 1, "a");
	mnl_attr_put(nlh, IFLA_LINKINFO, 3, "abc");
	nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	mnl_attr_put(nlh, IFLA_XDP_ATTACHED, 0, "");
	mnl_attr_put(nlh, IFLA_XDP_PROG_ID, 3, "abc");
	mnl_attr_nest_end(nlh, nest);
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert_str_eq(l.name, "");
	ck_assert_str_eq(l.qdisc, "");
	ck_assert_str_eq(l.kind, "");
	ck_assert_uint_eq(l.mtu, 0);
	ck_assert_uint_eq(l.master, 0);
	ck_assert(l.up && !l.carrier && !l.lower_elsewhere && !l.xdp);
	ck_assert_int_eq(l.bridge_state, -1);
}
END_TEST

/* Cuts a message at each length: into a block of just that size, for the sanitizer to watch. */
static void cut(const struct nlmsghdr *whole)
{
	struct system_address a = address("203.0.113.9");
	struct system_route_query q = {.to = a};

	for (uint32_t len = sizeof(*whole); len <= whole->nlmsg_len; len++) {
		struct nlmsghdr *part = malloc(len);
		struct system_route r;
		struct system_neigh n;
		struct system_link l;
		uint32_t nsid;

		ck_assert_ptr_nonnull(part);
		memcpy(part, whole, len);
		part->nlmsg_len = len;
		system_parse_route(part, &r);
		system_parse_covering(part, &a, RTN_PROHIBIT);
		system_parse_rule(part, &q, "", "", FR_ACT_PROHIBIT);
		system_parse_neigh(part, 3, &a, &n);
		if (system_parse_link(part, &l, &nsid) == 0)
			ck_assert_uint_ge(len, sizeof(*whole) + sizeof(struct ifinfomsg));
		free(part);
	}
}

START_TEST(test_cut)
{
	struct ndmsg nd = {.ndm_family = AF_INET, .ndm_ifindex = 3};
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, 0);

	mnl_attr_put_strz(nlh, IFLA_IFNAME, "v0");
	put_port(nlh, "bridge");
	cut(nlh);
	nlh = start_route(&m, AF_INET, RTN_UNICAST);
	put_address(nlh, RTA_GATEWAY, "192.0.2.2");
	mnl_attr_put(nlh, RTA_VIA, 6, "\x02\0abcd");
	cut(nlh);
	nlh = start(&m, RTM_NEWNEIGH, &nd, sizeof(nd));
	put_address(nlh, NDA_DST, "203.0.113.9");
	cut(nlh);
	for (int i = 0; i < N_OF(rules); i++) {
		rule_takes(&rules[i], &m, &nlh);
		cut(nlh);
	}
}
END_TEST

/* An attribute that claims to be longer than its message. */
START_TEST(test_overlong)
{
	struct message m;
	struct nlmsghdr *nlh = start_link(&m, 0);
	struct nlattr *a = mnl_nlmsg_get_payload_tail(nlh);
	struct system_link l;
	uint32_t nsid;

	mnl_attr_put_u32(nlh, IFLA_MTU, 1400);
	a->nla_len = UINT16_MAX;
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert_uint_eq(l.mtu, 0);
	a->nla_len = 0;
	ck_assert_int_eq(system_parse_link(nlh, &l, &nsid), 0);
	ck_assert_uint_eq(l.mtu, 0);
}
END_TEST

/* What this namespace says. */

struct here {
	struct netns_table *table;
	uint32_t inode;
};

static void here_open(struct here *h)
{
	struct stat st;

	ck_assert_int_eq(stat("/proc/self/ns/net", &st), 0);
	h->inode = (uint32_t)st.st_ino;
	h->table = netns_table_new();
	ck_assert_ptr_nonnull(h->table);
}

static const struct {
	const char *path;
	bool there;
} settings[] = {
	{"net/ipv4/ip_forward", true},
	{"net/ipv4/conf/lo/forwarding", true},
	{"net/ipv4/no_such_setting", false},
	{"net/ipv4/../ipv4/ip_forward", false},
	{"../sys/net/ipv4/ip_forward", false},
	{"net/ipv4/conf/lo/..", false},
	{"net/ipv4/tcp_rmem", false}, /* three numbers */
	{"kernel/ostype", false},     /* none */
	{"net/ipv4", false},
	{"", false},
};

START_TEST(test_setting)
{
	struct here h;
	long value = -7;
	int failed;

	here_open(&h);
	failed = system_of_host.setting(h.table, h.inode, settings[_i].path, &value);
	ck_assert_int_eq(failed, settings[_i].there ? 0 : -1);
	if (settings[_i].there)
		ck_assert(value == 0 || value == 1);
	else
		ck_assert_int_eq(value, -7);
	netns_table_free(h.table);
}
END_TEST

START_TEST(test_lo)
{
	struct system_link l;
	struct here h;

	here_open(&h);
	ck_assert_int_eq(system_of_host.link(h.table, h.inode, 1, &l), 0);
	ck_assert_str_eq(l.name, "lo");
	ck_assert_str_eq(l.kind, "");
	ck_assert(l.loopback && !l.xdp && !l.lower_elsewhere);
	ck_assert_uint_gt(l.mtu, 0);
	ck_assert_int_eq(l.bridge_state, -1);
	ck_assert_int_eq(system_of_host.link(h.table, h.inode, 1U << 30, &l), -1);
	ck_assert_int_eq(system_of_host.link(h.table, h.inode, 0, &l), -1);
	netns_table_free(h.table);
}
END_TEST

START_TEST(test_route_to_lo)
{
	struct system_route_query q = {.to = address("127.0.0.1")};
	struct system_address none = {0};
	struct system_route r;
	struct system_link l;
	struct here h;

	here_open(&h);
	ck_assert_int_eq(system_of_host.link(h.table, h.inode, 1, &l), 0);
	if (l.up) {
		ck_assert_int_eq(system_of_host.route(h.table, h.inode, &q, &r), 0);
		ck_assert_int_eq(r.type, ROUTE_LOCAL);
		ck_assert_uint_eq(r.oif, 1);
		ck_assert_str_eq(r.oifname, "lo");
		ck_assert_int_eq(system_of_host.is_local(h.table, h.inode, &q.to), 1);
	}
	q.iif = 1U << 30; /* no such device */
	ck_assert_int_eq(system_of_host.route(h.table, h.inode, &q, &r), -1);
	q = (struct system_route_query){.to = q.to, .from = address("::1")};
	ck_assert_int_eq(system_of_host.route(h.table, h.inode, &q, &r), -1);
	ck_assert_int_eq(system_of_host.is_local(h.table, h.inode, &none), -1);
	netns_table_free(h.table);
}
END_TEST

START_TEST(test_not_here)
{
	struct system_address a = address("192.0.2.1"), none = {0};
	struct system_neigh n;
	struct here h;

	here_open(&h);
	ck_assert_int_ne(system_of_host.is_local(h.table, h.inode, &a), 1);
	ck_assert_int_eq(system_of_host.neigh(h.table, h.inode, 1, &a, &n), 0);
	ck_assert_int_eq(n.state, NEIGH_NONE);
	ck_assert_int_eq(system_of_host.neigh(h.table, h.inode, 1, &none, &n), -1);
	netns_table_free(h.table);
}
END_TEST

/* No namespace has inode 1. */
START_TEST(test_no_namespace)
{
	struct system_route_query q = {.to = address("127.0.0.1")};
	struct system_route r;
	struct system_neigh n;
	struct system_link l;
	struct capture err;
	struct here h;
	long value;

	here_open(&h);
	capture_start(&err, stderr);
	ck_assert_int_eq(system_of_host.setting(h.table, 1, "net/ipv4/ip_forward", &value), -1);
	ck_assert_int_eq(system_of_host.route(h.table, 1, &q, &r), -1);
	ck_assert_int_eq(system_of_host.neigh(h.table, 1, 1, &q.to, &n), -1);
	ck_assert_int_eq(system_of_host.link(h.table, 1, 1, &l), -1);
	ck_assert_int_eq(system_of_host.is_local(h.table, 1, &q.to), -1);
	ck_assert_uint_eq(system_of_host.rules(h.table, 1), 0);
	expect_silence(capture_stop(&err));
	netns_table_free(h.table);
}
END_TEST

static bool is_inode(int fd, void *arg)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (uint32_t)st.st_ino == *(uint32_t *)arg;
}

START_TEST(test_search)
{
	uint32_t none = 1;
	struct here h;

	here_open(&h);
	ck_assert_uint_eq(netns_search(is_inode, &h.inode), h.inode);
	ck_assert_uint_eq(netns_search(is_inode, &none), 0);
	netns_table_free(h.table);
}
END_TEST

static TCase *messages(void)
{
	TCase *t = tcase_create("messages");

	tcase_add_test(t, test_route);
	tcase_add_test(t, test_route_on_link);
	tcase_add_test(t, test_route_via_other_family);
	tcase_add_loop_test(t, test_route_types, 0, N_OF(types));
	tcase_add_test(t, test_route_errors);
	tcase_add_test(t, test_route_broken);
	tcase_add_loop_test(t, test_rules, 0, N_OF(rules));
	tcase_add_test(t, test_covering);
	tcase_add_loop_test(t, test_neigh, 0, N_OF(neighs));
	tcase_add_test(t, test_link);
	tcase_add_test(t, test_link_plain);
	tcase_add_loop_test(t, test_link_xdp, 0, N_OF(xdps));
	tcase_add_test(t, test_link_broken);
	tcase_add_test(t, test_cut);
	tcase_add_test(t, test_overlong);
	return t;
}

Suite *system_suite(void)
{
	Suite *s = suite_create("system");
	TCase *t = tcase_create("here");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_setting, 0, N_OF(settings));
	tcase_add_test(t, test_lo);
	tcase_add_test(t, test_route_to_lo);
	tcase_add_test(t, test_not_here);
	tcase_add_test(t, test_no_namespace);
	tcase_add_test(t, test_search);
	suite_add_tcase(s, messages());
	suite_add_tcase(s, t);
	return s;
}
