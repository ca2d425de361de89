/* Resolving, opening, sending, receiving. */
#include "ping.h"
#include "netns.h"
#include "say.h"
#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* linux/icmp.h clashes with netinet/ip_icmp.h; include/uapi/linux/icmp.h has this since 2.2 */
#define RAW_ICMP_FILTER 1

/*
 * From this size on the request is handed over in two parts: the kernel may put what follows the
 * IP header of a large packet into page fragments (__ip_append_data() in net/ipv4/ip_output.c),
 * where no probe can look; the start of the first of two parts is always linear.
 */
#define TWO_PARTS_FROM 2048

struct ping {
	int fd;
	struct ping_identity who;
	struct sockaddr_storage target;
	socklen_t target_len;
	char address[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
	uint8_t *packet; /* ICMP_HEADER_BYTES + size */
};

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

static void say_unreachable(const struct ping *p, const struct options *o, int error)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&p->target;
	const char *where = o->netns ? " in that namespace" : "";
	bool needs_scope = p->who.family == AF_INET6 && !in6->sin6_scope_id &&
			   (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr) ||
			    IN6_IS_ADDR_MC_LINKLOCAL(&in6->sin6_addr));

	if (needs_scope)
		say_error("%s is link-local: name its interface, as in %s%%eth0", p->address,
			  p->address);
	else if (error == ENETUNREACH || error == EHOSTUNREACH)
		say_error("no route to %s%s; 'ip route get' tells more", p->address, where);
	else if (error == EACCES)
		say_error("%s is a broadcast address, or a route prohibits it%s; 'ip route get' "
			  "tells which",
			  p->address, where);
	else if (error == EINVAL)
		say_error("no way to %s%s: a blackhole route, or no address to send to; "
			  "'ip route get' tells more",
			  p->address, where);
	else
		say_error("cannot reach %s%s: %s", p->address, where, strerror(error));
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
		say_unreachable(p, o, errno);
out:
	close(fd);
	return ret;
}

/* Foreign replies do not even wake us up: only messages with our id come through. */
static int set_filters(const struct ping *p)
{
	bool v4 = p->who.family == AF_INET;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X = length of the IPv4 header */
		BPF_STMT(BPF_LD | BPF_H | (v4 ? BPF_IND : BPF_ABS), 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, p->who.id, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	/* raw IPv6 sockets see the message without the IP header */
	struct sock_fprog program = {.len = (unsigned short)(v4 ? 5 : 4),
				     .filter = v4 ? code : code + 1};
	struct icmp6_filter only_replies;
	uint32_t but_replies = ~(1U << 0); /* ICMP_ECHOREPLY */

	/* ICMP6_FILTER_SETPASS() of glibc 2.31 does not pass -Wsign-conversion */
	memset(&only_replies, 0xff, sizeof(only_replies));
	only_replies.icmp6_filt[ICMP6_ECHO_REPLY >> 5] &= ~(1U << (ICMP6_ECHO_REPLY & 31));
	if (setsockopt(p->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		return -1;
	if (v4)
		return setsockopt(p->fd, SOL_RAW, RAW_ICMP_FILTER, &but_replies,
				  sizeof(but_replies));
	return setsockopt(p->fd, IPPROTO_ICMPV6, ICMP6_FILTER, &only_replies, sizeof(only_replies));
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
	if (set_filters(p) || setsockopt(p->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one))) {
		say_error("cannot set up the raw socket: %s", strerror(errno));
		return -1;
	}
	return set_routing(p, o, p->fd);
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

int ping_fd(const struct ping *p)
{
	return p->fd;
}

const struct ping_identity *ping_identity(const struct ping *p)
{
	return &p->who;
}

const char *ping_address(const struct ping *p)
{
	return p->address;
}

int ping_send(struct ping *p, uint16_t seq, uint64_t *sent_ns)
{
	const struct sockaddr *to = (const struct sockaddr *)&p->target;
	size_t len = ICMP_HEADER_BYTES + p->who.size, first = 0;

	icmp_build_request(&p->who, seq, p->packet);
	*sent_ns = now_ns();
	if (len >= TWO_PARTS_FROM) {
		first = ICMP_HEADER_BYTES + COOKIE_BYTES;
		if (sendto(p->fd, p->packet, first, MSG_MORE, to, p->target_len) < 0)
			return errno;
	}
	if (sendto(p->fd, p->packet + first, len - first, 0, to, p->target_len) < 0)
		return errno;
	return 0;
}

/* The kernel stamps with CLOCK_REALTIME; how long ago that was holds for the other clock too. */
static uint64_t time_of(struct msghdr *msg)
{
	uint64_t mono = now_ns();

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct timespec stamp, real;
		int64_t ago;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
		clock_gettime(CLOCK_REALTIME, &real);
		ago = (real.tv_sec - stamp.tv_sec) * (int64_t)NS_PER_S + real.tv_nsec -
		      stamp.tv_nsec;
		if (ago > 0 && ago < (int64_t)NS_PER_S) /* else the clock was set */
			return mono - (uint64_t)ago;
	}
	return mono;
}

int ping_receive(struct ping *p, struct ping_reply *reply)
{
	uint8_t packet[256]; /* IPv4 header with options, ICMP header, cookie; the rest is cut */
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec iov = {packet, sizeof(packet)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(p->fd, &msg, 0);
	size_t start, len;

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0;
	len = (size_t)n;
	start = p->who.family == AF_INET ? icmp_offset_in_ipv4(packet, len) : 0;
	if (!icmp_is_our_reply(&p->who, packet + start, len - start, &reply->seq))
		return 0;
	reply->received_ns = time_of(&msg);
	return 1;
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
