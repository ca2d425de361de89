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

static void expect_end(bool colour, const struct summary *s, const char *line)
{
	struct report r = report_to_file(colour, false);
	char *text;

	ck_assert_int_eq(table->end(&r, s), 0);
	text = report_text(&r);
	ck_assert_str_eq(text, line);
	free(text);
}

/* DESIGN.md's example, byte for byte, with the time. */
START_TEST(test_design_example)
{
	static const struct {
		uint32_t netns;
		const char *ifname;
		enum event_type type;
		const char *table; /* or NULL */
		uint8_t hook;
	} hops[] = {
		{0, "", EVENT_REQUEST, "nat", 3},
		{0, "", EVENT_REQUEST, "filter", 3},
		{HOST, "docker0", EVENT_REQUEST, "nat", 4},
		{HOST, "docker0", EVENT_REQUEST, NULL, 0},
		{HOST, "veth61528aa", EVENT_REQUEST, NULL, 0},
		{BOX, "eth0", EVENT_REQUEST, NULL, 0},
		{BOX, "eth0", EVENT_REPLY, NULL, 0},
		{HOST, "veth61528aa", EVENT_REPLY, NULL, 0},
		{HOST, "docker0", EVENT_REPLY, NULL, 0},
		{HOST, "docker0", EVENT_REPLY, "filter", 1},
	};
	struct report r = report_to_file(false, false);
	char *text;

	ck_assert_int_eq(table->begin(&r), 0);
	for (int i = 0; i < N_OF(hops); i++) {
		struct hop h = hops[i].table
				       ? sample_chain(hops[i].type, hops[i].table, hops[i].hook)
				       : sample_hop(hops[i].type);

		h.netns = hops[i].netns;
		strcpy(h.ifname, hops[i].ifname);
		ck_assert_int_eq(table->hop(&r, &h), 0);
	}
	text = report_text(&r);
	ck_assert_str_eq(
		text,
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                           TIME/us IPTABLES\n"
		"[           0]                  request 172.17.0.1 -> 172.17.0.2               1234     nat.OUTPUT      :ACCEPT\n"
		"[           0]                  request 172.17.0.1 -> 172.17.0.2               1234  filter.OUTPUT      :ACCEPT\n"
		"[  4026531992]          docker0 request 172.17.0.1 -> 172.17.0.2               1234     nat.POSTROUTING :ACCEPT\n"
		"[  4026531992]          docker0 request 172.17.0.1 -> 172.17.0.2               1234\n"
		"[  4026531992]      veth61528aa request 172.17.0.1 -> 172.17.0.2               1234\n"
		"[  4026533448]             eth0 request 172.17.0.1 -> 172.17.0.2               1234\n"
		"[  4026533448]             eth0   reply 172.17.0.2 -> 172.17.0.1               1234\n"
		"[  4026531992]      veth61528aa   reply 172.17.0.2 -> 172.17.0.1               1234\n"
		"[  4026531992]          docker0   reply 172.17.0.2 -> 172.17.0.1               1234\n"
		"[  4026531992]          docker0   reply 172.17.0.2 -> 172.17.0.1               1234  filter.INPUT       :ACCEPT\n");
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
		"    NETWORK NS        INTERFACE    TYPE ADDRESSES                           TIME/us IPTABLES"
		"                     SEQ\n"
		"[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2               1234"
		"                              65537\n");
	free(text);
}
END_TEST

START_TEST(test_namespace_names)
{
	struct hop h = sample_hop(EVENT_REPLY);

	h.netns_name = "box";
	expect_row(
		false, &h,
		"[         box]             eth0   reply 172.17.0.2 -> 172.17.0.1               1234\n");
	h.netns_name = "exactly12chr";
	expect_row(
		false, &h,
		"[exactly12chr]             eth0   reply 172.17.0.2 -> 172.17.0.1               1234\n");
	h.netns_name = "a-name-longer-than-the-column";
	expect_row(false, &h,
		   "[a-name-longer-than-the-column]             eth0   reply "
		   "172.17.0.2 -> 172.17.0.1               1234\n");
	h.netns_name = "";
	expect_row(
		false, &h,
		"[            ]             eth0   reply 172.17.0.2 -> 172.17.0.1               1234\n");
	h.netns_name = NULL;
	h.netns = UINT32_MAX;
	expect_row(
		false, &h,
		"[  4294967295]             eth0   reply 172.17.0.2 -> 172.17.0.1               1234\n");
}
END_TEST

START_TEST(test_unsafe_names)
{
	struct hop h = sample_hop(EVENT_REQUEST);
	char long_name[2001], *text;
	struct report r;

	strcpy(h.ifname, "\033[2J");
	h.netns_name = "a\\b";
	expect_row(
		false, &h,
		"[      a\\x5cb]          \\x1b[2J request 172.17.0.1 -> 172.17.0.2               1234\n");
	strcpy(h.ifname, "0123456789abcde");
	h.netns_name = "caf\xc3\xa9"; /* five bytes in four columns */
	expect_row(
		false, &h,
		"[        caf\xc3\xa9]  0123456789abcde request 172.17.0.1 -> 172.17.0.2               1234\n");
	strcpy(h.ifname, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
	h.netns_name = "x";
	expect_row(false, &h,
		   "[           x] \\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff"
		   "\\xff\\xff\\xff request 172.17.0.1 -> 172.17.0.2               1234\n");
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
		   "::1 -> fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd     1234\n");
	memset(h.saddr, 0xfe, sizeof(h.saddr));
	expect_row(
		true, &h,
		"[  4026531992]             eth0 request "
		"fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe -> fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd"
		"     1234                              1\n");
	memset(h.daddr, 0, sizeof(h.daddr));
	h.saddr[0] = 0xff;
	memset(h.saddr + 1, 0, 15);
	expect_row(
		false, &h,
		"[  4026531992]             eth0 request ff00:: -> ::                           1234\n");
}
END_TEST

START_TEST(test_extra)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.extra = UINT32_MAX;
	expect_row(
		false, &h,
		"[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2               1234"
		" extra=4294967295\n");
	expect_row(
		true, &h,
		"[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2               1234"
		"                              1 extra=4294967295\n");
}
END_TEST

#define ROW "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2               1234"

/* A chain of nftables as it is, or one that iptables-nft wrote. */
static struct hop nft_chain(uint8_t family, const char *table_name, const char *name, uint8_t hook)
{
	struct hop h = sample_chain(EVENT_REQUEST, table_name, hook);

	h.probe = "nft_do_chain";
	h.chain.nftables = true;
	h.chain.table_family = family;
	strcpy(h.chain.name, name);
	return h;
}

static const struct {
	uint8_t family;
	const char *table, *name;
	uint8_t hook;
	uint32_t verdict;
	const char *row;
} chains[] = {
	{EVENT_PF_INET, "fw", "out", 3, 1, ROW " inet fw.out:ACCEPT\n"},
	{EVENT_PF_IPV4, "fw", "out", 3, 0, ROW " ip fw.out:DROP\n"},
	{EVENT_PF_IPV6, "fw", "out", 3, 0xffff0000, ROW " ip6 fw.out:DROP\n"},
	{EVENT_PF_BRIDGE, "filter", "FORWARD", 2, 2, ROW " bridge filter.FORWARD:STOLEN\n"},
	{EVENT_PF_NETDEV, "t", "in", 0, 5, ROW " netdev t.in:STOP\n"},
	{EVENT_PF_INET, "filter", "INPUT", 1, 4, ROW " inet filter.INPUT:REPEAT\n"},
	{0, "a", "b", 1, 0x63, ROW " ? a.b:0x63\n"},
	{EVENT_PF_INET, "", "", 1, 0xffff0003, ROW " inet .:QUEUE 65535\n"},
	/* iptables-nft, in columns */
	{EVENT_PF_IPV4, "filter", "INPUT", 1, 1, ROW "  filter.INPUT       :ACCEPT\n"},
	{EVENT_PF_IPV6, "raw", "PREROUTING", 0, 0x00030003, ROW "     raw.PREROUTING  :QUEUE 3\n"},
	{EVENT_PF_IPV4, "security", "POSTROUTING", 4, 0xffffffff,
	 ROW " security.POSTROUTING :0xffffffff\n"},
	/* names with what a terminal takes for commands */
	{EVENT_PF_INET, "\033[2J", "a\nb\\", 3, 1, ROW " inet \\x1b[2J.a\\x0ab\\x5c:ACCEPT\n"},
	{EVENT_PF_INET, "caf\xc3\xa9", "\xff", 3, 1, ROW " inet caf\xc3\xa9.\\xff:ACCEPT\n"},
};

START_TEST(test_nft_chain)
{
	struct hop h =
		nft_chain(chains[_i].family, chains[_i].table, chains[_i].name, chains[_i].hook);

	h.chain.verdict = chains[_i].verdict;
	expect_row(false, &h, chains[_i].row);
}
END_TEST

START_TEST(test_iptables_chain)
{
	struct hop h = sample_chain(EVENT_REQUEST, "mangle", 2);

	expect_row(false, &h, ROW "  mangle.FORWARD     :ACCEPT\n");
	strcpy(h.chain.table, "\033c");
	h.chain.hook = 9;
	h.chain.verdict = 0;
	expect_row(false, &h, ROW "   \\x1bc.?           :DROP\n");
}
END_TEST

/* A name of nothing but what must be escaped, as long as it can be. */
START_TEST(test_longest_chain)
{
	struct hop h = nft_chain(EVENT_PF_INET, "", "", 3);
	char row[4 * (EVENT_TABLE_LEN + EVENT_CHAIN_LEN) + 256] = ROW " inet ";

	memset(h.chain.table, '\033', EVENT_TABLE_LEN - 1);
	memset(h.chain.name, '\a', EVENT_CHAIN_LEN - 1);
	for (int i = 0; i < EVENT_TABLE_LEN - 1; i++)
		strcat(row, "\\x1b");
	strcat(row, ".");
	for (int i = 0; i < EVENT_CHAIN_LEN - 1; i++)
		strcat(row, "\\x07");
	strcat(row, ":ACCEPT\n");
	expect_row(false, &h, row);
}
END_TEST

/* SEQ stands where it stands in a device's row, or one blank behind a chain that is too long. */
START_TEST(test_chain_with_seq)
{
	struct hop h = sample_chain(EVENT_REQUEST, "nat", 4), n;

	h.seq = 12;
	expect_row(true, &h, ROW "     nat.POSTROUTING :ACCEPT  12\n");
	h.extra = 5;
	expect_row(true, &h, ROW "     nat.POSTROUTING :ACCEPT  12 extra=5\n");
	expect_row(false, &h, ROW "     nat.POSTROUTING :ACCEPT extra=5\n");
	n = nft_chain(EVENT_PF_INET, "fw", "out", 3);
	expect_row(true, &n, ROW " inet fw.out:ACCEPT           1\n");
	n = nft_chain(EVENT_PF_INET, "firewalld", "filter_PRE", 0);
	expect_row(true, &n, ROW " inet firewalld.filter_PRE:ACCEPT 1\n");
	n = nft_chain(EVENT_PF_INET, "fw", "seventeen-columns", 0);
	n.chain.name[12] = '\0';
	expect_row(true, &n, ROW " inet fw.seventeen-co:ACCEPT  1\n");
	n.chain.name[12] = 'l';
	n.chain.name[13] = '\0';
	expect_row(true, &n, ROW " inet fw.seventeen-col:ACCEPT 1\n");
}
END_TEST

/* Columns are counted, not bytes. */
START_TEST(test_chain_with_seq_in_utf8)
{
	struct hop h = nft_chain(EVENT_PF_INET, "fw", "\xc3\xb6\xc3\xa4\xc3\xbc", 3);

	expect_row(true, &h, ROW " inet fw.\xc3\xb6\xc3\xa4\xc3\xbc:ACCEPT           1\n");
}
END_TEST

START_TEST(test_chain_in_colour)
{
	struct report r = report_to_file(true, false);
	struct hop h = sample_chain(EVENT_REPLY, "filter", 1);
	char *text;

	table->hop(&r, &h);
	text = report_text(&r);
	ck_assert_str_eq(
		text, "[  4026531992]             eth0 \033[32m  reply\033[0m "
		      "172.17.0.2 -> 172.17.0.1               1234  filter.INPUT       :ACCEPT\n");
	free(text);
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
		"                           TIME/us IPTABLES\033[0m\n"
		"[  4026531992]             eth0 \033[36mrequest\033[0m 172.17.0.1 -> 172.17.0.2               1234\n"
		"[  4026531992]             eth0 \033[32m  reply\033[0m 172.17.0.1 -> 172.17.0.2               1234\n");
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
	expect_end(false, &ends[_i].s, ends[_i].line);
}
END_TEST

/* Of how many pings a line is true is said unless it is all of them. */
START_TEST(test_outcome_lines)
{
	const struct outcome_line lines[] = {
		{"request_lost", "ip_forward", "lost in a: \\x1b[2J caf\xc3\xa9 100%s", 3, 2},
		{"reply_lost", NULL, "replies lost", 1, UINT64_MAX},
	};
	const struct outcome_line all = {"request_lost", NULL, "lost in b", 2, 1};
	struct summary s = {.sent = 5, .lines = lines, .n_lines = 2};

	expect_end(false, &s,
		   "5 pings sent, no reply\n"
		   "lost in a: \\x1b[2J caf\xc3\xa9 100%s (3 of 5 pings, first 2)\n"
		   "replies lost (1 of 5 pings, first 18446744073709551615)\n");
	expect_end(true, &s,
		   "5 pings sent, no reply\n"
		   "\033[1mlost in a: \\x1b[2J caf\xc3\xa9 100%s (3 of 5 pings, first 2)\033[0m\n"
		   "\033[1mreplies lost (1 of 5 pings, first 18446744073709551615)\033[0m\n");
	s = (struct summary){.sent = 2, .lines = &all, .n_lines = 1};
	expect_end(false, &s, "2 pings sent, no reply\nlost in b\n");
	s.sent = 1;
	expect_end(false, &s, "1 ping sent, no reply\nlost in b\n");
	s.sent = 3;
	s.received = 1;
	expect_end(false, &s,
		   "1 of 3 pings answered, rtt min/avg/max = 0.000/0.000/0.000 ms\n"
		   "lost in b (2 of 3 pings, first 1)\n");
}
END_TEST

/* Whole microseconds, rounded down. */
START_TEST(test_time)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.time_ns = 0;
	expect_row(false, &h,
		   "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2          "
		   "        0\n");
	h.time_ns = 1999;
	expect_row(false, &h,
		   "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2          "
		   "        1\n");
	h.time_ns = UINT64_MAX;
	expect_row(false, &h,
		   "[  4026531992]             eth0 request 172.17.0.1 -> 172.17.0.2          "
		   " 18446744073709551\n");
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
	tcase_add_loop_test(c, test_nft_chain, 0, N_OF(chains));
	tcase_add_test(c, test_iptables_chain);
	tcase_add_test(c, test_longest_chain);
	tcase_add_test(c, test_chain_with_seq);
	tcase_add_test(c, test_chain_with_seq_in_utf8);
	tcase_add_test(c, test_chain_in_colour);
	tcase_add_test(c, test_colour);
	tcase_add_loop_test(c, test_end, 0, N_OF(ends));
	tcase_add_test(c, test_outcome_lines);
	tcase_add_test(c, test_time);
	tcase_add_test(c, test_output_error);
	suite_add_tcase(s, c);
	return s;
}
