/*
 * Sends small UDP datagrams as fast as it can, and prints the nanoseconds that each took: the
 * kernel takes a packet through a veth pair in the context of the process that sends it. Usage:
 * bench_blast ADDRESS PACKETS
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH   64
#define PORT    9 /* discard */
#define PAYLOAD 18

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int die(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	long packets = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	char payload[PAYLOAD] = {0};
	struct iovec iov = {payload, sizeof(payload)};
	struct mmsghdr batch[BATCH] = {0};
	long sent = 0;
	double begin;
	int s;

	if (packets < 1 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: bench_blast ADDRESS PACKETS\n");
		return 2;
	}
	for (size_t i = 0; i < BATCH; i++) {
		batch[i].msg_hdr.msg_iov = &iov;
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to)))
		return die(argv[1]);
	begin = now_ns();
	while (sent < packets) {
		int n = sendmmsg(s, batch, BATCH, 0);

		if (n <= 0)
			return die("sendmmsg");
		sent += n;
	}
	printf("%.1f\n", (now_ns() - begin) / (double)sent);
	return 0;
}
