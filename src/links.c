/* Reads devices by rtnetlink, and finds the way up a stack of them. */
#include "links.h"
#include "system_netlink.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16

struct reading {
	struct link *links;
	size_t n, room;
	bool failed;
};

struct attributes {
	struct link *link;
	bool elsewhere; /* IFLA_LINK is an index in another namespace */
};

static int on_info(const struct nlattr *attr, void *ctx)
{
	struct attributes *a = ctx;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		a->link->is_bridge = strcmp(mnl_attr_get_str(attr), "bridge") == 0;
	return MNL_CB_OK;
}

static int on_attribute(const struct nlattr *attr, void *ctx)
{
	struct attributes *a = ctx;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == IFLA_LINK_NETNSID)
		a->elsewhere = true;
	if (type == IFLA_LINKINFO)
		mnl_attr_parse_nested(attr, on_info, a);
	if ((type != IFLA_LINK && type != IFLA_MASTER) || mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return MNL_CB_OK;
	if (type == IFLA_LINK)
		a->link->lower = mnl_attr_get_u32(attr);
	else
		a->link->master = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int on_link(const struct nlmsghdr *nlh, void *ctx)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	struct reading *r = ctx;
	struct link l = {0};
	struct attributes a = {.link = &l};

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*info))
		return MNL_CB_OK;
	l.ifindex = (uint32_t)info->ifi_index;
	/* mnl_attr_parse() would round the length of the message up. */
	mnl_attr_parse_payload(mnl_nlmsg_get_payload_offset(nlh, sizeof(*info)),
			       mnl_nlmsg_get_payload_len(nlh) - sizeof(*info), on_attribute, &a);
	if (a.elsewhere || l.lower == l.ifindex)
		l.lower = 0;
	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 32;
		struct link *grown = realloc(r->links, room * sizeof(*grown));

		if (!grown) {
			r->failed = true;
			return MNL_CB_OK;
		}
		r->links = grown;
		r->room = room;
	}
	r->links[r->n++] = l;
	return MNL_CB_OK;
}

static int dump(struct system_socket *s, struct reading *r)
{
	_Alignas(struct nlmsghdr) char buf[SYSTEM_REQUEST_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	return system_ask(s, nlh, on_link, r) || r->failed ? -1 : 0;
}

int links_read(struct link **links)
{
	struct system_socket s;
	struct reading r = {0};
	int failed = system_socket_open(&s);

	if (!failed) {
		failed = dump(&s, &r);
		system_socket_close(&s);
	}
	if (failed) {
		free(r.links);
		*links = NULL;
		return -1;
	}
	*links = r.links;
	return (int)r.n;
}

static const struct link *find(const struct link *links, size_t n, uint32_t ifindex)
{
	for (size_t i = 0; i < n; i++)
		if (links[i].ifindex == ifindex)
			return &links[i];
	return NULL;
}

/* Fills path with the devices from top down to bottom, both left out. Their number, -1: no way. */
static int walk_down(const struct link *links, size_t n, uint32_t bottom, uint32_t top,
		     uint32_t *path, int depth)
{
	const struct link *t = find(links, n, top), *b = find(links, n, bottom);
	int len;

	if (!t || !b || depth >= MAX_DEPTH)
		return -1;
	if (t->lower == bottom || b->master == top)
		return depth;
	if (t->lower) {
		path[depth] = t->lower;
		len = walk_down(links, n, bottom, t->lower, path, depth + 1);
		if (len >= 0)
			return len;
	}
	for (size_t i = 0; i < n; i++) { /* a bond: one of its ports leads down to it */
		if (links[i].master != top)
			continue;
		path[depth] = links[i].ifindex;
		len = walk_down(links, n, bottom, links[i].ifindex, path, depth + 1);
		if (len >= 0)
			return len;
	}
	return -1;
}

int links_between(const struct link *links, size_t n, uint32_t bottom, uint32_t top,
		  uint32_t *between, size_t max)
{
	const struct link *t = find(links, n, top);
	uint32_t path[MAX_DEPTH];
	int len = bottom == top ? -1 : walk_down(links, n, bottom, top, path, 0);
	size_t out = 0;

	if (t && t->is_bridge)
		return -1;
	while (len > 0 && out < max)
		between[out++] = path[--len];
	return (int)out;
}
