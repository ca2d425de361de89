/*
 * ping_filter: the program that the kernel runs on what the ping's socket would hear. Here it sits
 * on a socket pair, which takes no privileges.
 */
#include "icmp_support.h"
#include "ping_filter.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
	int to, from;
	size_t outer; /* bytes of the IP header in front of the message; IPv6: 0 */
};

static struct pair pair_open(const struct ping_identity *who)
{
	struct sock_filter code[PING_FILTER_INSNS];
	struct sock_fprog program = {.len = PING_FILTER_INSNS, .filter = code};
	int fds[2];

	ping_filter_make(who, code);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	ck_assert_int_eq(
		setsockopt(fds[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), 0);
	return (struct pair){fds[0], fds[1], who->family == AF_INET ? 20 : 0};
}

static void pair_close(const struct pair *p)
{
	close(p->to);
	close(p->from);
}

/* Does the message come through, whole? */
static bool passes(const struct pair *p, const uint8_t *message, size_t len)
{
	uint8_t packet[60 + ERROR_BYTES] = {0}, got[sizeof(packet)];
	ssize_t n;

	packet[0] = (uint8_t)(0x40 | p->outer / 4);
	memcpy(packet + p->outer, message, len);
	len += p->outer;
	ck_assert_int_eq(send(p->to, packet, len, 0), (ssize_t)len);
	n = recv(p->from, got, sizeof(got), 0);
	if (n < 0) {
		ck_assert_int_eq(errno, EAGAIN);
		return false;
	}
	ck_assert_int_eq(n, (ssize_t)len);
	return true;
}

static const struct ping_identity *who_of(int v6)
{
	return v6 ? &who6 : &who4;
}

START_TEST(test_reply)
{
	struct pair p = pair_open(who_of(_i));

	for (p.outer = _i ? 0 : 20; p.outer <= (_i ? 0 : 60); p.outer += 4) {
		uint8_t m[64];

		icmp_build_request(who_of(_i), 7, m);
		m[0] = _i ? 129 : 0;
		ck_assert(passes(&p, m, 64));
		ck_assert(passes(&p, m, 8));
		m[5] ^= 1;
		m[8] ^= 1;
		ck_assert(!passes(&p, m, 64));
		ck_assert(!passes(&p, m, 8));
	}
	pair_close(&p);
}
END_TEST

/* Cut anywhere from the id on, an error is passed; with headers of all lengths. */
START_TEST(test_every_length)
{
	static const char options[40];
	const uint8_t *types = _i ? error_types6 : error_types4;
	struct pair p = pair_open(who_of(_i));

	for (int i = 0; types[i]; i++)
		for (size_t n = 0; n <= (_i ? 0 : 40); n += 4) {
			struct between b = {0, options, n};
			bool redirect = _i && types[i] == 137;
			uint8_t m[ERROR_BYTES];
			size_t ip, echo, whole;

			p.outer = _i ? 0 : 60 - n;
			whole = error_make(who_of(_i), types[i], 7, &b, m, &ip, &echo);
			for (size_t len = 1; len <= whole; len++)
				ck_assert_msg(passes(&p, m, len) == (redirect || len >= echo + 6),
					      "type %u, length %zu", types[i], len);
		}
	pair_close(&p);
}
END_TEST

/* Errors about other pings, other protocols and later fragments are not passed. */
START_TEST(test_foreign)
{
	const struct ping_identity *who = who_of(_i);
	struct pair p = pair_open(who);
	uint8_t m[ERROR_BYTES];
	size_t ip, echo, len = error_make(who, _i ? 1 : 3, 7, NULL, m, &ip, &echo);

	ck_assert(passes(&p, m, len));
	m[echo] = _i ? 129 : 0;
	ck_assert(passes(&p, m, len));
	m[echo] = 13; /* a timestamp */
	ck_assert(!passes(&p, m, len));
	m[echo] = _i ? 128 : 8;
	m[ip + (_i ? 6 : 9)] = 17;
	ck_assert(!passes(&p, m, len));
	m[ip + (_i ? 6 : 9)] = _i ? 58 : 1;
	m[echo + 4] ^= 1; /* an id that NAT has changed: the cookie tells */
	ck_assert(passes(&p, m, len));
	m[echo + 11] ^= 1;
	ck_assert(!passes(&p, m, len));
	if (!_i) {
		m[echo + 4] ^= 1;
		ck_assert(passes(&p, m, len));
		m[ip + 7] = 1;
		ck_assert(!passes(&p, m, len));
	}
	pair_close(&p);
}
END_TEST

/* Without room for a whole cookie the id decides alone. */
START_TEST(test_small_payload)
{
	struct ping_identity who = *who_of(_i);
	uint8_t m[ERROR_BYTES];
	struct pair p;
	size_t ip, echo, len;

	who.size = 7;
	p = pair_open(&who);
	len = error_make(&who, _i ? 1 : 3, 7, NULL, m, &ip, &echo);
	ck_assert(passes(&p, m, len));
	m[echo + 4] ^= 1;
	ck_assert(!passes(&p, m, len));
	pair_close(&p);
}
END_TEST

/* Behind which the program does not look: it passes them all. */
START_TEST(test_ipv6_extensions)
{
	struct pair p = pair_open(&who6);

	for (int next = 0; next < 256; next++) {
		bool extension = next == 0 || next == 43 || next == 44 || next == 51 || next == 60;
		uint8_t m[ERROR_BYTES];
		size_t ip, echo, len = error_make(&who6, 3, 7, NULL, m, &ip, &echo);

		m[ip + 6] = (uint8_t)next;
		ck_assert_msg(passes(&p, m, len) == (extension || next == 58), "header %d", next);
	}
	pair_close(&p);
}
END_TEST

/* What icmp.c takes for ours is never kept from it. */
START_TEST(test_all_of_ours)
{
	struct pair p = pair_open(who_of(_i));
	unsigned int state = 1;

	for (int round = 0; round < 20000; round++) {
		const uint8_t *types = _i ? error_types6 : error_types4;
		uint8_t m[ERROR_BYTES];
		struct icmp_error e;
		size_t ip, echo,
			len = error_make(who_of(_i), types[next_random(&state) % 5], 7, NULL, m,
					 &ip, &echo);

		for (unsigned int n = next_random(&state) % 3; n; n--)
			m[next_random(&state) % len] = (uint8_t)next_random(&state);
		len -= next_random(&state) % 60;
		if (icmp_is_our_error(who_of(_i), m, len, &e))
			ck_assert_msg(passes(&p, m, len), "round %d", round);
	}
	pair_close(&p);
}
END_TEST

Suite *ping_filter_suite(void)
{
	Suite *s = suite_create("ping_filter");
	TCase *c = tcase_create("ping_filter");

	tcase_set_timeout(c, 30);
	tcase_add_loop_test(c, test_reply, 0, 2);
	tcase_add_loop_test(c, test_every_length, 0, 2);
	tcase_add_loop_test(c, test_foreign, 0, 2);
	tcase_add_loop_test(c, test_small_payload, 0, 2);
	tcase_add_test(c, test_ipv6_extensions);
	tcase_add_loop_test(c, test_all_of_ours, 0, 2);
	suite_add_tcase(s, c);
	return s;
}
