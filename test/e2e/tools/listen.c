/*
 * listen [--deaf|--id [BUT]]: a packet socket at all devices of the namespace, as a packet sniffer
 * has, which reads what comes and throws it away; with --deaf it has no room and does not read.
 * Prints "ready", runs until it is killed; with --id until it has seen an ICMP echo request, whose
 * id is not BUT, and prints that id.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static unsigned char packet[1 << 16];
	int id = argc >= 2 && strcmp(argv[1], "--id") == 0, but = argc == 3 ? atoi(argv[2]) : -1;
	int deaf = argc == 2 && strcmp(argv[1], "--deaf") == 0, least = 1;
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	if (fd < 0 || (deaf && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)))) {
		perror("listen");
		return 1;
	}
	if (!id)
		puts("ready");
	fflush(stdout);
	for (;;) {
		if (deaf)
			pause();
		else if (read(fd, packet, sizeof(packet)) < 0)
			perror("read");
		else if (id && packet[12] == 8 && packet[13] == 0 && packet[14 + 9] == 1 &&
			 packet[14 + 20] == 8 && (packet[14 + 24] << 8 | packet[14 + 25]) != but)
			break;
	}
	printf("%d\n", packet[14 + 24] << 8 | packet[14 + 25]);
	return 0;
}
