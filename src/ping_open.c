/* Opens the ping's socket: resolves the target, sets options, makes sure that there is a route. */
#include "ping_socket.h"
#include "ipsec.h"
#include "netns.h"
#include "ping_filter.h"
#include "say.h"
#include "system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int resolve_with(const struct options *o, int flags, struct ping *p)
{
	struct addrinfo hints = {
		.ai_family = o->family, .ai_socktype = SOCK_RAW, .ai_flags = flags};
	struct addrinfo *found = NULL;
	int err = getaddrinfo(o->target, NULL, &hints, &found);

	if (err)
		return err;
	memcpy(&p->target, found->ai_addr, found->ai_addrlen);
	p->target_len = found->ai_addrlen;
	p->who.family = found->ai_family;
	freeaddrinfo(found);
	return 0;
}

static int say_unresolved(const struct options *o, int err)
{
	const char *percent = strchr(o->target, '%');

	if (percent && !memchr(o->target, ':', (size_t)(percent - o->target)))
		say_error("cannot resolve '%s': only link-local IPv6 addresses take an interface "
			  "behind '%%'",
			  o->target);
	else if (percent && err == EAI_NONAME)
		say_error("cannot resolve '%s': no such address, or no interface '%s'%s", o->target,
			  percent + 1, o->netns ? " in that namespace" : "");
	else
		say_error("cannot resolve '%.200s'%s: %s", o->target,
			  o->family == AF_INET    ? " as IPv4"
			  : o->family == AF_INET6 ? " as IPv6"
						  : "",
			  err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err));
	return -1;
}

/* In the namespace of the ping: link-local addresses name an interface of that namespace. */
static int describe_target(struct ping *p)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&p->target;
	char scope[IF_NAMESIZE];

	if (getnameinfo((struct sockaddr *)&p->target, p->target_len, p->address,
			sizeof(p->address), NULL, 0, NI_NUMERICHOST))
		snprintf(p->address, sizeof(p->address), "?");
	if (p->who.family != AF_INET6)
		return 0;
	if (in6->sin6_scope_id && !if_indextoname(in6->sin6_scope_id, scope)) {
		say_error("no interface of number %u for %s", in6->sin6_scope_id, p->address);
		return -1;
	}
	return 0;
}

static int say_option(const char *what, const char *value)
{
	say_error("cannot use %s %s: %s%s", what, value, strerror(errno),
		  errno == EPERM ? "; CAP_NET_ADMIN is needed" : "");
	return -1;
}

/* -I: an address to send from, or a device to send through. */
static int bind_interface(const struct ping *p, const struct options *o, int fd)
{
	struct addrinfo hints = {
		.ai_family = p->who.family, .ai_socktype = SOCK_RAW, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *from;
	int ret = 0;

	if (getaddrinfo(o->interface, NULL, &hints, &from) == 0) {
		if (bind(fd, from->ai_addr, from->ai_addrlen))
			ret = say_option("source address", o->interface);
		freeaddrinfo(from);
		return ret;
	}
	if (!if_nametoindex(o->interface)) {
		say_error("no interface '%s'%s, and it is no IPv%d address; 'ip link' lists them",
			  o->interface, o->netns ? " in that namespace" : "",
			  p->who.family == AF_INET ? 4 : 6);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->interface,
		       (socklen_t)strlen(o->interface) + 1))
		return say_option("interface", o->interface);
	return 0;
}

static int set_int(int fd, int level, int name, int value, const char *what)
{
	char text[16];

	if (setsockopt(fd, level, name, &value, sizeof(value)) == 0)
		return 0;
	snprintf(text, sizeof(text), "%d", value);
	return say_option(what, text);
}

/* What decides the route: for the ping's own socket and the one that asks for the route. */
static int set_routing(const struct ping *p, const struct options *o, int fd)
{
	bool v4 = p->who.family == AF_INET;

	if (o->mark && set_int(fd, SOL_SOCKET, SO_MARK, (int)o->mark, "mark"))
		return -1;
	if (o->interface && bind_interface(p, o, fd))
		return -1;
	if (o->tos >= 0 && set_int(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TOS : IPV6_TCLASS,
				   o->tos, "type of service"))
		return -1;
	if (o->ttl < 0)
		return 0;
	if (v4)
		return set_int(fd, IPPROTO_IP, IP_TTL, o->ttl, "ttl") ||
				       set_int(fd, IPPROTO_IP, IP_MULTICAST_TTL, o->ttl, "ttl")
			       ? -1
			       : 0;
	return set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, o->ttl, "ttl") ||
			       set_int(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, o->ttl, "ttl")
		       ? -1
		       : 0;
}

static void fill_address(const struct sockaddr *from, struct system_address *to)
{
	if (from->sa_family == AF_INET) {
		to->family = 4;
		memcpy(to->bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else {
		to->family = 6;
		memcpy(to->bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
	}
}

/*
 * The route that the kernel answers the error for, or the rule. False: it is not that, but
 * something that the socket wants.
 */
static bool find_refusal(const struct ping *p, const struct options *o, int fd, int error,
			 struct system_route *r)
{
	struct system_route_query q = {
		.oif = p->where.oif, .mark = o->mark, .tos = o->tos < 0 ? 0 : (uint8_t)o->tos};
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from);

	fill_address((const struct sockaddr *)&p->target, &q.to);
	/* a rule may ask for the address of -I */
	if (o->interface && !q.oif && getsockname(fd, (struct sockaddr *)&from, &len) == 0) {
		fill_address((struct sockaddr *)&from, &q.from);
		if (system_route_here(&q, r) == 0 && r->by_rule && r->error == error)
			return true;
		q.from = (struct system_address){0};
	}
	if (system_route_here(&q, r))
		return false;
	if (error == EACCES && r->type == ROUTE_BROADCAST)
		return true;
	return r->error == error;
}

/* 0.0.0.0/8, but for 0.0.0.0, which is this host: the kernel refuses it as a blackhole does. */
static bool is_this_network(const struct sockaddr_storage *to)
{
	uint32_t address = ntohl(((const struct sockaddr_in *)to)->sin_addr.s_addr);

	return to->ss_family == AF_INET && address && address >> 24 == 0;
}

static void say_refusal(const struct ping *p, const char *where, const struct system_route *r)
{
	static const char *const types[] = {
		[ROUTE_BLACKHOLE] = "blackhole",
		[ROUTE_UNREACHABLE] = "unreachable",
		[ROUTE_PROHIBIT] = "prohibit",
	};

	if (r->type == ROUTE_BROADCAST)
		say_error("%s is a broadcast address%s; ping one host", p->address, where);
	else if (r->type < ROUTE_BLACKHOLE || r->type > ROUTE_PROHIBIT)
		say_error("no route to %s%s; 'ip route get' tells more", p->address, where);
	else if (r->by_rule)
		say_error("no way to %s%s: a rule of policy routing says %s; 'ip%s rule' lists it",
			  p->address, where, types[r->type],
			  p->who.family == AF_INET6 ? " -6" : "");
	else
		say_error("no way to %s%s: the route to it is of type %s; 'ip route show table all "
			  "match %s' lists it",
			  p->address, where, types[r->type], p->address);
}

static void say_unreachable(const struct ping *p, const struct options *o, int fd, int error)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&p->target;
	const char *where = o->netns ? " in that namespace" : "";
	bool needs_scope = p->who.family == AF_INET6 && !in6->sin6_scope_id &&
			   (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr) ||
			    IN6_IS_ADDR_MC_LINKLOCAL(&in6->sin6_addr));
	struct system_route r;

	if (needs_scope)
		say_error("%s is link-local: name its interface, as in %s%%eth0", p->address,
			  p->address);
	else if (is_this_network(&p->target))
		say_error("%s is no address of a host: those of 0.0.0.0/8 are not sent to",
			  p->address);
	else if (find_refusal(p, o, fd, error, &r))
		say_refusal(p, where, &r);
	else if (error == EPERM && p->where.ipsec)
		say_error("no way to %s%s: probably an IPsec policy forbids it; 'ip xfrm policy' "
			  "lists them",
			  p->address, where);
	else
		say_error("cannot reach %s%s%s%s: %s", p->address, where,
			  o->interface ? " with -I " : "", o->interface ? o->interface : "",
			  strerror(error));
}

/* connect(2) on a UDP socket sends nothing, but looks up the route. */
static int check_route(const struct ping *p, const struct options *o)
{
	int fd = socket(p->who.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage to = p->target;
	int ret = -1;

	if (fd < 0) {
		say_error("cannot open a socket: %s", strerror(errno));
		return -1;
	}
	((struct sockaddr_in *)&to)->sin_port = htons(9); /* same place for IPv6 */
	if (set_routing(p, o, fd))
		goto out;
	if (connect(fd, (struct sockaddr *)&to, p->target_len) == 0)
		ret = 0;
	else
		say_unreachable(p, o, fd, errno);
out:
	close(fd);
	return ret;
}

static int open_socket(struct ping *p, const struct options *o)
{
	int one = 1;

	p->fd = socket(p->who.family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       p->who.family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	if (p->fd < 0) {
		say_error("cannot open a raw socket: %s%s", strerror(errno),
			  errno == EPERM ? "; CAP_NET_RAW is needed, try sudo" : "");
		return -1;
	}
	if (ping_filter_attach(p->fd, &p->who)) {
		say_error("cannot set up the raw socket: %s", strerror(errno));
		return -1;
	}
	ping_stamp(p, true);
	if (p->who.family == AF_INET6) /* without it the hop limit is not known, nothing more */
		setsockopt(p->fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &one, sizeof(one));
	return set_routing(p, o, p->fd);
}

/* In the namespace of the ping. */
static void note_target(struct ping *p, const struct options *o)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&p->target;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&p->target;
	struct stat st;

	if (stat("/proc/thread-self/ns/net", &st) == 0)
		p->where.netns = (uint32_t)st.st_ino;
	p->where.ipsec = ipsec_has_policies();
	if (o->interface)
		p->where.oif = if_nametoindex(o->interface); /* 0 for an address */
	if (p->who.family == AF_INET) {
		p->where.family = 4;
		memcpy(p->where.address, &in->sin_addr, 4);
		return;
	}
	p->where.family = 6;
	memcpy(p->where.address, &in6->sin6_addr, 16);
	if (in6->sin6_scope_id)
		p->where.oif = in6->sin6_scope_id;
}

static int open_here(struct ping *p, const struct options *o, int unresolved)
{
	if (unresolved && resolve_with(o, AI_NUMERICHOST, p))
		return say_unresolved(o, unresolved);
	if (describe_target(p))
		return -1;
	if (p->who.family == AF_INET && p->who.size > 65507) {
		say_error("--size takes at most 65507 for IPv4, not %u", p->who.size);
		return -1;
	}
	note_target(p, o);
	if (check_route(p, o))
		return -1;
	return open_socket(p, o);
}

static int open_in_namespace(struct ping *p, const struct options *o)
{
	int unresolved, fd, back, ret;

	/*
	 * A name is resolved here, where the user's resolver is; an address, maybe with the name
	 * of an interface, in the namespace of the ping.
	 */
	unresolved = resolve_with(o, AI_NUMERICHOST, p) ? resolve_with(o, 0, p) : EAI_NONAME;
	if (!o->netns)
		return open_here(p, o, unresolved);
	fd = netns_open(o->netns);
	back = fd < 0 ? -1 : netns_enter(fd);
	if (fd >= 0)
		close(fd);
	if (back < 0)
		return -1;
	ret = open_here(p, o, unresolved);
	return netns_leave(back) ? -1 : ret;
}

static int make_identity(struct ping *p, const struct options *o)
{
	p->who.size = o->size;
	do {
		if (getrandom(&p->who.id, sizeof(p->who.id), 0) != sizeof(p->who.id) ||
		    getrandom(p->who.cookie, COOKIE_BYTES, 0) != COOKIE_BYTES) {
			say_error("cannot get random numbers: %s", strerror(errno));
			return -1;
		}
	} while (p->who.id == 0);
	return 0;
}

struct ping *ping_open(const struct options *o)
{
	struct ping *p = calloc(1, sizeof(*p));

	if (p)
		p->packet = malloc(ICMP_HEADER_BYTES + o->size);
	if (!p || !p->packet) {
		say_error("out of memory");
		free(p);
		return NULL;
	}
	p->fd = -1;
	if (make_identity(p, o) || open_in_namespace(p, o)) {
		ping_close(p);
		return NULL;
	}
	return p;
}

void ping_close(struct ping *p)
{
	if (!p)
		return;
	if (p->fd >= 0)
		close(p->fd);
	free(p->packet);
	free(p);
}
