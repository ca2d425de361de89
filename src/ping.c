/* Sends requests, receives replies and errors. */
#include "ping_socket.h"
#include "util.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#ifndef SO_COOKIE
#define SO_COOKIE 57 /* include/uapi/asm-generic/socket.h, since 4.12 */
#endif

/*
 * Of a message this much is looked at; the rest is cut. The minimum MTU of IPv6: an ICMPv6 error is
 * no longer, whatever it quotes (RFC 4443, 2.4). Of IPv4 144 are needed: two headers with options
 * of 60 bytes, two ICMP headers, the cookie.
 */
#define RECEIVE_BYTES 1280

/*
 * From this size on the request is handed over in two parts: the kernel may put what follows the
 * IP header of a large packet into page fragments (__ip_append_data() in net/ipv4/ip_output.c),
 * where no probe can look; the start of the first of two parts is always linear.
 */
#define TWO_PARTS_FROM 2048

/* Between two readings of a clock less goes by, unless there is an interruption. */
#define SAME_MOMENT_NS 2000

int ping_fd(const struct ping *p)
{
	return p->fd;
}

const struct ping_target *ping_target(const struct ping *p)
{
	return &p->where;
}

const struct ping_identity *ping_identity(const struct ping *p)
{
	return &p->who;
}

uint64_t ping_socket_to_know(const struct ping *p)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	if (!p->where.ipsec || getsockopt(p->fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) ||
	    len != sizeof(cookie))
		return 0;
	return cookie;
}

const char *ping_address(const struct ping *p)
{
	return p->address;
}

void ping_stamp(struct ping *p, bool on)
{
	/* SO_TIMESTAMP would do, but stays on (sock_set_timestamp() in net/core/sock.c) */
	int flags = on ? SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE : 0;

	if (p->stamped != on)
		setsockopt(p->fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags));
	p->stamped = on;
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

/*
 * Both clocks at one moment. Where we are interrupted between them once and again, now_ns() is a
 * little late, not early: nothing is to have come before it was sent.
 */
static uint64_t read_clocks(struct timespec *real)
{
	uint64_t before, mono = 0;

	for (int i = 0; i < 3; i++) {
		before = now_ns();
		clock_gettime(CLOCK_REALTIME, real);
		mono = now_ns();
		if (mono - before < SAME_MOMENT_NS)
			break;
	}
	return mono;
}

/* The kernel stamps with CLOCK_REALTIME; how long ago that was holds for the other clock too. */
static uint64_t time_of(struct msghdr *msg)
{
	struct scm_timestamping stamps;
	struct timespec real;
	uint64_t mono = read_clocks(&real);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		int64_t ago;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPING ||
		    c->cmsg_len < CMSG_LEN(sizeof(stamps)))
			continue;
		memcpy(&stamps, CMSG_DATA(c), sizeof(stamps));
		ago = (real.tv_sec - stamps.ts[0].tv_sec) * (int64_t)NS_PER_S + real.tv_nsec -
		      stamps.ts[0].tv_nsec;
		if (ago > 0 && ago < (int64_t)NS_PER_S) /* else the clock was set */
			return mono - (uint64_t)ago;
	}
	return mono;
}

/* IPv6: the hop limit comes beside the message, for the IP header does not. */
static uint8_t hop_limit_of(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		int limit;

		if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_HOPLIMIT)
			continue;
		memcpy(&limit, CMSG_DATA(c), sizeof(limit));
		return (uint8_t)limit;
	}
	return 0;
}

/* Fills what the ICMP message tells; false: it is not about us. */
static bool read_message(const struct ping *p, const uint8_t *message, size_t len,
			 struct ping_reply *reply)
{
	struct icmp_error error;

	if (icmp_is_our_reply(&p->who, message, len, &reply->seq)) {
		reply->icmp_type = message[0];
		return true;
	}
	if (!icmp_is_our_error(&p->who, message, len, &error))
		return false;
	reply->is_error = true;
	reply->about_reply = error.about_reply;
	reply->seq = error.seq;
	reply->icmp_type = error.type;
	reply->icmp_code = error.code;
	reply->info = error.info;
	return true;
}

static void read_sender(const struct sockaddr_storage *from, struct ping_reply *reply)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;

	if (from->ss_family == AF_INET)
		memcpy(reply->from, &in4->sin_addr, sizeof(in4->sin_addr));
	else if (from->ss_family == AF_INET6)
		memcpy(reply->from, &in6->sin6_addr, sizeof(in6->sin6_addr));
}

int ping_receive(struct ping *p, struct ping_reply *reply)
{
	uint8_t packet[RECEIVE_BYTES];
	_Alignas(struct cmsghdr) char
		control[CMSG_SPACE(sizeof(struct scm_timestamping)) + CMSG_SPACE(sizeof(int))];
	struct sockaddr_storage from = {.ss_family = AF_UNSPEC};
	struct iovec iov = {packet, sizeof(packet)};
	struct msghdr msg = {.msg_name = &from,
			     .msg_namelen = sizeof(from),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(p->fd, &msg, 0);
	bool v4 = p->who.family == AF_INET;
	size_t start, len;

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0;
	len = (size_t)n;
	start = v4 ? icmp_offset_in_ipv4(packet, len) : 0;
	memset(reply, 0, sizeof(*reply));
	if (!read_message(p, packet + start, len - start, reply))
		return 0;
	reply->received_ns = time_of(&msg);
	reply->family = v4 ? 4 : 6;
	reply->ttl = v4 ? packet[8] : hop_limit_of(&msg);
	read_sender(&from, reply);
	return 1;
}
