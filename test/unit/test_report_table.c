/* report_table: its exact bytes. */
#include "report_support.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const struct report_format *const table = &report_table;

/* Asserts that one row is this. */
static void expect_row(bool show_seq, const struct hop *h, const char *row)
{
	struct report r = report_to_file(false, show_seq);
	char *text;

	ck_assert_int_eq(table->hop(&r, h), 0);
	text = report_text(&r);
	ck_assert_str_eq(text, row);
	free(text);
}

static void expect_end(const struct summary *s, const char *line)
{
	struct report r = report_to_file(false, false);
	char *text;

	ck_assert_int_eq(table->end(&r, s), 0);
	text = report_text(&r);
	ck_assert_str_eq(text, line);
	free(text);
}

/* The rows of DESIGN.md that have no netfilter chain. */
START_TEST(test_design_example)
{
	static const struct {
		uint32_t netns;
		const char *ifname;
		enum event_type type;
	} hops[] = {
		{HOST, "docker0", EVENT_REQUEST},
		{HOST, "veth61528aa", EVENT_REQUEST},
		{BOX, "eth0", EVENT_REQUEST},
		{BOX, "eth0", EVENT_REPLY},
		{HOST, "veth61528aa", EVENT_REPLY},
		{HOST, "docker0", EVENT_REPLY},
		{0, "", EVENT_REQUEST},
	};
	struct report r = report_to_file(false, false);
	char *text;

	ck_assert_int_eq(table->begin(&r), 0);
	for (int i = 0; i < N_OF(hops); i++) {
		struct hop h = sample_hop(hops[i].type);

		h.netns = hops[i].netns;
		strcpy(h.ifname, hops[i].ifname);
		ck_assert_int_eq(table->hop(&r, &h), 0);
	}
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                          IPTABLES\n"
		"[  4026531992]          docker0 request 172.17.0.1 -> 172.17.0.2\n"
		"[  4026531992]      veth61528aa request 172.17.0.1 -> 172.17.0.2\n"
		"[  4026533448]             eth0 request 172.17.0.1 -> 172.17.0.2\n"
		"[  4026533448]             eth0   reply 172.17.0.2 -> 172.17.0.1\n"
		"[  4026531992]      veth61528aa   reply 172.17.0.2 -> 172.17.0.1\n"
		"[  4026531992]          docker0   reply 172.17.0.2 -> 172.17.0.1\n"
		"[           0]                  request 172.17.0.1 -> 172.17.0.2\n");
	free(text);
}
END_TEST

/* With more than one ping, the numbers stand below SEQ. */
START_TEST(test_seq_column)
{
	struct report r = report_to_file(false, true);
	struct hop h = sample_hop(EVENT_REQUEST);
	char *text;

	h.seq = 65537;
	table->begin(&r);
	table->hop(&r, &h);
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                          IPTABLES"
		"                     SEQ\n"
		"[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2           "
		"                             65537\n");
	free(text);
}
END_TEST

START_TEST(test_namespace_names)
{
	struct hop h = sample_hop(EVENT_REPLY);

	h.netns_name = "box";
	expect_row(false, &h, "[         box]             eth0   reply 172.17.0.2 -> 172.17.0.1\n");
	h.netns_name = "exactly12chr";
	expect_row(false, &h, "[exactly12chr]             eth0   reply 172.17.0.2 -> 172.17.0.1\n");
	h.netns_name = "a-name-longer-than-the-column";
	expect_row(false, &h,
		   "[a-name-longer-than-the-column]             eth0   reply "
		   "172.17.0.2 -> 172.17.0.1\n");
	h.netns_name = "";
	expect_row(false, &h, "[            ]             eth0   reply 172.17.0.2 -> 172.17.0.1\n");
	h.netns_name = NULL;
	h.netns = UINT32_MAX;
	expect_row(false, &h, "[  4294967295]             eth0   reply 172.17.0.2 -> 172.17.0.1\n");
}
END_TEST

START_TEST(test_unsafe_names)
{
	struct hop h = sample_hop(EVENT_REQUEST);
	char long_name[2001], *text;
	struct report r;

	strcpy(h.ifname, "\033[2J");
	h.netns_name = "a\\b";
	expect_row(false, &h,
		   "[      a\\x5cb]          \\x1b[2J request 172.17.0.1 -> 172.17.0.2\n");
	strcpy(h.ifname, "0123456789abcde");
	h.netns_name = "caf\xc3\xa9"; /* five bytes in four columns */
	expect_row(false, &h,
		   "[        caf\xc3\xa9]  0123456789abcde request 172.17.0.1 -> 172.17.0.2\n");
	strcpy(h.ifname, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
	h.netns_name = "x";
	expect_row(false, &h,
		   "[           x] \\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff"
		   "\\xff\\xff\\xff request 172.17.0.1 -> 172.17.0.2\n");
	memset(long_name, '\n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	h.netns_name = long_name;
	r = report_to_file(false, false);
	ck_assert_int_eq(table->hop(&r, &h), 0);
	text = report_text(&r);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
}
END_TEST

START_TEST(test_ipv6)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.family = 6;
	memset(h.saddr, 0, sizeof(h.saddr));
	h.saddr[15] = 1;
	memset(h.daddr, 0xfd, sizeof(h.daddr));
	expect_row(false, &h,
		   "[  4026531992]             eth0 request "
		   "::1 -> fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd\n");
	memset(h.saddr, 0xfe, sizeof(h.saddr));
	expect_row(
		true, &h,
		"[  4026531992]             eth0 request "
		"fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe -> fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd"
		"                              1\n");
	memset(h.daddr, 0, sizeof(h.daddr));
	h.saddr[0] = 0xff;
	memset(h.saddr + 1, 0, 15);
	expect_row(false, &h, "[  4026531992]             eth0 request ff00:: -> ::\n");
}
END_TEST

START_TEST(test_extra)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.extra = UINT32_MAX;
	expect_row(false, &h,
		   "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2           "
		   "extra=4294967295\n");
	expect_row(true, &h,
		   "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2           "
		   "                             1 extra=4294967295\n");
}
END_TEST

/* Colour is round words, never round what comes from outside, and is ended on each line. */
START_TEST(test_colour)
{
	struct report r = report_to_file(true, false);
	struct hop h = sample_hop(EVENT_REQUEST);
	char *text;

	table->begin(&r);
	table->hop(&r, &h);
	h.type = EVENT_REPLY;
	table->hop(&r, &h);
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"\033[1m    NETWORK NS        INTERFACE    TYPE ADDRESSES"
		"                          IPTABLES\033[0m\n"
		"[  4026531992]             eth0 \033[36mrequest\033[0m 172.17.0.1 -> 172.17.0.2\n"
		"[  4026531992]             eth0 \033[32m  reply\033[0m 172.17.0.1 -> 172.17.0.2\n");
	free(text);
}
END_TEST

static const struct {
	struct summary s;
	const char *line;
} ends[] = {
	{{.sent = 1}, "1 ping sent, no reply\n"},
	{{.sent = 3}, "3 pings sent, no reply\n"},
	{{0}, "0 pings sent, no reply\n"},
	{{.sent = 1, .lost_events = 1}, "1 ping sent, no reply, 1 event lost\n"},
	{{.sent = 1,
	  .received = 1,
	  .rtt_min_ns = 1234567,
	  .rtt_max_ns = 1234567,
	  .rtt_sum_ns = 1234567},
	 "1 of 1 pings answered, rtt min/avg/max = 1.235/1.235/1.235 ms\n"},
	{{.sent = 2,
	  .received = 2,
	  .rtt_min_ns = 1000000,
	  .rtt_max_ns = 3000000,
	  .rtt_sum_ns = 4000000},
	 "2 of 2 pings answered, rtt min/avg/max = 1.000/2.000/3.000 ms\n"},
	{{.sent = 5,
	  .received = 3,
	  .duplicates = 1,
	  .rtt_min_ns = 499,
	  .rtt_max_ns = 12345678901,
	  .rtt_sum_ns = 3000000,
	  .lost_events = 17},
	 "3 of 5 pings answered, rtt min/avg/max = 0.000/1.000/12345.679 ms, 1 duplicate, "
	 "17 events lost\n"},
	{{.sent = 2, .received = 1, .duplicates = 2, .lost_events = 1},
	 "1 of 2 pings answered, rtt min/avg/max = 0.000/0.000/0.000 ms, 2 duplicates, "
	 "1 event lost\n"},
};

START_TEST(test_end)
{
	expect_end(&ends[_i].s, ends[_i].line);
}
END_TEST

START_TEST(test_output_error)
{
	struct report r = {.out = fopen("/dev/full", "w")};
	struct hop h = sample_hop(EVENT_REQUEST);
	struct summary s = {.sent = 1};

	ck_assert_ptr_nonnull(r.out);
	ck_assert_int_eq(table->begin(&r), -1);
	ck_assert_int_eq(table->hop(&r, &h), -1);
	ck_assert_int_eq(table->end(&r, &s), -1);
	fclose(r.out);
}
END_TEST

Suite *report_table_suite(void)
{
	Suite *s = suite_create("report_table");
	TCase *c = tcase_create("report_table");

	tcase_add_test(c, test_design_example);
	tcase_add_test(c, test_seq_column);
	tcase_add_test(c, test_namespace_names);
	tcase_add_test(c, test_unsafe_names);
	tcase_add_test(c, test_ipv6);
	tcase_add_test(c, test_extra);
	tcase_add_test(c, test_colour);
	tcase_add_loop_test(c, test_end, 0, N_OF(ends));
	tcase_add_test(c, test_output_error);
	suite_add_tcase(s, c);
	return s;
}
