/*
 * tunlink N NETNS DEVICE NETNS DEVICE: a link between two tun devices, made here, each in a
 * namespace that is given as a file. Of the packets with ICMP echo requests that come out of the
 * first device every Nth is lost. Prints "ready", runs until it is killed.
 */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_device(const char *netns, const char *name)
{
	struct ifreq r = {.ifr_flags = IFF_NO_PI | IFF_TUN};
	int ns = open(netns, O_RDONLY | O_CLOEXEC), fd, s;

	if (ns < 0 || setns(ns, CLONE_NEWNET))
		die(netns);
	fd = open("/dev/net/tun", O_RDWR);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (fd < 0 || s < 0 || ioctl(fd, TUNSETIFF, &r) || ioctl(s, SIOCGIFFLAGS, &r))
		die("/dev/net/tun");
	r.ifr_flags |= IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("SIOCSIFFLAGS");
	close(s);
	close(ns);
	return fd;
}

static bool is_request(const uint8_t *packet, size_t len)
{
	if (len >= 28 && packet[0] == 0x45)
		return packet[9] == IPPROTO_ICMP && packet[20] == 8;
	return len >= 48 && packet[0] >> 4 == 6 && packet[6] == IPPROTO_ICMPV6 && packet[40] == 128;
}

int main(int argc, char **argv)
{
	static uint8_t packet[1 << 16];
	unsigned long requests = 0, n;
	struct pollfd ends[2];

	if (argc != 6 || (n = strtoul(argv[1], NULL, 10)) == 0) {
		fprintf(stderr, "usage: tunlink N NETNS DEVICE NETNS DEVICE\n");
		return 1;
	}
	for (int i = 0; i < 2; i++)
		ends[i] = (struct pollfd){.fd = open_device(argv[2 + 2 * i], argv[3 + 2 * i]),
					  .events = POLLIN};
	puts("ready");
	fflush(stdout);
	while (poll(ends, 2, -1) > 0)
		for (int i = 0; i < 2; i++) {
			ssize_t len =
				ends[i].revents ? read(ends[i].fd, packet, sizeof(packet)) : 0;

			if (len <= 0 ||
			    (i == 0 && is_request(packet, (size_t)len) && ++requests % n == 0))
				continue;
			if (write(ends[!i].fd, packet, (size_t)len) < 0)
				perror("write");
		}
	return 1;
}
