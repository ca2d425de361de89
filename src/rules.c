/* Looks for tables of iptables (procfs) and nftables (netlink). */
#include "rules.h"
#include "attach_points.h"
#include "util.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdbool.h>

static bool has_names(const char *path)
{
	char line[64];

	return read_line(path, line, sizeof(line)) == 0 && *line;
}

static int on_table(const struct nlmsghdr *nlh, void *ctx)
{
	bool *found = ctx;

	*found = *found || nlh->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWTABLE);
	return MNL_CB_OK;
}

static bool ask(struct mnl_socket *nl)
{
	char buf[32768]; /* what the kernel sends at once at the most (net/netlink/af_netlink.c) */
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *family;
	bool found = false;
	int more = MNL_CB_OK;

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	family = mnl_nlmsg_put_extra_header(nlh, sizeof(*family));
	family->nfgen_family = 0; /* NFPROTO_UNSPEC: all */
	family->version = NFNETLINK_V0;
	family->res_id = 0;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return false;
	while (more == MNL_CB_OK) {
		ssize_t got = mnl_socket_recvfrom(nl, buf, sizeof(buf));

		if (got <= 0)
			break;
		more = mnl_cb_run(buf, (size_t)got, 1, mnl_socket_get_portid(nl), on_table, &found);
	}
	return found;
}

static bool has_nftables(void)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	bool found = nl && ask(nl);

	if (nl)
		mnl_socket_close(nl);
	return found;
}

unsigned int rules_present(void)
{
	return (has_names("/proc/thread-self/net/ip_tables_names") ? GROUP_IPTABLES : 0) |
	       (has_names("/proc/thread-self/net/ip6_tables_names") ? GROUP_IP6TABLES : 0) |
	       (has_nftables() ? GROUP_NFTABLES : 0);
}
