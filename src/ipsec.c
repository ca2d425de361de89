/* Asks the security policy database how many policies it has. */
#include "ipsec.h"
#include "netfilter.h"

#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <stdint.h>
#include <string.h>

static int on_attribute(const struct nlattr *attr, void *ctx)
{
	bool *found = ctx;
	struct xfrmu_spdinfo info;

	if (mnl_attr_get_type(attr) != XFRMA_SPD_INFO ||
	    mnl_attr_get_payload_len(attr) < sizeof(info))
		return MNL_CB_OK;
	memcpy(&info, mnl_attr_get_payload(attr), sizeof(info));
	*found = info.incnt || info.outcnt || info.fwdcnt;
	return MNL_CB_OK;
}

static int on_info(const struct nlmsghdr *nlh, void *ctx)
{
	if (nlh->nlmsg_type == XFRM_MSG_NEWSPDINFO &&
	    mnl_nlmsg_get_payload_len(nlh) >= sizeof(uint32_t))
		mnl_attr_parse_payload(mnl_nlmsg_get_payload_offset(nlh, sizeof(uint32_t)),
				       mnl_nlmsg_get_payload_len(nlh) - sizeof(uint32_t),
				       on_attribute, ctx);
	return MNL_CB_OK;
}

static bool ask(struct mnl_socket *nl)
{
	char buf[4096];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	bool found = false;
	uint32_t *flags;
	ssize_t got;

	nlh->nlmsg_type = XFRM_MSG_GETSPDINFO;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = 1;
	flags = mnl_nlmsg_put_extra_header(nlh, sizeof(*flags));
	*flags = UINT32_MAX; /* as iproute2 asks; the kernel gives it back */
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return false;
	got = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (got > 0)
		mnl_cb_run(buf, (size_t)got, 1, mnl_socket_get_portid(nl), on_info, &found);
	return found;
}

bool ipsec_has_policies(void)
{
	struct mnl_socket *nl;
	bool found;

	/* who sets policies has loaded it, and asking would */
	if (!netfilter_module_is_there("xfrm_user"))
		return false;
	nl = mnl_socket_open2(NETLINK_XFRM, SOCK_CLOEXEC);
	found = nl && ask(nl);
	if (nl)
		mnl_socket_close(nl);
	return found;
}
