/*
 * natt: takes in ESP in UDP (RFC 3948), as a daemon for IKE does: a socket at port 4500 whose
 * packets the kernel decrypts. Prints "ready", runs until it is killed.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define UDP_ENCAP          100 /* include/uapi/linux/udp.h */
#define UDP_ENCAP_ESPINUDP 2

int main(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(4500)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), espinudp = UDP_ENCAP_ESPINUDP;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, IPPROTO_UDP, UDP_ENCAP, &espinudp, sizeof(espinudp))) {
		perror("natt");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
