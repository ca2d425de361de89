/* Devices and neighbours, as rtnetlink has them. */
#include "system_netlink.h"

#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/net_namespace.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define N_IFLA (IFLA_XDP + 1)
#define N_INFO (IFLA_INFO_SLAVE_DATA + 1)
#define N_PORT (IFLA_BRPORT_STATE + 1)
#define N_BR   (IFLA_BR_VLAN_FILTERING + 1)
#define N_XDP  (IFLA_XDP_HW_PROG_ID + 1)

/* IFF_LOWER_UP of linux/if.h, which clashes with net/if.h */
#define LOWER_UP 0x10000

/* enum bpf_attach_type since 6.6; older headers lack them, older kernels answer EINVAL. */
#define TCX_INGRESS 46
#define TCX_EGRESS  47

bool system_has_tcx(uint32_t ifindex, bool egress)
{
	union bpf_attr attr;

	_Static_assert(sizeof(attr) >= 64, "the kernel writes that far, whatever size is given");
	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = ifindex; /* target_ifindex in the headers of 6.6 */
	attr.query.attach_type = egress ? TCX_EGRESS : TCX_INGRESS;
	return syscall(__NR_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) == 0 &&
	       attr.query.prog_cnt > 0;
}

int system_parse_neigh(const struct nlmsghdr *nlh, uint32_t ifindex, const struct system_address *a,
		       struct system_neigh *n)
{
	const struct ndmsg *nd = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[NDA_PROBES + 1];
	struct system_address of;

	if (nlh->nlmsg_type != RTM_NEWNEIGH ||
	    !system_attributes(nlh, sizeof(*nd), tb, NDA_PROBES + 1) ||
	    nd->ndm_family != system_af(a->family) || (uint32_t)nd->ndm_ifindex != ifindex ||
	    (nd->ndm_flags & NTF_PROXY) || !system_address(tb[NDA_DST], a->family, &of) ||
	    !system_same_address(&of, a))
		return 0;
	*n = (struct system_neigh){.state = NEIGH_REACHABLE};
	system_u32(tb[NDA_PROBES], &n->probes);
	if (nd->ndm_state == NUD_NONE)
		n->state = NEIGH_NONE;
	else if (nd->ndm_state & NUD_FAILED)
		n->state = NEIGH_FAILED;
	else if (nd->ndm_state & NUD_INCOMPLETE)
		n->state = NEIGH_INCOMPLETE;
	return 1;
}

struct neigh_search {
	uint32_t ifindex;
	const struct system_address *a;
	struct system_neigh *n;
};

static int on_neigh(const struct nlmsghdr *nlh, void *ctx)
{
	const struct neigh_search *s = ctx;

	system_parse_neigh(nlh, s->ifindex, s->a, s->n);
	return MNL_CB_OK;
}

int system_ask_neigh(struct system_socket *s, uint32_t ifindex, const struct system_address *a,
		     struct system_neigh *n)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *nd = mnl_nlmsg_put_extra_header(nlh, sizeof(*nd));
	struct neigh_search search = {ifindex, a, n};

	if (a->family != 4 && a->family != 6)
		return -1;
	*n = (struct system_neigh){.state = NEIGH_NONE};
	nlh->nlmsg_type = RTM_GETNEIGH;
	nlh->nlmsg_flags = NLM_F_DUMP; /* to ask for one entry needs 5.0 */
	nd->ndm_family = system_af(a->family);
	mnl_attr_put_u32(nlh, NDA_IFINDEX, ifindex);
	return system_ask(s, nlh, on_neigh, &search);
}

static void read_info(const struct nlattr *in, struct system_link *l)
{
	const struct nlattr *tb[N_INFO], *port[N_PORT], *bridge[N_BR];
	char slave_kind[sizeof(l->kind)] = "";
	uint8_t state, filters = 0;

	system_nested(in, tb, N_INFO);
	system_text(tb[IFLA_INFO_KIND], l->kind, sizeof(l->kind));
	if (strcmp(l->kind, "bridge") == 0) {
		system_nested(tb[IFLA_INFO_DATA], bridge, N_BR);
		system_u8(bridge[IFLA_BR_VLAN_FILTERING], &filters);
		l->vlan_filtering = filters;
	}
	system_text(tb[IFLA_INFO_SLAVE_KIND], slave_kind, sizeof(slave_kind));
	if (strcmp(slave_kind, "bridge") != 0)
		return;
	system_nested(tb[IFLA_INFO_SLAVE_DATA], port, N_PORT);
	if (system_u8(port[IFLA_BRPORT_STATE], &state))
		l->bridge_state = state;
}

/* Programs may be at the driver, the generic place and the hardware at once (4.19). */
static void read_xdp(const struct nlattr *in, struct system_link *l)
{
	static const uint16_t ids[] = {IFLA_XDP_HW_PROG_ID, IFLA_XDP_SKB_PROG_ID,
				       IFLA_XDP_DRV_PROG_ID, IFLA_XDP_PROG_ID};
	const struct nlattr *tb[N_XDP];
	uint8_t attached = XDP_ATTACHED_NONE;

	system_nested(in, tb, N_XDP);
	system_u8(tb[IFLA_XDP_ATTACHED], &attached);
	if (attached == XDP_ATTACHED_NONE)
		return;
	l->xdp = true;
	l->xdp_generic = attached == XDP_ATTACHED_SKB;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		system_u32(tb[ids[i]], &l->xdp_id);
}

int system_parse_link(const struct nlmsghdr *nlh, struct system_link *l, uint32_t *nsid)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[N_IFLA];

	if (nlh->nlmsg_type != RTM_NEWLINK || !system_attributes(nlh, sizeof(*info), tb, N_IFLA))
		return -1;
	*l = (struct system_link){
		.up = info->ifi_flags & IFF_UP,
		.carrier = info->ifi_flags & LOWER_UP,
		.loopback = info->ifi_flags & IFF_LOOPBACK,
		.bridge_state = -1,
	};
	system_text(tb[IFLA_IFNAME], l->name, sizeof(l->name));
	system_text(tb[IFLA_QDISC], l->qdisc, sizeof(l->qdisc));
	system_u32(tb[IFLA_MTU], &l->mtu);
	system_u32(tb[IFLA_MASTER], &l->master);
	system_u32(tb[IFLA_LINK], &l->lower);
	l->lower_elsewhere = system_u32(tb[IFLA_LINK_NETNSID], nsid);
	if (!l->lower_elsewhere && l->lower == (uint32_t)info->ifi_index)
		l->lower = 0;
	read_info(tb[IFLA_LINKINFO], l);
	read_xdp(tb[IFLA_XDP], l);
	return 0;
}

struct link_answer {
	struct system_link *link;
	uint32_t nsid;
	bool said;
};

static int on_link(const struct nlmsghdr *nlh, void *ctx)
{
	struct link_answer *a = ctx;

	a->said = system_parse_link(nlh, a->link, &a->nsid) == 0 || a->said;
	return MNL_CB_OK;
}

static int ask_link(struct system_socket *s, uint32_t ifindex, struct link_answer *answer)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));

	nlh->nlmsg_type = RTM_GETLINK;
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)ifindex;
	return system_ask(s, nlh, on_link, answer) == 0 && answer->said ? 0 : -1;
}

bool system_ask_name(struct system_socket *s, uint32_t ifindex, char name[IF_NAMESIZE])
{
	struct system_link l = {0};
	struct link_answer answer = {.link = &l};

	*name = '\0';
	if (ask_link(s, ifindex, &answer) == 0)
		memcpy(name, l.name, sizeof(l.name));
	return *name;
}

struct port_search {
	uint32_t master;
	struct system_link *ports;
	size_t max;
	int n;
};

static int on_port(const struct nlmsghdr *nlh, void *ctx)
{
	struct port_search *p = ctx;
	struct system_link l;
	uint32_t nsid;

	if (system_parse_link(nlh, &l, &nsid) || l.master != p->master)
		return MNL_CB_OK;
	if ((size_t)p->n < p->max)
		p->ports[p->n] = l;
	p->n++;
	return MNL_CB_OK;
}

int system_ask_ports(struct system_socket *s, uint32_t master, struct system_link *ports,
		     size_t max)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	struct port_search search = {master, ports, max, 0};

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_DUMP;
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_u32(nlh, IFLA_MASTER, master); /* kernels that cannot choose send all */
	return master && system_ask(s, nlh, on_port, &search) == 0 ? search.n : -1;
}

static int on_filter(const struct nlmsghdr *nlh, void *ctx)
{
	bool *found = ctx;

	*found = *found || nlh->nlmsg_type == RTM_NEWTFILTER;
	return MNL_CB_OK;
}

static bool has_filter(struct system_socket *s, uint32_t ifindex, uint32_t parent)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *tc = mnl_nlmsg_put_extra_header(nlh, sizeof(*tc));
	bool found = false;

	nlh->nlmsg_type = RTM_GETTFILTER;
	nlh->nlmsg_flags = NLM_F_DUMP;
	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = (int)ifindex;
	tc->tcm_parent = parent;
	return system_ask(s, nlh, on_filter, &found) == 0 && found;
}

struct nsid_search {
	struct system_socket *s;
	uint32_t wanted, got;
};

static int on_nsid(const struct nlmsghdr *nlh, void *ctx)
{
	struct nsid_search *n = ctx;
	const struct nlattr *tb[NETNSA_NSID + 1];

	if (nlh->nlmsg_type == RTM_NEWNSID &&
	    system_attributes(nlh, NLMSG_ALIGN(sizeof(struct rtgenmsg)), tb, NETNSA_NSID + 1))
		system_u32(tb[NETNSA_NSID], &n->got);
	return MNL_CB_OK;
}

static bool has_nsid(int fd, void *ctx)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nsid_search *n = ctx;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct rtgenmsg)); /* zeroed: AF_UNSPEC */
	nlh->nlmsg_type = RTM_GETNSID;
	mnl_attr_put_u32(nlh, NETNSA_FD, (uint32_t)fd);
	n->got = (uint32_t)NETNSA_NSID_NOT_ASSIGNED;
	return system_ask(n->s, nlh, on_nsid, n) == 0 && n->got == n->wanted;
}

int system_ask_link(struct system_socket *s, uint32_t ifindex, struct system_link *l)
{
	struct link_answer answer = {.link = l};
	struct nsid_search search = {.s = s};
	bool plain;

	if (ask_link(s, ifindex, &answer))
		return -1;
	if (*l->qdisc && strcmp(l->qdisc, "noqueue") != 0)
		l->queued = system_ask_queued(s, ifindex);
	search.wanted = answer.nsid;
	if (l->lower_elsewhere && answer.nsid != (uint32_t)NETNSA_NSID_NOT_ASSIGNED)
		l->peer_netns = netns_search(has_nsid, &search);
	/* An ingress qdisc answers to any of these, clsact to those of the direction only. */
	plain = has_filter(s, ifindex, TC_H_MAKE(TC_H_INGRESS, 0));
	l->tc_ingress = plain || has_filter(s, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS));
	l->tc_egress = !plain && has_filter(s, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS));
	return 0;
}
