/*
 * flood ADDRESS PER-SECOND SECONDS [BYTES]: sends foreign pings, IPv4 or IPv6, evenly spread over
 * the time, each with an id of its own and without a cookie; with BYTES, UDP with so much in it
 * instead. Prints how many were sent, by the end or until it is told to end (SIGTERM); those that
 * the kernel had no room for are not among them.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ULL

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* For UDP to the port discard. */
static int udp_socket(struct addrinfo *to)
{
	if (to->ai_family == AF_INET)
		((struct sockaddr_in *)(void *)to->ai_addr)->sin_port = htons(9);
	else
		((struct sockaddr_in6 *)(void *)to->ai_addr)->sin6_port = htons(9);
	return socket(to->ai_family, SOCK_DGRAM, 0);
}

/* An echo request; the kernel adds ICMPv6's checksum. */
static void build(uint8_t *packet, size_t size, int family, unsigned long n)
{
	uint32_t sum = 0;

	memset(packet, 'x', size);
	packet[0] = family == AF_INET ? 8 : 128;
	packet[1] = 0;
	packet[2] = packet[3] = 0;
	packet[4] = (uint8_t)(n >> 8);
	packet[5] = (uint8_t)n;
	packet[6] = 0;
	packet[7] = 1; /* the sequence number that ours have too */
	for (size_t i = 0; i < size; i += 2)
		sum += (uint32_t)packet[i] << 8 | packet[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	packet[2] = (uint8_t)(~sum >> 8);
	packet[3] = (uint8_t)~sum;
}

int main(int argc, char **argv)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_RAW}, *to;
	uint64_t per_second, start = now_ns();
	unsigned long n = 0, sent = 0, all;
	static uint8_t packet[1 << 16];
	size_t size = argc == 5 ? strtoul(argv[4], NULL, 10) : 64;
	int fd;

	if (argc < 4 || argc > 5 || size < 8 || size > sizeof(packet) ||
	    getaddrinfo(argv[1], NULL, &hints, &to)) {
		fprintf(stderr, "usage: flood ADDRESS PER-SECOND SECONDS [BYTES]\n");
		return 1;
	}
	per_second = strtoul(argv[2], NULL, 10);
	all = (unsigned long)per_second * strtoul(argv[3], NULL, 10);
	if (argc == 5)
		fd = udp_socket(to);
	else
		fd = socket(to->ai_family, SOCK_RAW,
			    to->ai_family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	if (fd < 0) {
		perror("flood: socket");
		return 1;
	}
	signal(SIGTERM, stop);
	while (n < all && !stopped) {
		/* after a delay it catches up, but for no longer than was asked for */
		uint64_t elapsed = now_ns() - start;
		unsigned long due = (unsigned long)(elapsed * per_second / NS_PER_S);

		if (elapsed > all * NS_PER_S / per_second)
			break;
		if (n >= due) {
			nanosleep(&(struct timespec){0, 100000}, NULL);
			continue;
		}
		build(packet, size, to->ai_family, n);
		if (sendto(fd, packet, size, 0, to->ai_addr, to->ai_addrlen) >= 0) {
			sent++;
		} else if (errno != ENOBUFS && errno != ECONNREFUSED) {
			perror("flood: sendto");
			return 1;
		}
		n++;
	}
	printf("%lu\n", sent);
	freeaddrinfo(to);
	close(fd);
	return 0;
}
