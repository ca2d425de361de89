/* Sockets of rtnetlink and the attributes of what comes back. */
#include "system_netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define PATIENCE_S 2 /* the kernel answers at once */

int system_socket_open(struct system_socket *s)
{
	struct timeval patience = {.tv_sec = PATIENCE_S};

	*s = (struct system_socket){.nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC)};
	if (!s->nl)
		return -1;
	if (mnl_socket_bind(s->nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(s->nl), SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience))) {
		system_socket_close(s);
		return -1;
	}
	return 0;
}

void system_socket_close(struct system_socket *s)
{
	if (s->nl)
		mnl_socket_close(s->nl);
	s->nl = NULL;
}

int system_ask(struct system_socket *s, struct nlmsghdr *request, mnl_cb_t on_message, void *arg)
{
	/* what the kernel sends at once at the most (net/netlink/af_netlink.c) */
	_Alignas(struct nlmsghdr) char buf[32768];
	unsigned int port = mnl_socket_get_portid(s->nl);
	int more = MNL_CB_OK;

	/* With NLM_F_ACK an answer has an end as a dump has. */
	request->nlmsg_flags |= NLM_F_REQUEST;
	if (!(request->nlmsg_flags & NLM_F_DUMP))
		request->nlmsg_flags |= NLM_F_ACK;
	request->nlmsg_seq = ++s->seq;
	if (mnl_socket_sendto(s->nl, request, request->nlmsg_len) < 0)
		return -1;
	while (more == MNL_CB_OK) {
		ssize_t got = mnl_socket_recvfrom(s->nl, buf, sizeof(buf));

		if (got <= 0)
			return -1;
		more = mnl_cb_run(buf, (size_t)got, s->seq, port, on_message, arg);
	}
	return more == MNL_CB_STOP ? 0 : -1;
}

struct table {
	const struct nlattr **tb;
	size_t n;
};

static void clear(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->tb[i] = NULL;
}

static int on_attribute(const struct nlattr *a, void *ctx)
{
	const struct table *t = ctx;
	uint16_t type = mnl_attr_get_type(a);

	if (type < t->n)
		t->tb[type] = a;
	return MNL_CB_OK;
}

bool system_attributes(const struct nlmsghdr *nlh, size_t header, const struct nlattr **tb,
		       size_t n)
{
	struct table t = {tb, n};

	clear(&t);
	if (nlh->nlmsg_len < sizeof(*nlh) || mnl_nlmsg_get_payload_len(nlh) < header)
		return false;
	/* mnl_attr_parse() would round the length of the message up. */
	mnl_attr_parse_payload(mnl_nlmsg_get_payload_offset(nlh, header),
			       mnl_nlmsg_get_payload_len(nlh) - header, on_attribute, &t);
	return true;
}

void system_nested(const struct nlattr *in, const struct nlattr **tb, size_t n)
{
	struct table t = {tb, n};

	clear(&t);
	if (in)
		mnl_attr_parse_nested(in, on_attribute, &t);
}

bool system_u8(const struct nlattr *a, uint8_t *value)
{
	if (!a || mnl_attr_get_payload_len(a) < sizeof(*value))
		return false;
	*value = mnl_attr_get_u8(a);
	return true;
}

bool system_u32(const struct nlattr *a, uint32_t *value)
{
	if (!a || mnl_attr_get_payload_len(a) < sizeof(*value))
		return false;
	memcpy(value, mnl_attr_get_payload(a), sizeof(*value));
	return true;
}

bool system_text(const struct nlattr *a, char *text, size_t size)
{
	const char *from = a ? mnl_attr_get_payload(a) : NULL;
	size_t len = a ? strnlen(from, mnl_attr_get_payload_len(a)) : 0;

	if (!a || len == mnl_attr_get_payload_len(a) || len >= size)
		return false;
	memcpy(text, from, len + 1);
	return true;
}

size_t system_address_bytes(int family)
{
	return family == 6 ? 16 : 4;
}

uint8_t system_af(int family)
{
	return family == 6 ? AF_INET6 : AF_INET;
}

bool system_address(const struct nlattr *a, int family, struct system_address *address)
{
	size_t bytes = system_address_bytes(family);

	if (!a || mnl_attr_get_payload_len(a) < bytes)
		return false;
	*address = (struct system_address){.family = family};
	memcpy(address->bytes, mnl_attr_get_payload(a), bytes);
	return true;
}

bool system_same_address(const struct system_address *a, const struct system_address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, system_address_bytes(a->family)) == 0;
}
