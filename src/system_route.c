/* Which way the kernel would send a packet, and whether a route or a rule is against it. */
#include "system_netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define N_RTA  (RTA_VIA + 1)
#define N_RTAX (RTAX_MTU + 1)

/* Routes against a packet, and what the kernel answers for each of them. */
static const struct {
	enum system_route_type type;
	uint8_t rtn;
	int error;
} refusals[] = {
	{ROUTE_BLACKHOLE, RTN_BLACKHOLE, EINVAL},
	{ROUTE_UNREACHABLE, RTN_UNREACHABLE, EHOSTUNREACH},
	{ROUTE_PROHIBIT, RTN_PROHIBIT, EACCES},
};

#define N_REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

bool system_route_of_errno(int error, struct system_route *r)
{
	enum system_route_type type = ROUTE_OTHER;

	for (size_t i = 0; i < N_REFUSALS; i++)
		if (refusals[i].error == error)
			type = refusals[i].type;
	if (error == ENETUNREACH)
		type = ROUTE_NONE;
	if (error == EXDEV) /* rp_filter; newer kernels (6.18) answer EINVAL */
		type = ROUTE_REFUSED;
	if (type == ROUTE_OTHER)
		return false;
	*r = (struct system_route){.type = type, .error = error};
	return true;
}

static enum system_route_type type_of(uint8_t rtn)
{
	switch (rtn) {
	case RTN_UNICAST:
		return ROUTE_UNICAST;
	case RTN_LOCAL:
	case RTN_ANYCAST: /* is taken in, too */
		return ROUTE_LOCAL;
	case RTN_BROADCAST:
		return ROUTE_BROADCAST;
	case RTN_MULTICAST:
		return ROUTE_MULTICAST;
	default:
		return ROUTE_OTHER;
	}
}

/* Up to 4.12 IPv6 answers with a route against it (RTA_CACHEINFO says why), not with an error. */
static bool is_refusal(uint8_t rtn, const struct nlattr *cacheinfo, struct system_route *r)
{
	struct rta_cacheinfo info = {0};
	int error = 0;

	for (size_t i = 0; i < N_REFUSALS; i++)
		if (refusals[i].rtn == rtn)
			error = refusals[i].error;
	if (!error)
		return false;
	if (cacheinfo && mnl_attr_get_payload_len(cacheinfo) >= sizeof(info))
		memcpy(&info, mnl_attr_get_payload(cacheinfo), sizeof(info));
	/* a negative errno, though unsigned; 0 is none */
	if (system_route_of_errno((int)(0 - info.rta_error), r))
		return true;
	return system_route_of_errno(error, r);
}

/* struct rtvia: a gateway of the other family (5.2). */
static void read_via(const struct nlattr *a, struct system_address *gateway)
{
	const uint8_t *bytes = mnl_attr_get_payload(a);
	size_t len = mnl_attr_get_payload_len(a), need;
	uint16_t af;

	if (len < sizeof(af))
		return;
	memcpy(&af, bytes, sizeof(af));
	if (af != AF_INET && af != AF_INET6)
		return;
	need = system_address_bytes(af == AF_INET6 ? 6 : 4);
	if (len < sizeof(af) + need)
		return;
	*gateway = (struct system_address){.family = af == AF_INET6 ? 6 : 4};
	memcpy(gateway->bytes, bytes + sizeof(af), need);
}

int system_parse_route(const struct nlmsghdr *nlh, struct system_route *r)
{
	const struct rtmsg *rt = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[N_RTA], *metrics[N_RTAX];
	struct system_address to = {0};
	int family;

	if (nlh->nlmsg_type != RTM_NEWROUTE || !system_attributes(nlh, sizeof(*rt), tb, N_RTA) ||
	    (rt->rtm_family != AF_INET && rt->rtm_family != AF_INET6))
		return -1;
	if (is_refusal(rt->rtm_type, tb[RTA_CACHEINFO], r))
		return 0;
	*r = (struct system_route){.type = type_of(rt->rtm_type)};
	family = rt->rtm_family == AF_INET6 ? 6 : 4;
	system_u32(tb[RTA_OIF], &r->oif);
	system_address(tb[RTA_GATEWAY], family, &r->gateway);
	system_nested(tb[RTA_METRICS], metrics, N_RTAX);
	system_u32(metrics[RTAX_MTU], &r->mtu);
	if (tb[RTA_VIA])
		read_via(tb[RTA_VIA], &r->gateway);
	/* Old kernels name the target as its own gateway where it is on the link. */
	if (system_address(tb[RTA_DST], family, &to) && system_same_address(&to, &r->gateway))
		r->gateway = (struct system_address){0};
	return 0;
}

struct answer {
	struct system_route *route;
	bool said;
};

static int on_route(const struct nlmsghdr *nlh, void *ctx)
{
	struct answer *a = ctx;

	a->said = system_parse_route(nlh, a->route) == 0 || a->said;
	return MNL_CB_OK;
}

static void put_address(struct nlmsghdr *nlh, uint16_t type, const struct system_address *a)
{
	mnl_attr_put(nlh, type, system_address_bytes(a->family), a->bytes);
}

static void put_u32(struct nlmsghdr *nlh, uint16_t type, uint32_t value)
{
	if (value)
		mnl_attr_put_u32(nlh, type, value);
}

/* One question: 0, also if the answer is an error, or -1. */
static int ask(struct system_socket *s, const struct system_route_query *q, struct system_route *r)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(nlh, sizeof(*rt));
	uint8_t bits = (uint8_t)(8 * system_address_bytes(q->to.family));
	struct answer answer = {.route = r};

	nlh->nlmsg_type = RTM_GETROUTE;
	rt->rtm_family = system_af(q->to.family);
	rt->rtm_dst_len = bits;
	rt->rtm_tos = q->tos & (uint8_t)~SYSTEM_ECN_BITS;
	put_address(nlh, RTA_DST, &q->to);
	if (q->from.family) {
		rt->rtm_src_len = bits;
		put_address(nlh, RTA_SRC, &q->from);
	}
	put_u32(nlh, RTA_IIF, q->iif);
	put_u32(nlh, RTA_OIF, q->oif);
	put_u32(nlh, RTA_MARK, q->mark);
	if (system_ask(s, nlh, on_route, &answer) == 0)
		return answer.said ? 0 : -1;
	return system_route_of_errno(errno, r) ? 0 : -1;
}

/*
 * IPv4 answers to a source that is not accepted what it answers to a blackhole, EINVAL, or, sent
 * from here, ENETUNREACH. The source can be at fault where it is not
 * our own; then what the target alone gets decides.
 */
static bool source_is_refused(struct system_socket *s, const struct system_route_query *q,
			      int error)
{
	struct system_route_query alone = {
		.to = q->to, .oif = q->oif, .mark = q->mark, .tos = q->tos};
	struct system_route_query source = {.to = q->from};
	struct system_route r;

	if (error != EINVAL && (error != ENETUNREACH || q->iif))
		return false;
	if (!q->iif && (!q->from.family || (ask(s, &source, &r) == 0 && r.type == ROUTE_LOCAL)))
		return false;
	return ask(s, &alone, &r) == 0 && r.error != error;
}

/* 224.0.0.0/4: with iif, EINVAL means that nobody here listens to it. */
static bool is_multicast(const struct system_address *a)
{
	return a->family == 4 && a->bytes[0] >> 4 == 14;
}

int system_ask_route(struct system_socket *s, const struct system_route_query *q,
		     struct system_route *r)
{
	if ((q->to.family != 4 && q->to.family != 6) ||
	    (q->from.family && q->from.family != q->to.family) || ask(s, q, r))
		return -1;
	if (r->oif)
		system_ask_name(s, r->oif, r->oifname);
	if (r->error)
		system_blame_rule(s, q, r);
	if (q->to.family == 4 && !r->by_rule && source_is_refused(s, q, r->error))
		r->type = is_multicast(&q->to) ? ROUTE_OTHER : ROUTE_REFUSED;
	return 0;
}
