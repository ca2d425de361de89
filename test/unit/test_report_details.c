/* report_table: what the last column says of tunnels, fragments, errors and drops; and the gaps. */
#include "icmp_text.h"
#include "report_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const struct report_format *const table = &report_table;

#define ADDRESSES "172.17.0.1 -> 172.17.0.2          "
#define START     "[  4026531992]             eth0 "
#define ROW       START "request " ADDRESSES "     1234"

/* Asserts that one row is this, and frees what r has. */
static void expect_text(struct report r, const struct hop *h, const char *row)
{
	char *text;

	ck_assert_int_eq(table->hop(&r, h), 0);
	text = report_text(&r);
	ck_assert_str_eq(text, row);
	free(text);
}

static void expect_row(bool show_seq, const struct hop *h, const char *row)
{
	expect_text(report_to_file(false, show_seq), h, row);
}

static void set_name(char *name, const char *value)
{
	memset(name, 0, IF_NAMESIZE);
	strncpy(name, value, IF_NAMESIZE - 1);
}

START_TEST(test_tunnel)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	set_tunnel(&h);
	expect_row(false, &h, ROW " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 udp 4789\n");
	set_name(h.tunnel.ifname, "");
	expect_row(false, &h, ROW " eth0: 198.51.100.1 -> 198.51.100.2 udp 4789\n");
	h.tunnel.family = 6;
	memset(h.tunnel.saddr, 0, 16);
	memset(h.tunnel.daddr, 0xfd, 16);
	h.tunnel.saddr[15] = 1;
	h.tunnel.port = UINT16_MAX;
	expect_row(false, &h,
		   ROW " eth0: ::1 -> fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd udp 65535\n");
	h.tunnel.family = 0;
	expect_row(false, &h, ROW " eth0: encapsulated\n");
	set_name(h.tunnel.ifname, "vxlan0");
	expect_row(false, &h, ROW " vxlan0 > eth0: encapsulated\n");
}
END_TEST

static const struct {
	uint8_t proto;
	const char *text;
} protocols[] = {
	{0, "proto 0"},   {1, "icmp"},     {4, "ipip"},        {6, "tcp"},         {17, "udp 4789"},
	{41, "ipv6"},     {47, "gre"},     {50, "esp"},        {51, "ah"},         {58, "icmpv6"},
	{99, "proto 99"}, {108, "ipcomp"}, {109, "proto 109"}, {255, "proto 255"},
};

START_TEST(test_protocol)
{
	struct hop h = sample_hop(EVENT_REQUEST);
	char row[256];

	set_tunnel(&h);
	h.tunnel.proto = protocols[_i].proto;
	snprintf(row, sizeof(row), ROW " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 %s\n",
		 protocols[_i].text);
	expect_row(false, &h, row);
}
END_TEST

START_TEST(test_chain_in_tunnel)
{
	struct hop h = sample_chain(EVENT_REQUEST, "nat", 4);

	set_tunnel(&h);
	expect_row(false, &h,
		   ROW "     nat.POSTROUTING :ACCEPT"
		       "  (198.51.100.1 -> 198.51.100.2 udp 4789)\n");
	h.is_fragment = true;
	h.fragment_offset = 1480;
	expect_row(false, &h,
		   ROW "     nat.POSTROUTING :ACCEPT"
		       "  (198.51.100.1 -> 198.51.100.2 udp 4789), fragment at 1480\n");
	h.tunnel.family = 0;
	h.is_fragment = false;
	expect_row(false, &h, ROW "     nat.POSTROUTING :ACCEPT  (encapsulated)\n");
	h.in_tunnel = false;
	h.is_fragment = true;
	expect_row(false, &h, ROW "     nat.POSTROUTING :ACCEPT, fragment at 1480\n");
}
END_TEST

START_TEST(test_fragment)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.is_fragment = true;
	h.fragment_offset = 1480;
	expect_row(false, &h, ROW " fragment at 1480\n");
	h.fragment_offset = UINT32_MAX;
	expect_row(false, &h, ROW " fragment at 4294967295\n");
	h.fragment_offset = 8;
	set_tunnel(&h);
	expect_row(false, &h,
		   ROW " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 udp 4789, fragment at 8\n");
}
END_TEST

/* Each device says what the error is, chains and drops do not repeat it. */
START_TEST(test_error)
{
	struct hop h = sample_hop(EVENT_ERROR), c = sample_chain(EVENT_ERROR, "nat", 4);
	char buf[128], row[512];
	const char *says = icmp_error_text(4, 3, 4, 1400, buf, sizeof(buf));

	h.error = (struct hop_error){.type = 3, .code = 4, .info = 1400};
	c.error = h.error;
	memcpy(c.saddr, h.saddr, 4);
	snprintf(row, sizeof(row), START "  error 172.17.0.2 -> 172.17.0.1               1234 %s\n",
		 says);
	expect_row(false, &h, row);
	h.dir = EVENT_RX;
	expect_row(false, &h, row);
	snprintf(row, sizeof(row),
		 START "\033[31m  error\033[0m 172.17.0.2 -> 172.17.0.1               1234 %s\n",
		 says);
	expect_text(report_to_file(true, false), &h, row);
	expect_row(false, &c,
		   START "  error 172.17.0.2 -> 172.17.0.1               1234"
			 "     nat.POSTROUTING :ACCEPT\n");
	h.dir = EVENT_END;
	expect_row(false, &h,
		   START "  error 172.17.0.2 -> 172.17.0.1               1234 dropped\n");
}
END_TEST

START_TEST(test_error_in_tunnel)
{
	struct hop h = sample_hop(EVENT_ERROR);
	char buf[128], row[512];

	h.family = 6;
	memset(h.saddr, 0, 16);
	memset(h.daddr, 0, 16);
	h.error = (struct hop_error){.type = 3, .code = 1, .info = 0};
	h.is_fragment = true;
	h.fragment_offset = 16;
	set_tunnel(&h);
	snprintf(row, sizeof(row),
		 START
		 "  error :: -> ::                               1234"
		 " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 udp 4789, fragment at 16, %s\n",
		 icmp_error_text(6, 3, 1, 0, buf, sizeof(buf)));
	expect_row(false, &h, row);
}
END_TEST

static const struct {
	const char *reason, *location;
	const char *text;
} drops[] = {
	{NULL, NULL, "dropped"},
	{"NETFILTER_DROP", "nf_hook_slow+0xa1", "dropped: NETFILTER_DROP at nf_hook_slow+0xa1"},
	{NULL, "ip_forward+0x12", "dropped: at ip_forward+0x12"},
	{"NO_SOCKET", NULL, "dropped: NO_SOCKET"},
	{"\033[2J\\", "a\nb\xff", "dropped: \\x1b[2J\\x5c at a\\x0ab\\xff"},
};

START_TEST(test_drop)
{
	struct hop h = sample_drop(EVENT_END);
	char row[256];

	h.drop.reason = 8;
	h.drop.location = 0xffffffff81000000;
	h.drop.reason_name = drops[_i].reason;
	h.drop.location_name = drops[_i].location;
	snprintf(row, sizeof(row), ROW " %s\n", drops[_i].text);
	expect_row(false, &h, row);
	snprintf(row, sizeof(row),
		 START "\033[36mrequest\033[0m " ADDRESSES "     1234 \033[31m%s\033[0m\n",
		 drops[_i].text);
	expect_text(report_to_file(true, false), &h, row);
}
END_TEST

/* Names as long as can be: cut, not overrun. */
START_TEST(test_long_drop)
{
	struct hop h = sample_drop(EVENT_END);
	struct report r = report_to_file(false, false);
	char name[2001], *text;

	memset(name, '\n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	h.drop.reason_name = h.drop.location_name = name;
	ck_assert_int_eq(table->hop(&r, &h), 0);
	text = report_text(&r);
	ck_assert_uint_eq(strlen(text), strlen(ROW " dropped:  at \n") + 2 * 4 * 256);
	free(text);
	memset(name, 'x', sizeof(name) - 1);
	r = report_to_file(false, false);
	ck_assert_int_eq(table->hop(&r, &h), 0);
	text = report_text(&r);
	ck_assert_uint_eq(strlen(text), strlen(ROW " dropped:  at \n") + 2 * 256);
	free(text);
}
END_TEST

START_TEST(test_xmit)
{
	struct hop h = sample_drop(EVENT_XMIT);

	h.drop.error = -19;
	expect_row(false, &h, ROW " dropped: the driver returned -19\n");
	h.drop.error = 1;
	h.drop.reason_name = "NOT_SPECIFIED";
	expect_row(false, &h, ROW " dropped: the driver returned 1\n");
	set_tunnel(&h);
	expect_row(false, &h,
		   ROW " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 udp 4789,"
		       " dropped: the driver returned 1\n");
	expect_text(report_to_file(true, false), &h,
		    START "\033[36mrequest\033[0m " ADDRESSES "     1234"
			  " vxlan0 > eth0: 198.51.100.1 -> 198.51.100.2 udp 4789,"
			  " \033[31mdropped: the driver returned 1\033[0m\n");
}
END_TEST

START_TEST(test_drop_at_no_device)
{
	struct hop h = sample_drop(EVENT_END);

	h.ifindex = 0;
	set_name(h.ifname, "");
	expect_row(false, &h,
		   "[  4026531992]                  request " ADDRESSES "     1234 dropped\n");
	set_tunnel(&h);
	expect_row(false, &h,
		   "[  4026531992]                  request " ADDRESSES "     1234"
		   " vxlan0: 198.51.100.1 -> 198.51.100.2 udp 4789, dropped\n");
	set_name(h.tunnel.ifname, "");
	h.is_fragment = true;
	h.fragment_offset = 1480;
	expect_row(false, &h,
		   "[  4026531992]                  request " ADDRESSES "     1234"
		   " 198.51.100.1 -> 198.51.100.2 udp 4789, fragment at 1480, dropped\n");
}
END_TEST

START_TEST(test_unsafe_names)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	set_tunnel(&h);
	h.tunnel.family = 0;
	set_name(h.tunnel.ifname, "\033]0;x\a");
	set_name(h.ifname, "\xe2\x80\xae\\");
	expect_row(false, &h,
		   "[  4026531992] \\xe2\\x80\\xae\\x5c request " ADDRESSES "     1234"
		   " \\x1b]0;x\\x07 > \\xe2\\x80\\xae\\x5c: encapsulated\n");
}
END_TEST

/* SEQ stays where it is unless the last column is too long for that. */
START_TEST(test_seq)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.seq = 12;
	h.is_fragment = true;
	h.fragment_offset = 1480;
	expect_row(true, &h, ROW " fragment at 1480             12\n");
	h.extra = 5;
	expect_row(true, &h, ROW " fragment at 1480             12 extra=5\n");
	h.extra = 0;
	set_tunnel(&h);
	h.tunnel.family = 0;
	h.is_fragment = false;
	expect_row(true, &h, ROW " vxlan0 > eth0: encapsulated  12\n");
	set_name(h.tunnel.ifname, "vxlan00");
	expect_row(true, &h, ROW " vxlan00 > eth0: encapsulated 12\n");
	set_name(h.tunnel.ifname, "vxlan000");
	expect_row(true, &h, ROW " vxlan000 > eth0: encapsulated 12\n");
	set_name(h.tunnel.ifname, "\xc3\xb6\xc3\xa4\xc3\xbc"); /* three columns */
	expect_row(true, &h, ROW " \xc3\xb6\xc3\xa4\xc3\xbc > eth0: encapsulated     12\n");
	h = sample_drop(EVENT_END);
	expect_text(report_to_file(true, true), &h,
		    START "\033[36mrequest\033[0m " ADDRESSES "     1234"
			  " \033[31mdropped\033[0m                      1\n");
	h.drop.reason_name = "NETFILTER_DROP";
	h.drop.location_name = "nf_hook_slow+0xa1";
	expect_row(true, &h, ROW " dropped: NETFILTER_DROP at nf_hook_slow+0xa1 1\n");
}
END_TEST

static struct report gaps_report(bool show_seq)
{
	struct report r = report_to_file(false, show_seq);

	r.show_gaps = true;
	return r;
}

START_TEST(test_gaps)
{
	struct report r = gaps_report(true);
	struct hop h = sample_chain(EVENT_REQUEST, "nat", 4);
	char *text;

	h.gap_ns = 999999999;
	table->begin(&r);
	table->hop(&r, &h);
	h = sample_hop(EVENT_REQUEST);
	h.longest = true;
	h.gap_ns = 12345678901;
	table->hop(&r, &h);
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                           TIME/us"
		"   GAP/us  IPTABLES                     SEQ\n" ROW
		"   999999      nat.POSTROUTING :ACCEPT  1\n" ROW
		" 12345678<                              1\n");
	free(text);
}
END_TEST

START_TEST(test_gaps_without_seq)
{
	struct report r = gaps_report(false);
	struct hop h = sample_hop(EVENT_REQUEST);
	char *text;

	h.gap_ns = 999;
	h.longest = true;
	table->begin(&r);
	table->hop(&r, &h);
	h.longest = false;
	h.is_fragment = true;
	table->hop(&r, &h);
	h.is_fragment = false;
	table->hop(&r, &h);
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                           TIME/us"
		"   GAP/us  IPTABLES\n" ROW "        0<\n" ROW "        0  fragment at 0\n" ROW
		"        0 \n");
	free(text);
	/* nothing of it where it was not asked for */
	h.longest = true;
	expect_row(false, &h, ROW "\n");
}
END_TEST

Suite *report_details_suite(void)
{
	Suite *s = suite_create("report_details");
	TCase *c = tcase_create("report_details");

	tcase_add_test(c, test_tunnel);
	tcase_add_loop_test(c, test_protocol, 0, N_OF(protocols));
	tcase_add_test(c, test_chain_in_tunnel);
	tcase_add_test(c, test_fragment);
	tcase_add_test(c, test_error);
	tcase_add_test(c, test_error_in_tunnel);
	tcase_add_loop_test(c, test_drop, 0, N_OF(drops));
	tcase_add_test(c, test_long_drop);
	tcase_add_test(c, test_xmit);
	tcase_add_test(c, test_drop_at_no_device);
	tcase_add_test(c, test_unsafe_names);
	tcase_add_test(c, test_seq);
	tcase_add_test(c, test_gaps);
	tcase_add_test(c, test_gaps_without_seq);
	suite_add_tcase(s, c);
	return s;
}
