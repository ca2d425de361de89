/* Whether a rule of policy routing, not a route, is against a packet. */
#include "system_netlink.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define N_RTA (RTA_DST + 1)
#define N_FRA 64 /* more than there are: conditions that we do not know have to be noticed */

/* Rules against a packet, and what the kernel answers for each of them. */
static const struct {
	enum system_route_type type;
	uint8_t action;
	uint8_t rtn; /* type of the routes that it answers the same for, or 0 */
	int error;
} refusals[] = {
	{ROUTE_BLACKHOLE, FR_ACT_BLACKHOLE, RTN_BLACKHOLE, EINVAL},
	{ROUTE_UNREACHABLE, FR_ACT_UNREACHABLE, 0, ENETUNREACH},
	{ROUTE_PROHIBIT, FR_ACT_PROHIBIT, RTN_PROHIBIT, EACCES},
};

/* Do the first bits of both agree? False if there are not as many bits. */
static bool in_prefix(const uint8_t *a, const uint8_t *prefix, size_t bits, size_t max_bytes)
{
	size_t bytes = bits / 8, rest = bits % 8;

	if (bits > 8 * max_bytes || memcmp(a, prefix, bytes) != 0)
		return false;
	return !rest || (a[bytes] ^ prefix[bytes]) >> (8 - rest) == 0;
}

/* An address and a prefix that a message has in an attribute, or a prefix of no bits. */
static bool attribute_covers(const struct nlattr *a, uint8_t bits, int family,
			     const struct system_address *address)
{
	struct system_address prefix;

	if (!bits)
		return true;
	return system_address(a, family, &prefix) &&
	       in_prefix(address->bytes, prefix.bytes, bits, system_address_bytes(family));
}

/* A condition that is not looked at here: ports, users, tunnels and what kernels may yet bring. */
static bool has_other_conditions(const struct nlattr *const *tb)
{
	if (tb[FRA_TUN_ID] || tb[FRA_L3MDEV] || tb[FRA_UID_RANGE])
		return true;
	for (size_t i = FRA_PROTOCOL + 1; i < N_FRA; i++)
		if (tb[i])
			return true;
	return false;
}

static bool device_matches(const struct nlattr *a, const char *name)
{
	char wanted[IF_NAMESIZE];

	return !a || (system_text(a, wanted, sizeof(wanted)) && strcmp(wanted, name) == 0);
}

static bool mark_matches(const struct nlattr *const *tb, uint32_t mark)
{
	uint32_t wanted = 0, mask;

	mask = system_u32(tb[FRA_FWMARK], &wanted) ? UINT32_MAX : 0;
	system_u32(tb[FRA_FWMASK], &mask);
	return !((wanted ^ mark) & mask);
}

bool system_parse_rule(const struct nlmsghdr *nlh, const struct system_route_query *q,
		       const char *iif, const char *oif, uint8_t action)
{
	const struct fib_rule_hdr *rule = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[N_FRA];
	int family = q->to.family;
	bool matches;

	if (nlh->nlmsg_type != RTM_NEWRULE || !system_attributes(nlh, sizeof(*rule), tb, N_FRA) ||
	    rule->family != system_af(family) || rule->action != action || has_other_conditions(tb))
		return false;
	matches = attribute_covers(tb[FRA_DST], rule->dst_len, family, &q->to) &&
		  attribute_covers(tb[FRA_SRC], rule->src_len, family, &q->from) &&
		  (!rule->tos || rule->tos == (q->tos & ~SYSTEM_ECN_BITS)) &&
		  device_matches(tb[FRA_IIFNAME], iif) && device_matches(tb[FRA_OIFNAME], oif) &&
		  mark_matches(tb, q->mark);
	return matches != !!(rule->flags & FIB_RULE_INVERT);
}

bool system_parse_covering(const struct nlmsghdr *nlh, const struct system_address *to,
			   uint8_t type)
{
	const struct rtmsg *rt = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[N_RTA];

	return nlh->nlmsg_type == RTM_NEWROUTE && system_attributes(nlh, sizeof(*rt), tb, N_RTA) &&
	       rt->rtm_family == system_af(to->family) && rt->rtm_type == type &&
	       attribute_covers(tb[RTA_DST], rt->rtm_dst_len, to->family, to);
}

struct rule_search {
	const struct system_route_query *q;
	char iif[IF_NAMESIZE], oif[IF_NAMESIZE];
	uint8_t action; /* or of a route: RTN_* */
	bool found;
};

static int on_rule(const struct nlmsghdr *nlh, void *ctx)
{
	struct rule_search *r = ctx;

	r->found = r->found || system_parse_rule(nlh, r->q, r->iif, r->oif, r->action);
	return MNL_CB_OK;
}

static int on_covering(const struct nlmsghdr *nlh, void *ctx)
{
	struct rule_search *r = ctx;

	r->found = r->found || system_parse_covering(nlh, &r->q->to, r->action);
	return MNL_CB_OK;
}

/* 1 found, 0 not, -1 not known. */
static int dump(struct system_socket *s, uint16_t type, mnl_cb_t on_message, struct rule_search *r)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));

	/* struct fib_rule_hdr is as long, and its family is in the same place */
	_Static_assert(sizeof(struct fib_rule_hdr) == sizeof(struct rtmsg), "uapi");
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_DUMP;
	header->rtm_family = system_af(r->q->to.family);
	r->found = false;
	return system_ask(s, nlh, on_message, r) == 0 ? r->found : -1;
}

/* Is there a rule that says what the kernel answered? */
static bool rule_says(struct system_socket *s, const struct system_route_query *q, uint8_t action)
{
	struct rule_search r = {.q = q, .action = action};

	/* To rules, what is sent from here comes in by lo. */
	if (!q->iif)
		memcpy(r.iif, "lo", sizeof("lo"));
	else if (!system_ask_name(s, q->iif, r.iif))
		return false;
	if (q->oif && !system_ask_name(s, q->oif, r.oif))
		return false;
	return dump(s, RTM_GETRULE, on_rule, &r) == 1;
}

/* May a route have said it? */
static bool route_may_say(struct system_socket *s, const struct system_route_query *q, uint8_t rtn)
{
	struct rule_search r = {.q = q, .action = rtn};

	return dump(s, RTM_GETROUTE, on_covering, &r) != 0;
}

void system_blame_rule(struct system_socket *s, const struct system_route_query *q,
		       struct system_route *r)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].error != r->error || !rule_says(s, q, refusals[i].action))
			continue;
		r->type = refusals[i].type;
		r->by_rule = !refusals[i].rtn || !route_may_say(s, q, refusals[i].rtn);
		return;
	}
}
