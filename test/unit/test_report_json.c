/* report_json: each line is one JSON object with the keys of the contract. */
#include "icmp_text.h"
#include "report_support.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct report_format *const json = &report_json;

/* Checks that text is one line of ASCII and parses it. */
static json_t *parse_line(char *text)
{
	json_error_t error;
	json_t *o;

	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	for (const char *s = text; s[1]; s++)
		ck_assert_msg(*s >= 0x20 && *s < 0x7f, "byte %02x in %s", (unsigned char)*s, text);
	o = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(o, "%s in %s", error.text, text);
	free(text);
	return o;
}

static json_t *hop_object_of(bool show_gaps, const struct hop *h)
{
	struct report r = report_to_file(false, false);

	r.show_gaps = show_gaps;
	ck_assert_int_eq(json->begin(&r), 0);
	ck_assert_int_eq(json->hop(&r, h), 0);
	return parse_line(report_text(&r));
}

static json_t *hop_object(const struct hop *h)
{
	return hop_object_of(false, h);
}

static json_t *end_object(const struct summary *s)
{
	struct report r = report_to_file(false, false);

	ck_assert_int_eq(json->end(&r, s), 0);
	return parse_line(report_text(&r));
}

/* Asserts that o is what expected (JSON with ' for ") says, and frees it. */
static void expect_object(json_t *o, const char *expected)
{
	char text[2048];
	json_error_t error;
	json_t *e;

	ck_assert_uint_lt(strlen(expected), sizeof(text));
	strcpy(text, expected);
	for (char *s = text; *s; s++)
		if (*s == '\'')
			*s = '"';
	e = json_loads(text, 0, &error);
	ck_assert_msg(e, "%s in %s", error.text, text);
	if (!json_equal(o, e))
		ck_abort_msg("is %s\nnot %s", json_dumps(o, JSON_SORT_KEYS),
			     json_dumps(e, JSON_SORT_KEYS));
	json_decref(o);
	json_decref(e);
}

START_TEST(test_hop)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.netns_name = "box";
	expect_object(hop_object(&h),
		      "{'event': 'device', 'time_ns': 1234567, 'seq': 1, 'cpu': 3,"
		      " 'netns': 4026531992, 'netns_name': 'box', 'ifname': 'eth0', 'ifindex': 7,"
		      " 'type': 'request', 'family': 4, 'src': '172.17.0.1', 'dst': '172.17.0.2',"
		      " 'probe': 'net_dev_queue', 'dir': 'tx'}");
}
END_TEST

/* The order of the keys and the way that is escaped in are part of the contract, too. */
START_TEST(test_bytes)
{
	struct report r = report_to_file(false, false);
	struct hop h = sample_drop(EVENT_XMIT);
	char *text;

	r.show_gaps = true;
	h.netns_name = "caf\xc3\xa9";
	strcpy(h.ifname, "\033\"\\\xff");
	h.drop.error = -105;
	h.ttl = 64;
	h.gap_ns = 7;
	h.longest = true;
	h.extra = 3;
	set_tunnel(&h);
	ck_assert_int_eq(json->hop(&r, &h), 0);
	text = report_text(&r);
	ck_assert_str_eq(text, "{\"event\":\"drop\",\"time_ns\":1234567,\"seq\":1,\"cpu\":3,"
			       "\"netns\":4026531992,\"netns_name\":\"caf\\u00E9\","
			       "\"ifname\":\"\\u001B\\\"\\\\\\\\xff\",\"ifindex\":7,"
			       "\"type\":\"request\",\"family\":4,\"src\":\"172.17.0.1\","
			       "\"dst\":\"172.17.0.2\",\"reason\":null,\"location\":null,"
			       "\"error\":-105,\"ttl\":64,\"tunnel\":{\"ifname\":\"vxlan0\","
			       "\"family\":4,\"src\":\"198.51.100.1\",\"dst\":\"198.51.100.2\","
			       "\"proto\":17,\"port\":4789},\"gap_ns\":7,\"longest\":true,"
			       "\"extra\":3}\n");
	free(text);
}
END_TEST

START_TEST(test_hop_ipv6_reply)
{
	struct hop h = sample_hop(EVENT_REPLY);

	h.seq = 1ULL << 40;
	h.time_ns = 1ULL << 60;
	h.cpu = h.netns = h.ifindex = h.extra = UINT32_MAX;
	h.dir = EVENT_RX;
	h.family = 6;
	memset(h.saddr, 0, 16);
	memset(h.daddr, 0, 16);
	h.saddr[0] = 0xfe;
	h.saddr[1] = 0x80;
	h.saddr[15] = 1;
	h.probe = "skb_iif";
	expect_object(hop_object(&h),
		      "{'event': 'device', 'time_ns': 1152921504606846976, 'seq': 1099511627776,"
		      " 'cpu': 4294967295, 'netns': 4294967295, 'netns_name': null,"
		      " 'ifname': 'eth0', 'ifindex': 4294967295, 'type': 'reply', 'family': 6,"
		      " 'src': 'fe80::1', 'dst': '::', 'probe': 'skb_iif', 'dir': 'rx',"
		      " 'extra': 4294967295}");
}
END_TEST

START_TEST(test_iptables_chain)
{
	struct hop h = sample_chain(EVENT_REQUEST, "nat", 4);

	h.netns_name = "box";
	expect_object(hop_object(&h),
		      "{'event': 'netfilter', 'time_ns': 1234567, 'seq': 1, 'cpu': 3,"
		      " 'netns': 4026531992, 'netns_name': 'box', 'ifname': 'eth0', 'ifindex': 7,"
		      " 'type': 'request', 'family': 4, 'src': '172.17.0.1', 'dst': '172.17.0.2',"
		      " 'backend': 'iptables', 'table': 'nat', 'chain': 'POSTROUTING',"
		      " 'hook': 'postrouting', 'verdict': 'ACCEPT'}");
	h.chain.hook = 9;
	h.chain.verdict = 0xff;
	h.extra = 8;
	h.ifindex = 0;
	h.ifname[0] = '\0';
	expect_object(hop_object(&h),
		      "{'event': 'netfilter', 'time_ns': 1234567, 'seq': 1, 'cpu': 3,"
		      " 'netns': 4026531992, 'netns_name': 'box', 'ifname': '', 'ifindex': 0,"
		      " 'type': 'request', 'family': 4, 'src': '172.17.0.1', 'dst': '172.17.0.2',"
		      " 'backend': 'iptables', 'table': 'nat', 'chain': '?',"
		      " 'hook': 'hook 9', 'verdict': '0xff', 'extra': 8}");
}
END_TEST

/* iptables-nft reads like iptables in the table, but here the backend is told apart. */
static const struct {
	uint8_t family, pf, hook;
	const char *table, *name;
	uint32_t verdict;
	const char *part;
} nft[] = {
	{EVENT_PF_INET, EVENT_PF_IPV4, 3, "fw", "out", 0x00048003,
	 "'table_family': 'inet', 'table': 'fw', 'chain': 'out', 'hook': 'output',"
	 " 'verdict': 'QUEUE 4'"},
	{EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter", "INPUT", 0xff910000,
	 "'table_family': 'ip', 'table': 'filter', 'chain': 'INPUT', 'hook': 'input',"
	 " 'verdict': 'DROP'"},
	{EVENT_PF_IPV6, EVENT_PF_IPV6, 0, "raw", "PREROUTING", 2,
	 "'table_family': 'ip6', 'table': 'raw', 'chain': 'PREROUTING', 'hook': 'prerouting',"
	 " 'verdict': 'STOLEN'"},
	{EVENT_PF_BRIDGE, EVENT_PF_BRIDGE, 2, "b", "f", 4,
	 "'table_family': 'bridge', 'table': 'b', 'chain': 'f', 'hook': 'forward',"
	 " 'verdict': 'REPEAT'"},
	{EVENT_PF_NETDEV, EVENT_PF_NETDEV, 1, "n", "e", 5,
	 "'table_family': 'netdev', 'table': 'n', 'chain': 'e', 'hook': 'egress',"
	 " 'verdict': 'STOP'"},
	{0, EVENT_PF_IPV4, 3, "\033]0;x\a", "a\xff\"", 1,
	 "'table_family': '?', 'table': '\\u001b]0;x\\u0007', 'chain': 'a\\\\xff\\\"',"
	 " 'hook': 'output', 'verdict': 'ACCEPT'"},
};

START_TEST(test_nft_chain)
{
	struct hop h = sample_chain(EVENT_REPLY, nft[_i].table, nft[_i].hook);
	char expected[1024];

	h.probe = "nft_do_chain";
	h.chain.nftables = true;
	h.chain.pf = nft[_i].pf;
	h.chain.table_family = nft[_i].family;
	h.chain.verdict = nft[_i].verdict;
	strcpy(h.chain.name, nft[_i].name);
	snprintf(expected, sizeof(expected),
		 "{'event': 'netfilter', 'time_ns': 1234567, 'seq': 1, 'cpu': 3,"
		 " 'netns': 4026531992, 'netns_name': null, 'ifname': 'eth0', 'ifindex': 7,"
		 " 'type': 'reply', 'family': 4, 'src': '172.17.0.2', 'dst': '172.17.0.1',"
		 " 'backend': 'nftables', %s}",
		 nft[_i].part);
	expect_object(hop_object(&h), expected);
}
END_TEST

/* The longest names there are come whole. */
START_TEST(test_long_chain)
{
	struct hop h = sample_chain(EVENT_REQUEST, "", 3);
	json_t *o;

	h.chain.nftables = true;
	memset(h.chain.table, 0xff, EVENT_TABLE_LEN - 1);
	memset(h.chain.name, 'n', EVENT_CHAIN_LEN - 1);
	o = hop_object(&h);
	ck_assert_uint_eq(json_string_length(json_object_get(o, "table")),
			  4 * (EVENT_TABLE_LEN - 1));
	ck_assert_uint_eq(json_string_length(json_object_get(o, "chain")), EVENT_CHAIN_LEN - 1);
	json_decref(o);
}
END_TEST

static const struct {
	const char *name, *json;
} names[] = {
	{"eth0", "eth0"},
	{"", ""},
	{"\033[2J", "\033[2J"},         /* the encoder writes \u001b */
	{"a\"b\\c/d\n", "a\"b\\c/d\n"}, /* and escapes these */
	{"caf\xc3\xa9", "caf\xc3\xa9"}, /* valid UTF-8 stays */
	{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
	{"\xe2\x80\xae", "\xe2\x80\xae"}, /* as \u202e */
	{"\xff", "\\xff"},
	{"a\xc3", "a\\xc3"},
	{"\xc3(", "\\xc3("},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	{"\xc0\x80", "\\xc0\\x80"},
	{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	{"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e",
	 "\\x80\\x81\\x82\\x83\\x84\\x85\\x86\\x87\\x88\\x89\\x8a\\x8b\\x8c\\x8d\\x8e"},
};

START_TEST(test_names)
{
	struct hop h = sample_hop(EVENT_REQUEST);
	json_t *o;

	strncpy(h.ifname, names[_i].name, sizeof(h.ifname) - 1);
	h.netns_name = names[_i].name;
	o = hop_object(&h);
	ck_assert_str_eq(json_string_value(json_object_get(o, "ifname")), names[_i].json);
	ck_assert_str_eq(json_string_value(json_object_get(o, "netns_name")), names[_i].json);
	json_decref(o);
}
END_TEST

/* A very long name of bytes that all must be replaced is cut, not overrun. */
START_TEST(test_long_name)
{
	struct hop h = sample_hop(EVENT_REQUEST);
	char name[5001];
	json_t *o;

	memset(name, 0xff, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	h.netns_name = name;
	o = hop_object(&h);
	ck_assert_uint_eq(json_string_length(json_object_get(o, "netns_name")), 4 * 2048);
	json_decref(o);
	memset(name, 'x', 2047);
	memcpy(name + 2047, "\xe2\x82\xac", 3); /* cut in the middle of a character */
	o = hop_object(&h);
	ck_assert_uint_ge(json_string_length(json_object_get(o, "netns_name")), 2047);
	json_decref(o);
}
END_TEST

#define REQUEST                                                                            \
	"'time_ns': 1234567, 'seq': 1, 'cpu': 3, 'netns': 4026531992, 'netns_name': null," \
	" 'type': 'request', 'family': 4, 'src': '172.17.0.1', 'dst': '172.17.0.2',"
#define ETH0   " 'ifname': 'eth0', 'ifindex': 7,"
#define DEVICE "{'event': 'device', 'probe': 'net_dev_queue', 'dir': 'tx', " REQUEST ETH0
#define CHAIN                                                                              \
	"{'event': 'netfilter', 'backend': 'iptables', 'table': 'nat', 'chain': 'OUTPUT'," \
	" 'hook': 'output', 'verdict': 'ACCEPT', " REQUEST ETH0
#define DROP "{'event': 'drop', " REQUEST

START_TEST(test_ttl)
{
	struct hop h = sample_hop(EVENT_REQUEST), c = sample_chain(EVENT_REQUEST, "nat", 3);

	h.ttl = 1;
	expect_object(hop_object(&h), DEVICE "'ttl': 1}");
	c.ttl = 255;
	expect_object(hop_object(&c), CHAIN "'ttl': 255}");
}
END_TEST

START_TEST(test_tunnel)
{
	struct hop h = sample_hop(EVENT_REQUEST), c = sample_chain(EVENT_REQUEST, "nat", 3);

	set_tunnel(&h);
	set_tunnel(&c);
	expect_object(hop_object(&h),
		      DEVICE "'tunnel': {'ifname': 'vxlan0', 'family': 4, 'src': '198.51.100.1',"
			     " 'dst': '198.51.100.2', 'proto': 17, 'port': 4789}}");
	expect_object(hop_object(&c),
		      CHAIN "'tunnel': {'ifname': 'vxlan0', 'family': 4, 'src': '198.51.100.1',"
			    " 'dst': '198.51.100.2', 'proto': 17, 'port': 4789}}");
	h.tunnel.family = 6;
	memset(h.tunnel.saddr, 0, 16);
	memset(h.tunnel.daddr, 0, 16);
	h.tunnel.daddr[15] = 1;
	h.tunnel.proto = 47;
	strcpy(h.tunnel.ifname, "\033\xff");
	expect_object(hop_object(&h),
		      DEVICE "'tunnel': {'ifname': '\\u001b\\\\xff', 'family': 6, 'src': '::',"
			     " 'dst': '::1', 'proto': 47}}");
	h.tunnel.ifname[0] = '\0';
	h.tunnel.family = 0;
	expect_object(hop_object(&h), DEVICE "'tunnel': {'ifname': '', 'family': null}}");
}
END_TEST

START_TEST(test_fragment)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.is_fragment = true;
	h.fragment_offset = UINT32_MAX;
	expect_object(hop_object(&h), DEVICE "'fragment': 4294967295}");
	h.fragment_offset = 0;
	expect_object(hop_object(&h), DEVICE "'fragment': 0}");
}
END_TEST

START_TEST(test_gap)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	expect_object(hop_object_of(true, &h), DEVICE "'gap_ns': 0}");
	h.gap_ns = 1ULL << 60;
	h.longest = true;
	expect_object(hop_object_of(true, &h),
		      DEVICE "'gap_ns': 1152921504606846976, 'longest': true}");
	h = sample_hop(EVENT_REQUEST);
	h.longest = true;
	expect_object(hop_object(&h), DEVICE "'seq': 1}");
}
END_TEST

/* Asserts what an object says of an error, and frees it. */
static void expect_error(json_t *o, const struct hop_error *e, const char *says, const char *about)
{
	ck_assert_str_eq(json_string_value(json_object_get(o, "type")), "error");
	ck_assert_int_eq(json_integer_value(json_object_get(o, "icmp_type")), e->type);
	ck_assert_int_eq(json_integer_value(json_object_get(o, "icmp_code")), e->code);
	ck_assert_int_eq(json_integer_value(json_object_get(o, "info")), e->info);
	ck_assert_str_eq(json_string_value(json_object_get(o, "text")), says);
	ck_assert_str_eq(json_string_value(json_object_get(o, "about")), about);
	json_decref(o);
}

START_TEST(test_error)
{
	struct hop h = sample_hop(EVENT_ERROR), c = sample_chain(EVENT_ERROR, "nat", 3);
	char buf[128];

	h.error = (struct hop_error){.type = 11, .code = 1, .info = UINT32_MAX};
	c.error = h.error;
	expect_error(hop_object(&h), &h.error,
		     icmp_error_text(4, 11, 1, UINT32_MAX, buf, sizeof(buf)), "request");
	expect_error(hop_object(&c), &c.error,
		     icmp_error_text(4, 11, 1, UINT32_MAX, buf, sizeof(buf)), "request");
	h.family = 6;
	h.error.about_reply = true;
	expect_error(hop_object(&h), &h.error,
		     icmp_error_text(6, 11, 1, UINT32_MAX, buf, sizeof(buf)), "reply");
	h.dir = EVENT_END;
	expect_error(hop_object(&h), &h.error,
		     icmp_error_text(6, 11, 1, UINT32_MAX, buf, sizeof(buf)), "reply");
}
END_TEST

START_TEST(test_drop)
{
	struct hop h = sample_drop(EVENT_END);

	expect_object(hop_object(&h), DROP ETH0 "'reason': null, 'location': null}");
	h.drop.reason = 8;
	h.drop.reason_name = "NETFILTER_DROP";
	h.drop.location = 1;
	h.drop.location_name = "nf_hook_slow+0xa1";
	h.drop.error = -1; /* has no meaning here */
	expect_object(hop_object(&h), DROP ETH0 "'reason': 'NETFILTER_DROP', 'reason_code': 8,"
						" 'location': 'nf_hook_slow+0xa1'}");
	h.drop.reason = UINT32_MAX;
	h.drop.reason_name = "a\"\n";
	h.drop.location_name = "\033\xff";
	expect_object(hop_object(&h), DROP ETH0 "'reason': 'a\\\"\\n', 'reason_code': 4294967295,"
						" 'location': '\\u001b\\\\xff'}");
}
END_TEST

START_TEST(test_xmit)
{
	struct hop h = sample_drop(EVENT_XMIT);

	h.drop.error = -19;
	h.ttl = 64;
	h.extra = 8;
	h.is_fragment = true;
	set_tunnel(&h);
	h.tunnel.family = 0;
	expect_object(hop_object(&h),
		      DROP ETH0 "'reason': null, 'location': null, 'error': -19, 'ttl': 64,"
				" 'fragment': 0, 'extra': 8,"
				" 'tunnel': {'ifname': 'vxlan0', 'family': null}}");
	h = sample_drop(EVENT_XMIT);
	expect_object(hop_object(&h), DROP ETH0 "'reason': null, 'location': null, 'error': 0}");
}
END_TEST

START_TEST(test_drop_at_no_device)
{
	struct hop h = sample_drop(EVENT_END);

	h.ifindex = 0;
	h.ifname[0] = '\0';
	expect_object(hop_object(&h),
		      DROP "'ifname': '', 'ifindex': 0, 'reason': null, 'location': null}");
}
END_TEST

START_TEST(test_outcomes)
{
	char sentence[1001];
	struct outcome_line lines[] = {
		{"request_lost", "ip_forward", "lost: \\x1b caf\xc3\xa9", 3, 2},
		{"reply_lost", NULL, sentence, 1, 1ULL << 40},
		{"answered", NULL, "cut: \xc3", 1, 1},
	};
	struct summary s = {.sent = 5, .lines = lines, .n_lines = 2};
	char expected[2048];

	memset(sentence, 'x', sizeof(sentence) - 1);
	sentence[sizeof(sentence) - 1] = '\0';
	snprintf(expected, sizeof(expected),
		 "{'event': 'summary', 'sent': 5, 'received': 0, 'duplicates': 0,"
		 " 'rtt_ns': null, 'rtt_min_ns': null, 'rtt_max_ns': null, 'outcome': 'no reply',"
		 " 'outcomes': [{'outcome': 'request_lost', 'cause': 'ip_forward',"
		 " 'text': 'lost: \\\\x1b caf\\u00e9', 'pings': 3, 'first_seq': 2},"
		 " {'outcome': 'reply_lost', 'cause': null, 'text': '%s', 'pings': 1,"
		 " 'first_seq': 1099511627776}], 'lost_events': 0}",
		 sentence);
	expect_object(end_object(&s), expected);
	s.lines = lines + 2;
	s.n_lines = 1;
	expect_object(end_object(&s),
		      "{'event': 'summary', 'sent': 5, 'received': 0, 'duplicates': 0,"
		      " 'rtt_ns': null, 'rtt_min_ns': null, 'rtt_max_ns': null,"
		      " 'outcome': 'no reply', 'lost_events': 0,"
		      " 'outcomes': [{'outcome': 'answered', 'cause': null,"
		      " 'text': 'cut: \\\\xc3', 'pings': 1, 'first_seq': 1}]}");
}
END_TEST

START_TEST(test_end)
{
	struct summary s = {.sent = 3,
			    .received = 2,
			    .duplicates = 1,
			    .rtt_min_ns = 100,
			    .rtt_max_ns = 301,
			    .rtt_sum_ns = 401,
			    .lost_events = 9};

	expect_object(end_object(&s),
		      "{'event': 'summary', 'sent': 3, 'received': 2, 'duplicates': 1,"
		      " 'rtt_ns': 200, 'rtt_min_ns': 100, 'rtt_max_ns': 301,"
		      " 'outcome': 'some lost', 'outcomes': [], 'lost_events': 9}");
	s = (struct summary){.sent = 1};
	expect_object(end_object(&s),
		      "{'event': 'summary', 'sent': 1, 'received': 0, 'duplicates': 0,"
		      " 'rtt_ns': null, 'rtt_min_ns': null, 'rtt_max_ns': null,"
		      " 'outcome': 'no reply', 'outcomes': [], 'lost_events': 0}");
}
END_TEST

START_TEST(test_outcome)
{
	struct summary s = {0};

	ck_assert_str_eq(summary_outcome(&s), "nothing sent");
	s.sent = 2;
	ck_assert_str_eq(summary_outcome(&s), "no reply");
	s.received = 1;
	ck_assert_str_eq(summary_outcome(&s), "some lost");
	s.received = 2;
	ck_assert_str_eq(summary_outcome(&s), "answered");
}
END_TEST

START_TEST(test_output_error)
{
	struct report r = {.out = fopen("/dev/full", "w")};
	struct hop h = sample_hop(EVENT_REQUEST);
	struct summary s = {.sent = 1};

	ck_assert_ptr_nonnull(r.out);
	errno = 0;
	ck_assert_int_eq(json->hop(&r, &h), -1);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(json->end(&r, &s), -1);
	fclose(r.out);
}
END_TEST

/* A reader sees each line as soon as it is written. */
START_TEST(test_flushed)
{
	struct report r = {0};
	struct hop h = sample_hop(EVENT_REQUEST);
	char *buffer = NULL;
	size_t size = 0;

	r.out = open_memstream(&buffer, &size);
	ck_assert_ptr_nonnull(r.out);
	ck_assert_int_eq(json->hop(&r, &h), 0);
	ck_assert_uint_gt(size, 0);
	ck_assert_int_eq(buffer[size - 1], '\n');
	fclose(r.out);
	free(buffer);
}
END_TEST

START_TEST(test_formats)
{
	struct options o = {.count = 1};
	struct report r;
	FILE *out = tmpfile();

	ck_assert_ptr_eq(report_format(OUTPUT_TABLE), &report_table);
	ck_assert_ptr_eq(report_format(OUTPUT_JSON), &report_json);
	r = report_open(out, &o);
	ck_assert_ptr_eq(r.out, out);
	ck_assert(!r.colour);
	ck_assert(!r.show_seq);
	o.count = 2;
	ck_assert(report_open(out, &o).show_seq);
	o.count = 0;
	ck_assert(report_open(out, &o).show_seq);
	o.verbosity = QUIET;
	ck_assert(!report_open(out, &o).show_gaps);
	o.verbosity = NORMAL;
	ck_assert(!report_open(out, &o).show_gaps);
	o.verbosity = VERBOSE;
	ck_assert(report_open(out, &o).show_gaps);
	fclose(out);
}
END_TEST

Suite *report_json_suite(void)
{
	Suite *s = suite_create("report_json");
	TCase *c = tcase_create("report_json");

	tcase_add_test(c, test_hop);
	tcase_add_test(c, test_bytes);
	tcase_add_test(c, test_hop_ipv6_reply);
	tcase_add_test(c, test_iptables_chain);
	tcase_add_loop_test(c, test_nft_chain, 0, N_OF(nft));
	tcase_add_test(c, test_long_chain);
	tcase_add_loop_test(c, test_names, 0, N_OF(names));
	tcase_add_test(c, test_long_name);
	tcase_add_test(c, test_ttl);
	tcase_add_test(c, test_tunnel);
	tcase_add_test(c, test_fragment);
	tcase_add_test(c, test_gap);
	tcase_add_test(c, test_error);
	tcase_add_test(c, test_drop);
	tcase_add_test(c, test_xmit);
	tcase_add_test(c, test_drop_at_no_device);
	tcase_add_test(c, test_outcomes);
	tcase_add_test(c, test_end);
	tcase_add_test(c, test_outcome);
	tcase_add_test(c, test_output_error);
	tcase_add_test(c, test_flushed);
	tcase_add_test(c, test_formats);
	suite_add_tcase(s, c);
	return s;
}
