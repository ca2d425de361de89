/* How many packets the queueing disciplines of a device hold, by rtnetlink. */
#include "system_netlink.h"

#include <linux/gen_stats.h>
#include <linux/rtnetlink.h>
#include <string.h>

struct search {
	int ifindex;
	uint32_t most;
};

/* gnet_stats_queue starts with qlen, in packets (include/uapi/linux/gen_stats.h). */
static void read_queue(const struct nlattr *stats, uint32_t *most)
{
	const struct nlattr *tb[TCA_STATS_QUEUE + 1];
	uint32_t held = 0;

	if (!stats)
		return;
	system_nested(stats, tb, TCA_STATS_QUEUE + 1);
	if (system_u32(tb[TCA_STATS_QUEUE], &held) && held > *most)
		*most = held;
}

static int on_qdisc(const struct nlmsghdr *nlh, void *ctx)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[TCA_STATS2 + 1];
	struct search *s = ctx;

	if (nlh->nlmsg_type == RTM_NEWQDISC &&
	    system_attributes(nlh, sizeof(*tc), tb, TCA_STATS2 + 1) &&
	    tc->tcm_ifindex == s->ifindex)
		read_queue(tb[TCA_STATS2], &s->most);
	return MNL_CB_OK;
}

uint32_t system_ask_queued(struct system_socket *s, uint32_t ifindex)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *tc = mnl_nlmsg_put_extra_header(nlh, sizeof(*tc));
	struct search search = {.ifindex = (int)ifindex};

	nlh->nlmsg_type = RTM_GETQDISC;
	nlh->nlmsg_flags = NLM_F_DUMP;
	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = (int)ifindex;
	return system_ask(s, nlh, on_qdisc, &search) ? 0 : search.most;
}
