/* The filters of the raw socket: by type of message, then by what is in it. */
#include "ping_filter.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

/* linux/icmp.h clashes with netinet/ip_icmp.h; include/uapi/linux/icmp.h has this since 2.2 */
#define RAW_ICMP_FILTER 1

/* Two parts; the first one is as long for either family, so that it can jump into the second. */
#define HEAD 13
#define TAIL 9

_Static_assert(HEAD + TAIL == PING_FILTER_INSNS, "PING_FILTER_INSNS is wrong");

/* From instruction number from of the first part. */
#define TO_ECHO(from) (HEAD - 1 - (from))
#define TO_DROP(from) (HEAD + TAIL - 3 - (from))
#define TO_PASS(from) (HEAD + TAIL - 2 - (from))

/*
 * The first part leaves in X where the echo starts, be it the message itself or quoted. A load past
 * the end of the packet drops it.
 */
static const struct sock_filter head4[HEAD] = {
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X = length of the IP header */
	BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP_ECHOREPLY, TO_ECHO(2), 0),
	/* an error: the quoted IP header starts at X + 8 */
	BPF_STMT(BPF_LD | BPF_B | BPF_IND, 8 + 9),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMP, 0, TO_DROP(4)),
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 8 + 6),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, TO_DROP(6), 0),
	BPF_STMT(BPF_LD | BPF_B | BPF_IND, 8),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 15),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 2),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 8),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
};

static const struct sock_filter head6[HEAD] = {
	BPF_STMT(BPF_LDX | BPF_IMM, 0),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP6_ECHO_REPLY, TO_ECHO(2), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_REDIRECT, TO_PASS(3), 0),
	/* an error: the quoted IP header starts at 8, what follows it at 48 */
	BPF_STMT(BPF_LDX | BPF_IMM, 8 + 40),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8 + 6),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, TO_ECHO(6), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_HOPOPTS, TO_PASS(7), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ROUTING, TO_PASS(8), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_FRAGMENT, TO_PASS(9), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_AH, TO_PASS(10), 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_DSTOPTS, TO_PASS(11), 0),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static uint32_t cookie_start(const struct ping_identity *who)
{
	const uint8_t *c = who->cookie;

	return (uint32_t)c[0] << 24 | (uint32_t)c[1] << 16 | (uint32_t)c[2] << 8 | c[3];
}

void ping_filter_make(const struct ping_identity *who, struct sock_filter code[PING_FILTER_INSNS])
{
	bool v4 = who->family == AF_INET;
	const struct sock_filter tail[TAIL] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY, 0, 4),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, who->id, 3, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, ICMP_HEADER_BYTES),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, cookie_start(who), 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};

	memcpy(code, v4 ? head4 : head6, sizeof(head4));
	memcpy(code + HEAD, tail, sizeof(tail));
	if (who->size < COOKIE_BYTES) /* no whole cookie: the id must match */
		code[HEAD + 5] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
}

static int set_types4(int fd)
{
	uint32_t blocked =
		~(1U << ICMP_ECHOREPLY | 1U << ICMP_DEST_UNREACH | 1U << ICMP_SOURCE_QUENCH |
		  1U << ICMP_REDIRECT | 1U << ICMP_TIME_EXCEEDED | 1U << ICMP_PARAMETERPROB);

	return setsockopt(fd, SOL_RAW, RAW_ICMP_FILTER, &blocked, sizeof(blocked));
}

static int set_types6(int fd)
{
	static const uint8_t passed[] = {ICMP6_ECHO_REPLY,     ICMP6_DST_UNREACH,
					 ICMP6_PACKET_TOO_BIG, ICMP6_TIME_EXCEEDED,
					 ICMP6_PARAM_PROB,     ND_REDIRECT};
	struct icmp6_filter blocked;

	/* ICMP6_FILTER_SETPASS() of glibc 2.31 does not pass -Wsign-conversion */
	memset(&blocked, 0xff, sizeof(blocked));
	for (size_t i = 0; i < sizeof(passed); i++)
		blocked.icmp6_filt[passed[i] >> 5] &= ~(1U << (passed[i] & 31));
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &blocked, sizeof(blocked));
}

int ping_filter_attach(int fd, const struct ping_identity *who)
{
	struct sock_filter code[PING_FILTER_INSNS];
	struct sock_fprog program = {.len = PING_FILTER_INSNS, .filter = code};

	ping_filter_make(who, code);
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		return -1;
	return who->family == AF_INET ? set_types4(fd) : set_types6(fd);
}
