/*
 * bpfdrop WHERE DEVICE: attaches a BPF program to a device that drops what comes by, and ends; the
 * program stays. WHERE is xdp (in the driver), xdp-generic, tcx-ingress or tcx-egress; xdp-lose
 * hands it, in the driver, to a device that does not take it, which no drop tells of. Exits with 77
 * if the kernel does not know of such a place.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* enum bpf_attach_type since 6.6; older headers lack them. */
#define AT_TCX_INGRESS 46
#define AT_TCX_EGRESS  47

#define TC_DROP 2 /* TCX_DROP of linux/bpf.h, since 6.6 */

static void die(const char *what)
{
	perror(what);
	exit(errno == EINVAL || errno == EOPNOTSUPP ? 77 : 1);
}

static int bpf(int command, union bpf_attr *attr, size_t size)
{
	return (int)syscall(SYS_bpf, command, attr, size);
}

#define SET(reg, value)                                                               \
	{                                                                             \
		.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (reg), .imm = (value) \
	}

static int load_insns(uint32_t type, const struct bpf_insn *insns, uint32_t n)
{
	union bpf_attr attr = {.prog_type = type,
			       .insns = (uintptr_t)insns,
			       .insn_cnt = n,
			       .license = (uintptr_t) "GPL"};
	int fd = bpf(BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0)
		die("BPF_PROG_LOAD");
	return fd;
}

/* Returns the verdict. */
static int load(uint32_t type, int32_t verdict)
{
	const struct bpf_insn insns[] = {
		SET(BPF_REG_0, verdict),
		{.code = BPF_JMP | BPF_EXIT},
	};

	return load_insns(type, insns, 2);
}

/* Returns bpf_redirect(1, 0): to lo. */
static int load_redirect(void)
{
	const struct bpf_insn insns[] = {
		SET(BPF_REG_1, 1),
		SET(BPF_REG_2, 0),
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return load_insns(BPF_PROG_TYPE_XDP, insns, 4);
}

struct xdp_request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	struct nlattr xdp, fd_header;
	int32_t fd;
	struct nlattr flags_header;
	uint32_t flags;
};

static void attach_xdp(uint32_t ifindex, int program, uint32_t flags)
{
	struct xdp_request request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_SETLINK,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
		.info = {.ifi_index = (int)ifindex},
		.xdp = {sizeof(request) - offsetof(struct xdp_request, xdp),
			IFLA_XDP | NLA_F_NESTED},
		.fd_header = {sizeof(request.fd_header) + sizeof(request.fd), IFLA_XDP_FD},
		.fd = program,
		.flags_header = {sizeof(request.flags_header) + sizeof(request.flags),
				 IFLA_XDP_FLAGS},
		.flags = flags,
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[4096];
	} answer;
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (s < 0 || send(s, &request, sizeof(request), 0) < 0 ||
	    recv(s, &answer, sizeof(answer), 0) < 0)
		die("rtnetlink");
	errno = -answer.error.error;
	if (errno)
		die("IFLA_XDP");
}

static void attach_tcx(uint32_t ifindex, int program, uint32_t place)
{
	union bpf_attr attr = {
		.target_fd = ifindex, .attach_bpf_fd = (uint32_t)program, .attach_type = place};

	if (bpf(BPF_PROG_ATTACH, &attr, sizeof(attr)))
		die("BPF_PROG_ATTACH");
}

int main(int argc, char **argv)
{
	const char *where = argc == 3 ? argv[1] : "";
	uint32_t ifindex = argc == 3 ? if_nametoindex(argv[2]) : 0;

	if (!ifindex) {
		fprintf(stderr, "bpfdrop: see the top of bpfdrop.c\n");
		return 1;
	}
	if (strcmp(where, "xdp") == 0)
		attach_xdp(ifindex, load(BPF_PROG_TYPE_XDP, XDP_DROP), XDP_FLAGS_DRV_MODE);
	else if (strcmp(where, "xdp-lose") == 0)
		attach_xdp(ifindex, load_redirect(), XDP_FLAGS_DRV_MODE);
	else if (strcmp(where, "xdp-generic") == 0)
		attach_xdp(ifindex, load(BPF_PROG_TYPE_XDP, XDP_DROP), XDP_FLAGS_SKB_MODE);
	else if (strcmp(where, "tcx-ingress") == 0)
		attach_tcx(ifindex, load(BPF_PROG_TYPE_SCHED_CLS, TC_DROP), AT_TCX_INGRESS);
	else if (strcmp(where, "tcx-egress") == 0)
		attach_tcx(ifindex, load(BPF_PROG_TYPE_SCHED_CLS, TC_DROP), AT_TCX_EGRESS);
	else
		return 1;
	return 0;
}
