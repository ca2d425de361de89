/*
 * A tun or tap device that answers pings, in the ways that a real network has and a Linux kernel
 * does not produce by itself. Prints "ready" when the device is up, runs until it is killed.
 *
 *   tunecho [--tap] [--drop-every=N] [--delay=MS] [--ipv4=nop|rr] [--ipv6=hbh,rt,dst,frag,...]
 *           [--tags=N] [--vid=N] [--napi] [--frags=BYTES] [--deaf] [--to=DEVICE]
 *           [--damage=icmp|ip] [--error=TYPE/CODE/REST,...] DEVICE
 *
 *   --tap         frames with an Ethernet header instead of packets without
 *   --drop-every  leave every Nth request without an answer
 *   --delay       replies are sent that many milliseconds after their requests
 *   --ipv4        replies carry options: eight NOPs, or a record route
 *   --ipv6        replies carry these extension headers, in this order
 *   --tags        replies carry N VLAN tags that lie in the frame (1, 2; --tap), with
 *   --vid         this VLAN number in the innermost (0)
 *   --napi        replies go through NAPI and GRO
 *   --frags       replies go through NAPI and GRO; the linear part ends after BYTES (--tap)
 *   --deaf        read nothing
 *   --to          a second device: what is read from the first is written to it, nothing answered,
 *   --damage      with a wrong checksum of ICMP or of the IPv4 header if it is an echo request
 *   --error       answer with these ICMP errors in turn, each quoting its request; REST is bytes 4
 * to 7
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define ETH_BYTES 14

#ifndef IFF_NAPI
#define IFF_NAPI 0x0010
#endif
#ifndef IFF_NAPI_FRAGS
#define IFF_NAPI_FRAGS 0x0020
#endif

static struct {
	bool tap, napi, deaf;
	unsigned long drop_every, delay, tags, vid, frags;
	const char *ipv4, *ipv6, *to, *damage, *errors;
} o;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, unsigned long value)
{
	put16(at, (unsigned int)(value >> 16));
	put16(at + 2, (unsigned int)value);
}

static uint32_t add_up(uint32_t sum, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += (uint32_t)data[i] << (i & 1 ? 0 : 8);
	return sum;
}

static unsigned int fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* Each builds a reply to the packet in[0..len) at out, and returns its length, or 0: no ping. */
/* Writes the next ICMP error, about a packet, to 'to', without its checksum; returns its length. */
static size_t put_error(const uint8_t *in, size_t len, uint8_t *to)
{
	static const char *next;
	char *end;

	if (!next || !*next)
		next = o.errors;
	to[0] = (uint8_t)strtoul(next, &end, 10);
	to[1] = (uint8_t)strtoul(end + (*end == '/'), &end, 10);
	put16(to + 2, 0);
	put32(to + 4, strtoul(end + (*end == '/'), &end, 10));
	next = end + (*end == ',');
	memcpy(to + 8, in, len);
	return 8 + len;
}

static size_t answer_ipv4(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t header = (size_t)(in[0] & 15) * 4, options = 0, icmp;

	if (len < header + 8 || in[9] != IPPROTO_ICMP || in[header] != 8)
		return 0;
	memcpy(out, in, 20);
	memcpy(out + 12, in + 16, 4);
	memcpy(out + 16, in + 12, 4);
	if (o.ipv4) {
		options = 8;
		memset(out + 20, 1, options); /* NOP */
		if (strcmp(o.ipv4, "rr") == 0) {
			static const uint8_t rr[] = {7, 7, 8, 198, 51, 100, 9, 1}; /* full */

			memcpy(out + 20, rr, sizeof(rr));
		}
	}
	icmp = len - header;
	memcpy(out + 20 + options, in + header, icmp);
	out[20 + options] = 0; /* echo reply */
	if (o.errors)          /* RFC 1812, 4.3.2.3: no more than 576 bytes in all */
		icmp = put_error(in, len < 548 ? len : 548, out + 20 + options);
	out[0] = (uint8_t)(0x40 | (5 + options / 4));
	put16(out + 2, (unsigned int)(20 + options + icmp));
	put16(out + 10, 0);
	put16(out + 10, fold(add_up(0, out, 20 + options)));
	put16(out + 22 + options, 0);
	put16(out + 22 + options, fold(add_up(0, out + 20 + options, icmp)));
	return 20 + options + icmp;
}

/* Writes the extension headers of --ipv6 at 'to', links them, and returns their length. */
static size_t put_extensions(uint8_t *nexthdr, uint8_t *to)
{
	static const struct {
		const char *name;
		uint8_t number, bytes[8];
	} kinds[] = {
		{"hbh", IPPROTO_HOPOPTS, {0, 0, 1, 4}},  /* PadN */
		{"dst", IPPROTO_DSTOPTS, {0, 0, 1, 4}},  /* PadN */
		{"rt", IPPROTO_ROUTING, {0, 0, 253, 0}}, /* experimental, no segments left */
		{"frag", IPPROTO_FRAGMENT, {0, 0, 0, 0, 1, 2, 3, 4}}, /* first and last one */
	};
	char list[128], *save = NULL;
	size_t len = 0;

	snprintf(list, sizeof(list), "%s", o.ipv6 ? o.ipv6 : "");
	for (char *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save))
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (strcmp(word, kinds[i].name) != 0)
				continue;
			memcpy(to + len, kinds[i].bytes, 8);
			*nexthdr = kinds[i].number;
			nexthdr = to + len;
			len += 8;
		}
	*nexthdr = IPPROTO_ICMPV6;
	return len;
}

static size_t answer_ipv6(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t icmp = len - 40, extensions;
	uint8_t *echo;

	if (len < 48 || in[6] != IPPROTO_ICMPV6 || in[40] != 128)
		return 0;
	memcpy(out, in, 40);
	memcpy(out + 8, in + 24, 16);
	memcpy(out + 24, in + 8, 16);
	extensions = put_extensions(out + 6, out + 40);
	echo = out + 40 + extensions;
	memcpy(echo, in + 40, icmp);
	echo[0] = 129; /* echo reply */
	if (o.errors)
		icmp = put_error(in, len < 1232 ? len : 1232, echo);
	put16(out + 4, (unsigned int)(extensions + icmp));
	put16(echo + 2, 0);
	put16(echo + 2,
	      fold(add_up((uint32_t)icmp + IPPROTO_ICMPV6, out + 8, 32) + add_up(0, echo, icmp)));
	return 40 + extensions + icmp;
}

static size_t answer(const uint8_t *in, size_t len, uint8_t *out)
{
	if (len >= 20 && in[0] >> 4 == 4)
		return answer_ipv4(in, len, out);
	if (len >= 40 && in[0] >> 4 == 6)
		return answer_ipv6(in, len, out);
	return 0;
}

/* The length of the Ethernet header of a request, with its tags. */
static size_t ethernet_length(const uint8_t *in, size_t len)
{
	size_t at = 12;

	while (at + 6 <= len &&
	       ((in[at] == 0x81 && in[at + 1] == 0) || (in[at] == 0x88 && in[at + 1] == 0xa8)))
		at += 4;
	return at + 2;
}

/* The Ethernet header of the reply, with tags, at out; returns its length. */
static size_t put_ethernet(const uint8_t *in, size_t in_header, uint8_t *out)
{
	size_t len = 12;

	memcpy(out, in + 6, 6);
	memcpy(out + 6, in, 6);
	for (unsigned long i = 0; i < o.tags; i++, len += 4) {
		put16(out + len, i == 0 && o.tags == 2 ? 0x88a8 : 0x8100);
		put16(out + len + 2, (unsigned int)(i + 1 == o.tags ? o.vid : 3));
	}
	memcpy(out + len, in + in_header - 2, 2);
	return len + 2;
}

static void put_frame(int fd, uint8_t *frame, size_t len)
{
	size_t first = o.frags && o.frags < len ? o.frags : len;
	struct iovec parts[] = {{frame, first}, {frame + first, len - first}};

	if (writev(fd, parts, first < len ? 2 : 1) != (ssize_t)len)
		perror("writev");
}

/* The same later, while the next requests are read. */
static void put_frame_later(int fd, uint8_t *frame, size_t len)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child > 0)
		return;
	usleep((useconds_t)o.delay * 1000);
	put_frame(fd, frame, len);
	_exit(0);
}

/* Passes a packet of IPv4 on, damaged if it is an echo request. */
static void pass_on(int to, uint8_t *packet, size_t len)
{
	size_t header = len >= 20 ? (size_t)(packet[0] & 15) * 4 : 0;
	bool request = header && packet[0] >> 4 == 4 && packet[9] == IPPROTO_ICMP &&
		       len > header + 3 && packet[header] == 8;

	if (request && o.damage)
		packet[strcmp(o.damage, "ip") == 0 ? 10 : header + 2] ^= 0x55;
	if (write(to, packet, len) != (ssize_t)len)
		perror("write");
}

static int open_device(const char *name)
{
	struct ifreq r = {.ifr_flags = (short)(IFF_NO_PI | (o.tap ? IFF_TAP : IFF_TUN))};
	int fd = open("/dev/net/tun", O_RDWR), s = socket(AF_INET, SOCK_DGRAM, 0);

	if (o.napi || o.frags)
		r.ifr_flags = (short)(r.ifr_flags | IFF_NAPI);
	if (o.frags)
		r.ifr_flags = (short)(r.ifr_flags | IFF_NAPI_FRAGS);
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (fd < 0 || s < 0)
		die("/dev/net/tun");
	if (ioctl(fd, TUNSETIFF, &r))
		die("TUNSETIFF");
	if (ioctl(s, SIOCGIFFLAGS, &r))
		die("SIOCGIFFLAGS");
	r.ifr_flags |= IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("SIOCSIFFLAGS");
	close(s);
	return fd;
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {{"tap", no_argument, NULL, 't'},
					      {"drop-every", required_argument, NULL, 'd'},
					      {"delay", required_argument, NULL, 'w'},
					      {"ipv4", required_argument, NULL, '4'},
					      {"ipv6", required_argument, NULL, '6'},
					      {"tags", required_argument, NULL, 'v'},
					      {"vid", required_argument, NULL, 'i'},
					      {"napi", no_argument, NULL, 'n'},
					      {"frags", required_argument, NULL, 'f'},
					      {"deaf", no_argument, NULL, 'D'},
					      {"to", required_argument, NULL, 'T'},
					      {"damage", required_argument, NULL, 'x'},
					      {"error", required_argument, NULL, 'e'},
					      {NULL, 0, NULL, 0}};
	int key;

	while ((key = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (key) {
		case 't':
			o.tap = true;
			break;
		case 'd':
			o.drop_every = strtoul(optarg, NULL, 10);
			break;
		case 'w':
			o.delay = strtoul(optarg, NULL, 10);
			break;
		case '4':
			o.ipv4 = optarg;
			break;
		case '6':
			o.ipv6 = optarg;
			break;
		case 'v':
			o.tags = strtoul(optarg, NULL, 10);
			break;
		case 'i':
			o.vid = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			o.napi = true;
			break;
		case 'f':
			o.frags = strtoul(optarg, NULL, 10);
			break;
		case 'D':
			o.deaf = true;
			break;
		case 'T':
			o.to = optarg;
			break;
		case 'x':
			o.damage = optarg;
			break;
		case 'e':
			o.errors = optarg;
			break;
		default:
			exit(1);
		}
	if (argc - optind != 1 || ((o.tags || o.frags) && !o.tap) || o.tags > 2) {
		fprintf(stderr, "tunecho: see the top of tunecho.c\n");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static uint8_t in[1 << 16], out[(1 << 16) + 128];
	unsigned long requests = 0;
	int fd, to = -1;

	parse(argc, argv);
	signal(SIGCHLD, SIG_IGN); /* children leave nothing behind */
	fd = open_device(argv[optind]);
	if (o.to)
		to = open_device(o.to);
	puts("ready");
	fflush(stdout);
	while (o.deaf)
		pause();
	for (;;) {
		ssize_t n = read(fd, in, sizeof(in));
		size_t skip = o.tap ? ETH_BYTES : 0, header = 0, len;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("read");
		if (o.to) {
			pass_on(to, in, (size_t)n);
			continue;
		}
		if ((size_t)n < skip)
			continue;
		if (o.tap) {
			skip = ethernet_length(in, (size_t)n);
			header = put_ethernet(in, skip, out);
		}
		len = answer(in + skip, (size_t)n - skip, out + header);
		if (!len || (o.drop_every && ++requests % o.drop_every == 0))
			continue;
		if (o.delay)
			put_frame_later(fd, out, header + len);
		else
			put_frame(fd, out, header + len);
	}
}
