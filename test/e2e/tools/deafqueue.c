/*
 * deafqueue NUMBER: takes the queue of that number of netfilter (NFQUEUE) in the namespace, and
 * gives no verdict. Prints "ready", runs until it is killed. Exits with 77 if the kernel has no
 * such queues.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
	struct nlmsghdr header;
	struct nfgenmsg message;
	struct nlattr command_header;
	struct nfqnl_msg_config_cmd command;
	struct nlattr params_header;
	struct nfqnl_msg_config_params params;
	uint8_t padding[3];
};

int main(int argc, char **argv)
{
	struct request r = {
		.header = {.nlmsg_len = sizeof(r),
			   .nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_CONFIG,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
		.message = {AF_UNSPEC, NFNETLINK_V0,
			    htons((uint16_t)atoi(argc == 2 ? argv[1] : ""))},
		.command_header = {sizeof(r.command_header) + sizeof(r.command), NFQA_CFG_CMD},
		.command = {.command = NFQNL_CFG_CMD_BIND},
		.params_header = {sizeof(r.params_header) + sizeof(r.params), NFQA_CFG_PARAMS},
		.params = {.copy_range = htonl(1), .copy_mode = NFQNL_COPY_PACKET},
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[4096];
	} answer;
	int s = argc == 2 ? socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) : -1;

	if (s < 0 || send(s, &r, sizeof(r), 0) < 0 || recv(s, &answer, sizeof(answer), 0) < 0) {
		perror("deafqueue");
		return errno == EPROTONOSUPPORT ? 77 : 1;
	}
	errno = -answer.error.error;
	if (errno) {
		perror("NFQNL_MSG_CONFIG");
		return errno == EINVAL ? 77 : 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
