/*
 * Sends small UDP datagrams as fast as it can, and prints the nanoseconds that each took: the
 * kernel takes a packet through a veth pair in the context of the process that sends it. Whatever
 * else the machine does can only add to that, so it is the lowest of SLICES equal parts (1) that
 * counts. Usage: bench_blast ADDRESS PACKETS [SLICES]
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

/* Nanoseconds for each of at least so many packets, or -1. */
static double blast(int s, struct mmsghdr *batch, long packets)
{
	double begin = now_ns();
	long sent = 0;

	while (sent < packets) {
		int n = sendmmsg(s, batch, BATCH, 0);

		if (n <= 0)
			return -1;
		sent += n;
	}
	return (now_ns() - begin) / (double)sent;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	long packets = argc >= 3 ? strtol(argv[2], NULL, 10) : 0;
	long slices = argc == 4 ? strtol(argv[3], NULL, 10) : 1;
	char payload[PAYLOAD] = {0};
	struct iovec iov = {payload, sizeof(payload)};
	struct mmsghdr batch[BATCH] = {0};
	double lowest = 0;
	int s;

	if (slices < 1 || packets < slices || argc > 4 ||
	    inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: bench_blast ADDRESS PACKETS [SLICES]\n");
		return 2;
	}
	for (size_t i = 0; i < BATCH; i++) {
		batch[i].msg_hdr.msg_iov = &iov;
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to)))
		return die(argv[1]);
	for (long i = 0; i < slices; i++) {
		double each = blast(s, batch, packets / slices);

		if (each < 0)
			return die("sendmmsg");
		if (i == 0 || each < lowest)
			lowest = each;
	}
	printf("%.1f\n", lowest);
	return 0;
}
