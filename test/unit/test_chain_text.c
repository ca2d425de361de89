/* chain_text: hooks, verdicts, families, and which chains read as iptables'. */
#include "chain_text.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static const struct {
	__u8 pf, hook;
	const char *text;
} hooks[] = {
	{EVENT_PF_IPV4, 0, "prerouting"},
	{EVENT_PF_IPV4, 1, "input"},
	{EVENT_PF_IPV4, 2, "forward"},
	{EVENT_PF_IPV4, 3, "output"},
	{EVENT_PF_IPV4, 4, "postrouting"},
	{EVENT_PF_IPV4, 5, "ingress"}, /* of family inet */
	{EVENT_PF_IPV4, 6, "hook 6"},
	{EVENT_PF_IPV4, 255, "hook 255"},
	{EVENT_PF_IPV6, 0, "prerouting"},
	{EVENT_PF_IPV6, 4, "postrouting"},
	{EVENT_PF_BRIDGE, 0, "prerouting"},
	{EVENT_PF_BRIDGE, 2, "forward"},
	{EVENT_PF_BRIDGE, 4, "postrouting"},
	{EVENT_PF_INET, 1, "input"},
	{EVENT_PF_NETDEV, 0, "ingress"},
	{EVENT_PF_NETDEV, 1, "egress"},
	{EVENT_PF_NETDEV, 2, "hook 2"},
	{EVENT_PF_NETDEV, 255, "hook 255"},
	{0, 3, "output"},
};

START_TEST(test_hook)
{
	struct hop_chain c = {.pf = hooks[_i].pf, .hook = hooks[_i].hook};
	char buf[16];

	ck_assert_str_eq(chain_hook(&c, buf, sizeof(buf)), hooks[_i].text);
	c.nftables = true;
	c.table_family = EVENT_PF_NETDEV; /* the hook's family counts, not the table's */
	ck_assert_str_eq(chain_hook(&c, buf, sizeof(buf)), hooks[_i].text);
}
END_TEST

static const struct {
	uint32_t verdict;
	const char *text;
} verdicts[] = {
	{0, "DROP"},
	{1, "ACCEPT"},
	{2, "STOLEN"},
	{3, "QUEUE 0"},
	{4, "REPEAT"},
	{5, "STOP"},
	/* the number of the queue is in the upper half; 0x8000 says to bypass it */
	{0x00030003, "QUEUE 3"},
	{0x00008003, "QUEUE 0"},
	{0x002a8003, "QUEUE 42"},
	{0xffff0003, "QUEUE 65535"},
	{0xffff8003, "QUEUE 65535"},
	/* there DROP has an errno: -EPERM, -ECONNREFUSED */
	{0xffff0000, "DROP"},
	{0xff910000, "DROP"},
	{0x006f0000, "DROP"},
	/* and STOLEN with one is a drop that has freed the packet already */
	{0x00010002, "DROP"},
	/* nobody has given these a name */
	{6, "0x6"},
	{0xff, "0xff"},
	{0x00050006, "0x50006"},
	{0xffffffff, "0xffffffff"}, /* NFT_CONTINUE, which no base chain returns */
};

START_TEST(test_verdict)
{
	struct hop_chain c = {.verdict = verdicts[_i].verdict};
	char buf[16];

	ck_assert_str_eq(chain_verdict(&c, buf, sizeof(buf)), verdicts[_i].text);
}
END_TEST

/* A buffer that is too small is not overrun. */
START_TEST(test_small_buffer)
{
	struct hop_chain c = {.verdict = 0xffff0003, .hook = 200};
	char buf[5] = "....";

	ck_assert_str_eq(chain_verdict(&c, buf, 4), "QUE");
	ck_assert_str_eq(chain_hook(&c, buf, 4), "hoo");
	ck_assert_int_eq(buf[4], '\0');
}
END_TEST

static const struct {
	__u8 family;
	const char *text;
} families[] = {
	{EVENT_PF_INET, "inet"},
	{EVENT_PF_IPV4, "ip"},
	{EVENT_PF_NETDEV, "netdev"},
	{EVENT_PF_BRIDGE, "bridge"},
	{EVENT_PF_IPV6, "ip6"},
	{0, "?"},
	{3, "?"}, /* arp: no ping crosses it */
	{255, "?"},
};

START_TEST(test_family)
{
	struct hop_chain c = {.nftables = true, .table_family = families[_i].family};

	ck_assert_str_eq(chain_family(&c), families[_i].text);
	c.nftables = false;
	ck_assert_ptr_null(chain_family(&c));
}
END_TEST

static const struct {
	bool nftables;
	__u8 table_family, pf, hook;
	const char *table, *name;
	bool is_iptables;
} chains[] = {
	/* iptables-legacy, whatever the table is called */
	{false, EVENT_PF_IPV4, EVENT_PF_IPV4, 3, "nat", "", true},
	{false, EVENT_PF_IPV6, EVENT_PF_IPV6, 1, "filter", "", true},
	{false, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "mine", "", true},
	/* iptables-nft */
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 0, "raw", "PREROUTING", true},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 2, "mangle", "FORWARD", true},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 4, "nat", "POSTROUTING", true},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter", "INPUT", true},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 3, "security", "OUTPUT", true},
	{true, EVENT_PF_IPV6, EVENT_PF_IPV6, 1, "filter", "INPUT", true},
	/* native nftables: another table, another chain, or one at another hook than its name says
	 */
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "firewalld", "INPUT", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter", "input", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter", "INPUT_direct", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter", "", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 2, "filter", "INPUT", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filter2", "INPUT", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "filte", "INPUT", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 1, "", "INPUT", false},
	/* tables of the same name in families that iptables does not have */
	{true, EVENT_PF_INET, EVENT_PF_IPV4, 1, "filter", "INPUT", false},
	{true, EVENT_PF_INET, EVENT_PF_IPV6, 1, "filter", "INPUT", false},
	{true, EVENT_PF_BRIDGE, EVENT_PF_BRIDGE, 2, "filter", "FORWARD", false},
	{true, EVENT_PF_BRIDGE, EVENT_PF_BRIDGE, 3, "nat", "OUTPUT", false}, /* ebtables-nft */
	{true, EVENT_PF_NETDEV, EVENT_PF_NETDEV, 0, "filter", "PREROUTING", false},
	{true, 0, EVENT_PF_IPV4, 1, "filter", "INPUT", false},
	/* there is no built-in chain at these */
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 5, "filter", "INPUT", false},
	{true, EVENT_PF_IPV4, EVENT_PF_IPV4, 255, "filter", "INPUT", false},
};

START_TEST(test_is_iptables)
{
	struct hop_chain c = {
		.nftables = chains[_i].nftables,
		.pf = chains[_i].pf,
		.table_family = chains[_i].table_family,
		.hook = chains[_i].hook,
	};

	strcpy(c.table, chains[_i].table);
	strcpy(c.name, chains[_i].name);
	ck_assert_int_eq(chain_is_iptables(&c), chains[_i].is_iptables);
}
END_TEST

START_TEST(test_name)
{
	static const char *const builtin[] = {"PREROUTING",  "INPUT", "FORWARD", "OUTPUT",
					      "POSTROUTING", "?",     "?"};
	struct hop_chain c = {.name = "input"};

	for (int i = 0; i < N_OF(builtin); i++) {
		c.hook = (__u8)i;
		c.nftables = false;
		ck_assert_str_eq(chain_name(&c), builtin[i]);
		c.nftables = true;
		ck_assert_str_eq(chain_name(&c), "input");
	}
}
END_TEST

Suite *chain_text_suite(void)
{
	Suite *s = suite_create("chain_text");
	TCase *c = tcase_create("chain_text");

	tcase_add_loop_test(c, test_hook, 0, N_OF(hooks));
	tcase_add_loop_test(c, test_verdict, 0, N_OF(verdicts));
	tcase_add_test(c, test_small_buffer);
	tcase_add_loop_test(c, test_family, 0, N_OF(families));
	tcase_add_loop_test(c, test_is_iptables, 0, N_OF(chains));
	tcase_add_test(c, test_name);
	suite_add_tcase(s, c);
	return s;
}
