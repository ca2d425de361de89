/* drop_reasons: names from a tracepoint's format, from headers and from BTF. */
#include "drop_reasons.h"
#include "kernel_btf.h"
#include "suites.h"
#include "support.h"

#include <bpf/btf.h>
#include <string.h>

/* Asserts that the list has the number under that name; NULL: not at all. */
static void expect_name(const struct reason_list *l, uint32_t number, const char *name)
{
	const struct reason *r = reason_list_find(l, number);

	ck_assert_msg(!r == !name, "number %#x is %s", number, r ? r->name : "not there");
	if (name)
		ck_assert_str_eq(r->name, name);
}

#define FIELDS                                                                     \
	"name: kfree_skb\nID: 2310\nformat:\n"                                     \
	"\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"                 \
	"\tfield:enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;\n\n" \
	"print fmt: \"skbaddr=%p reason: %s\", REC->skbaddr, "

static const struct {
	const char *format;
	int n;
	uint32_t number;
	const char *name;
} formats[] = {
	/* 6.18, 6.1 and 5.17 */
	{FIELDS "__print_symbolic(REC->reason, { 2, \"NOT_SPECIFIED\" }, { 3, \"NO_SOCKET\" }, "
		"{ 128, \"MAX\" })\n",
	 2, 3, "NO_SOCKET"},
	{FIELDS "__print_symbolic(REC->reason, { 1, \"NOT_SPECIFIED\" })\n", 1, 1, "NOT_SPECIFIED"},
	{FIELDS "__print_symbolic(REC->reason, { 0, \"NOT_SPECIFIED\" })\n", 1, 0, "NOT_SPECIFIED"},
	/* other blanks and numbers */
	{"__print_symbolic(REC->reason,{2,\"A\"},{0x10 ,\"B\"})", 2, 16, "B"},
	{"__print_symbolic(REC->reason, { 4294967295U, \"A\" })", 1, UINT32_MAX, "A"},
	/* the first of a number */
	{"__print_symbolic(REC->reason, { 2, \"A\" }, { 2, \"B\" })", 1, 2, "A"},
	/* an entry that is none is passed over */
	{"__print_symbolic(REC->reason, { SKB_DROP, \"A\" }, { 3, \"B\" })", 1, 3, "B"},
	{"__print_symbolic(REC->reason, { -1, \"A\" }, { 3, \"B\" })", 1, 3, "B"},
	{"__print_symbolic(REC->reason, { 4294967296, \"A\" }, { 3, \"B\" })", 1, 0, NULL},
	{"__print_symbolic(REC->reason, { 99999999999999999999, \"A\" })", 0, UINT32_MAX, NULL},
	{"__print_symbolic(REC->reason, { 2, \"A B\" }, { 3, \"B\" })", 1, 2, NULL},
	{"__print_symbolic(REC->reason, { 2, \"\" }, { 3, \"B\" })", 1, 2, NULL},
	{"__print_symbolic(REC->reason, { 2, \"\x1b[0m\" })", 0, 2, NULL},
	{"__print_symbolic(REC->reason, { 2, A })", 0, 2, NULL},
	{"__print_symbolic(REC->reason, { 2, 'A\" })", 0, 2, NULL},
	{"__print_symbolic(REC->reason, { 2x, \"A\" })", 0, 2, NULL},
	/* another field, and cut texts */
	{"__print_symbolic(REC->protocol, { 2, \"A\" })", 0, 2, NULL},
	{"__print_symbolic(REC->reason, { 2, \"A\" }, { 3, \"B", 1, 3, NULL},
	{"__print_symbolic(REC->reason, { 2, \"A\" }, { 3", 1, 3, NULL},
	{"__print_symbolic(REC->reason, { 2, \"A\" }, {", 1, 0, NULL},
	{"__print_symbolic(REC->reason, ", 0, 0, NULL},
	{"__print_symbolic(REC->reason", 0, 0, NULL},
	{"", 0, 0, NULL},
};

START_TEST(test_format)
{
	struct reason_list l = {0};

	ck_assert_int_eq(reason_list_add_format(&l, formats[_i].format), formats[_i].n);
	expect_name(&l, formats[_i].number, formats[_i].name);
	reason_list_clear(&l);
}
END_TEST

#define BEFORE                                                                           \
	"#define FN(name) SKB_DROP_REASON_##name\n"                                      \
	"static enum skb_drop_reason tcp_filter(struct sk_buff *);\n"                    \
	"enum skb_drop_reason_subsys { SKB_DROP_REASON_SUBSYS_CORE, SUBSYS_TWO = 2 };\n" \
	"/**\n * enum skb_drop_reason - the reasons of skb drops\n */\n"

static const struct {
	const char *header;
	int n;
	uint32_t number;
	const char *name;
} headers[] = {
	/* 6.18 */
	{BEFORE "enum skb_drop_reason {\n"
		"\t/**\n\t * @SKB_NOT_DROPPED_YET: no, = 5 }\n\t */\n"
		"\tSKB_NOT_DROPPED_YET = 0,\n"
		"\t/** @SKB_CONSUMED: consumed */\n"
		"\tSKB_CONSUMED,\n"
		"\tSKB_DROP_REASON_NOT_SPECIFIED,\n"
		"\tSKB_DROP_REASON_NO_SOCKET,\n"
		"\tSKB_DROP_REASON_MAX,\n"
		"\tSKB_DROP_REASON_SUBSYS_MASK = 0xffff0000,\n};\n",
	 4, 3, "NO_SOCKET"},
	/* 5.17 */
	{BEFORE "enum skb_drop_reason {\n"
		"\tSKB_DROP_REASON_NOT_SPECIFIED,\n"
		"\tSKB_DROP_REASON_NO_SOCKET,\t/* socket not found */\n"
		"\tSKB_DROP_REASON_PKT_TOO_SMALL,\t/* packet size is too small */\n"
		"\tSKB_DROP_REASON_MAX,\n};\n",
	 3, 2, "PKT_TOO_SMALL"},
	/* forms that C allows */
	{"enum skb_drop_reason{SKB_DROP_REASON_A=0x10u,SKB_DROP_REASON_B}", 2, 17, "B"},
	{"enum skb_drop_reason // the\n/* reasons */ { A, // one, =\n#if X\nB\n,\n#endif\nC }", 3,
	 2, "C"},
	{"enum skb_drop_reason { A, SUBSYS_X = 8, B }", 2, 9, "B"},
	{"enum skb_drop_reason { A = 0xffffffff, B }", 1, 0, NULL},
	/* values that are not told, up to the next that is */
	{"enum skb_drop_reason { A = 1 << 3, B, C = 7, D }", 2, 8, "D"},
	{"enum skb_drop_reason { A = X, B, C = 7, D }", 2, 0, NULL},
	{"enum skb_drop_reason { A = -1, B }", 0, 0, NULL},
	{"enum skb_drop_reason { A = 2x, B }", 0, 2, NULL},
	{"enum skb_drop_reason { A = 4294967296, B }", 0, 0, NULL},
	/* not there, and cut */
	{"", 0, 0, NULL},
	{BEFORE, 0, 0, NULL},
	{"enum skb_drop_reason", 0, 0, NULL},
	{"enum skb_drop_reason {", 0, 0, NULL},
	{"enum skb_drop_reason { /* A", 0, 0, NULL},
	{"enum skb_drop_reason { A, B", 2, 1, "B"},
	{"enum skb_drop_reason { A, B =", 1, 1, NULL},
};

START_TEST(test_header)
{
	struct reason_list l = {0};
	int n = reason_list_add_header(&l, headers[_i].header, "skb_drop_reason", 0);

	ck_assert_int_eq(n, headers[_i].n);
	expect_name(&l, headers[_i].number, headers[_i].name);
	reason_list_clear(&l);
}
END_TEST

static const char qdisc[] = "enum qdisc_drop_reason {\n"
			    "\tQDISC_DROP_UNSPEC = 0,\n"
			    "\t__QDISC_DROP_REASON = SKB_DROP_REASON_SUBSYS_QDISC <<\n"
			    "\t\t\t\tSKB_DROP_REASON_SUBSYS_SHIFT,\n"
			    "\tQDISC_DROP_GENERIC,\n"
			    "\tQDISC_DROP_OVERLIMIT,\n"
			    "\tQDISC_DROP_MAX,\n};\n";

START_TEST(test_header_of_subsystem)
{
	static const char subsystems[] = "enum skb_drop_reason_subsys {\n"
					 "\t/** @A: core */\n\tA,\n\tB,\n\tC\n};\n";
	struct reason_list l = {0};
	uint32_t number = 9;

	ck_assert(!reason_header_value(subsystems, "skb_drop_reason_subsys", "D", &number));
	ck_assert(!reason_header_value(subsystems, "skb_drop_reason_subsys", "AB", &number));
	ck_assert(!reason_header_value(subsystems, "skb_drop_reason", "C", &number));
	ck_assert(reason_header_value(subsystems, "skb_drop_reason_subsys", "C", &number));
	ck_assert_uint_eq(number, 2);
	ck_assert_int_eq(reason_list_add_header(&l, qdisc, "qdisc_drop_reason", 0x30000), 2);
	expect_name(&l, 0, NULL);
	expect_name(&l, 0x30000, NULL);
	expect_name(&l, 0x30001, "QDISC_DROP_GENERIC");
	expect_name(&l, 0x30002, "QDISC_DROP_OVERLIMIT");
	reason_list_clear(&l);
}
END_TEST

static const struct {
	const char *enumerator, *name; /* NULL: no reason */
} names[] = {
	{"SKB_DROP_REASON_NETFILTER_DROP", "NETFILTER_DROP"},
	{"SKB_CONSUMED", "SKB_CONSUMED"},
	{"___RX_DROP_U_REPLAY", "RX_DROP_U_REPLAY"},
	{"RX_DROP_U_REPLAY", "RX_DROP_U_REPLAY"},
	{"OVS_DROP_METER", "OVS_DROP_METER"},
	{"SKB_DROP_REASON_MAX", NULL},
	{"SKB_DROP_REASON_SUBSYS_MASK", NULL},
	{"SKB_DROP_REASON_", NULL},
	{"__OVS_DROP_REASON", NULL},
	{"OVS_DROP_MAX", NULL},
	{"", NULL},
	{"___", NULL},
	{"2nd", NULL},
	{"A-B", NULL},
	{"A\n", NULL},
	/* cut */
	{"SKB_DROP_REASON_A123456789B123456789C123456789D123456789E123456789F123456789G123456789",
	 "A123456789B123456789C123456789D123456789E123456789F123456789G12"},
};

START_TEST(test_name)
{
	struct reason_list l = {0};
	int n = reason_list_add(&l, 7, names[_i].enumerator, strlen(names[_i].enumerator));

	ck_assert_int_eq(n, names[_i].name ? 1 : 0);
	expect_name(&l, 7, names[_i].name);
	reason_list_clear(&l);
}
END_TEST

static void add(struct reason_list *l, uint32_t number, const char *name)
{
	ck_assert_int_eq(reason_list_add(l, number, name, strlen(name)), 1);
}

START_TEST(test_is_drop)
{
	struct reason_list l = {0};

	ck_assert(reason_list_is_drop(&l, 0)); /* nothing is known */
	add(&l, 3, "SKB_DROP_REASON_NO_SOCKET");
	add(&l, 2, "SKB_DROP_REASON_NOT_SPECIFIED");
	ck_assert(!reason_list_is_drop(&l, 0)); /* as in the format of 6.3 */
	ck_assert(!reason_list_is_drop(&l, 1));
	ck_assert(reason_list_is_drop(&l, 2));
	ck_assert(reason_list_is_drop(&l, 99));
	ck_assert(reason_list_is_drop(&l, 0x30007));
	ck_assert_ptr_nonnull(reason_list_add_text(&l, 1, "reason 0x1"));
	ck_assert_ptr_nonnull(reason_list_add_text(&l, 99, "reason 0x63"));
	ck_assert(!reason_list_is_drop(&l, 1));
	ck_assert(reason_list_is_drop(&l, 99));
	reason_list_clear(&l);
	add(&l, 0, "SKB_NOT_DROPPED_YET");
	add(&l, 1, "SKB_CONSUMED");
	add(&l, 2, "SKB_DROP_REASON_NOT_SPECIFIED");
	ck_assert(!reason_list_is_drop(&l, 0));
	ck_assert(!reason_list_is_drop(&l, 1));
	ck_assert(reason_list_is_drop(&l, 2));
	reason_list_clear(&l);
	add(&l, 0, "SKB_DROP_REASON_NOT_SPECIFIED"); /* 5.17 */
	ck_assert(reason_list_is_drop(&l, 0));
	reason_list_clear(&l);
}
END_TEST

START_TEST(test_too_many)
{
	struct reason_list l = {0};
	const struct reason *first;

	add(&l, 0, "FIRST");
	first = reason_list_find(&l, 0);
	for (uint32_t i = 1; i < REASON_LIST_MAX; i++)
		add(&l, i, "NAME");
	ck_assert_int_eq(reason_list_add(&l, REASON_LIST_MAX, "ONE", 3), -1);
	ck_assert_ptr_null(reason_list_add_text(&l, REASON_LIST_MAX, "ONE"));
	ck_assert_uint_eq(l.n, REASON_LIST_MAX);
	ck_assert_ptr_eq(reason_list_find(&l, 0), first); /* names stay where they are */
	ck_assert_int_eq(
		reason_list_add_format(&l, "__print_symbolic(REC->reason, { 9999, \"A\" })"), -1);
	ck_assert_int_eq(reason_list_add_header(&l, "enum e { A = 9999 }", "e", 0), -1);
	reason_list_clear(&l);
	ck_assert_uint_eq(l.n, 0);
}
END_TEST

static struct btf *reasons_btf_new(void)
{
	struct btf *btf = btf__new_empty();

	ck_assert_ptr_nonnull(btf);
	ck_assert_int_gt(btf__add_enum(btf, "skb_drop_reason", 4), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "SKB_NOT_DROPPED_YET", 0), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "SKB_DROP_REASON_NETFILTER_DROP", 12), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "SKB_DROP_REASON_SUBSYS_MASK", -0x10000), 0);
	ck_assert_int_gt(btf__add_enum(btf, "ovs_drop_reason", 4), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "OVS_NONE", 5), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "__OVS_DROP_REASON", 0x30000), 0);
	ck_assert_int_eq(btf__add_enum_value(btf, "OVS_DROP_METER", 0x30001), 0);
	return btf;
}

START_TEST(test_btf)
{
	struct btf *btf = reasons_btf_new();
	struct reason_list l = {0};

	ck_assert_int_eq(drop_reasons_read_btf(&l, btf, "skb_drop_reason", 0), 2);
	ck_assert_int_eq(drop_reasons_read_btf(&l, btf, "ovs_drop_reason", 0x10000), 1);
	ck_assert_int_eq(drop_reasons_read_btf(&l, btf, "qdisc_drop_reason", 0), 0);
	expect_name(&l, 0, "SKB_NOT_DROPPED_YET");
	expect_name(&l, 5, NULL);
	expect_name(&l, 12, "NETFILTER_DROP");
	expect_name(&l, 0x30001, "OVS_DROP_METER");
	reason_list_clear(&l);
	btf__free(btf);
}
END_TEST

#ifdef HAVE_BTF_ADD_ENUM64
START_TEST(test_btf_enum64)
{
	struct btf *btf = btf__new_empty();
	struct reason_list l = {0};

	ck_assert_int_gt(btf__add_enum64(btf, "skb_drop_reason", 8, false), 0);
	ck_assert_int_eq(btf__add_enum64_value(btf, "SKB_CONSUMED", 1), 0);
	ck_assert_int_eq(btf__add_enum64_value(btf, "SKB_DROP_REASON_NETFILTER_DROP", 12), 0);
	ck_assert_int_eq(drop_reasons_read_btf(&l, btf, "skb_drop_reason", 0), 2);
	expect_name(&l, 1, "SKB_CONSUMED");
	expect_name(&l, 12, "NETFILTER_DROP");
	reason_list_clear(&l);
	btf__free(btf);
}
END_TEST
#endif

/* Whatever kernel this is. */
START_TEST(test_running_kernel)
{
	struct drop_reasons *d = drop_reasons_new();
	const char *one, *other;

	ck_assert_ptr_nonnull(d);
	one = drop_reasons_name(d, 0xfff30007);
	ck_assert_int_eq(drop_reasons_exist(d), one != NULL);
	ck_assert(drop_reasons_is_drop(d, 0xfff30007));
	if (one) {
		ck_assert_str_eq(one, "reason 0xfff30007");
		other = drop_reasons_name(d, 0xffff);
		ck_assert_str_eq(other, "reason 0xffff");
		ck_assert_str_eq(one, "reason 0xfff30007");
		ck_assert_ptr_eq(drop_reasons_name(d, 0xfff30007), one);
	}
	drop_reasons_free(d);
	drop_reasons_free(NULL);
}
END_TEST

static uint32_t number_in_btf(const char *enumerator)
{
	struct kernel_btf k;
	const struct btf *in;
	const struct btf_type *t;
	uint32_t number = 0;

	if (!kernel_btf_exists() || kernel_btf_open(&k))
		return 0;
	t = kernel_btf_find(&k, "skb_drop_reason", BTF_KIND_ENUM, &in);
	for (unsigned int i = 0; t && i < btf_vlen(t); i++)
		if (strcmp(btf__name_by_offset(in, btf_enum(t)[i].name_off), enumerator) == 0)
			number = (uint32_t)btf_enum(t)[i].val;
	kernel_btf_close(&k);
	return number;
}

START_TEST(test_running_kernel_by_btf)
{
	uint32_t number = number_in_btf("SKB_DROP_REASON_NETFILTER_DROP");
	struct drop_reasons *d = drop_reasons_new();

	if (number) { /* or a kernel without BTF or reasons */
		ck_assert_str_eq(drop_reasons_name(d, number), "NETFILTER_DROP");
		ck_assert(drop_reasons_is_drop(d, number));
		ck_assert(drop_reasons_exist(d));
	}
	drop_reasons_free(d);
}
END_TEST

Suite *drop_reasons_suite(void)
{
	Suite *s = suite_create("drop_reasons");
	TCase *c = tcase_create("drop_reasons");

	tcase_add_loop_test(c, test_format, 0, N_OF(formats));
	tcase_add_loop_test(c, test_header, 0, N_OF(headers));
	tcase_add_test(c, test_header_of_subsystem);
	tcase_add_loop_test(c, test_name, 0, N_OF(names));
	tcase_add_test(c, test_is_drop);
	tcase_add_test(c, test_too_many);
	tcase_add_test(c, test_btf);
#ifdef HAVE_BTF_ADD_ENUM64
	tcase_add_test(c, test_btf_enum64);
#endif
	tcase_add_test(c, test_running_kernel);
	tcase_add_test(c, test_running_kernel_by_btf);
	suite_add_tcase(s, c);
	return s;
}
