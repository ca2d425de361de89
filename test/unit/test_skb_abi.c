/* skb_abi: what headers tell. (BTF is asked by every scenario.) */
#include "skb_abi.h"
#include "suites.h"
#include "support.h"

static const struct {
	const char *trace, *config;
	bool reason, nfct;
} cases[] = {
	{NULL, NULL, false, false},
	{"", "", false, false},
	{"TP_PROTO(struct sk_buff *skb, void *location),", "#define CONFIG_NF_CONNTRACK 1\n", false,
	 true},
	{"TP_PROTO(struct sk_buff *skb, void *location,\n\t\t enum skb_drop_reason reason),",
	 "#define CONFIG_NF_CONNTRACK_MODULE 1\n", true, true},
	{"TP_PROTO(struct sk_buff *skb, void *location,\n\t\t enum skb_drop_reason reason, struct "
	 "sock *rx_sk),",
	 "#define CONFIG_NF_CONNTRACK_MARK 1\n", true, false},
};

START_TEST(test_headers)
{
	struct skb_abi abi = skb_abi_from_headers(cases[_i].trace, cases[_i].config);

	ck_assert(abi.has_reason == cases[_i].reason);
	ck_assert(abi.has_nfct == cases[_i].nfct);
}
END_TEST

Suite *skb_abi_suite(void)
{
	Suite *s = suite_create("skb_abi");
	TCase *c = tcase_create("skb_abi");

	tcase_add_loop_test(c, test_headers, 0, N_OF(cases));
	suite_add_tcase(s, c);
	return s;
}
