/* netfilter_abi: how netfilter's functions take their arguments, from BTF and from headers. */
#include "netfilter_abi.h"
#include "suites.h"
#include "support.h"

static struct kernel_btf kernel;
static int integer, skb_pointer, void_pointer, state_pointer;

static int added(int id)
{
	ck_assert_int_gt(id, 0);
	return id;
}

/* The kernel itself has skb and state; the modules come over it. */
static void set_up(void)
{
	struct btf *btf = btf__new_empty();

	ck_assert_ptr_nonnull(btf);
	kernel = (struct kernel_btf){.vmlinux = btf};
	integer = added(btf__add_int(btf, "unsigned int", 4, 0));
	skb_pointer = added(btf__add_ptr(btf, added(btf__add_struct(btf, "sk_buff", 8))));
	void_pointer = added(btf__add_ptr(btf, 0));
	state_pointer = added(btf__add_ptr(btf, added(btf__add_struct(btf, "nf_hook_state", 8))));
}

static void tear_down(void)
{
	kernel_btf_close(&kernel);
}

/* Another module over the kernel. */
static struct btf *module_new(void)
{
	struct btf *btf = btf__new_empty_split(kernel.vmlinux);

	ck_assert_ptr_nonnull(btf);
	ck_assert_uint_lt(kernel.n_modules, KERNEL_BTF_MODULES);
	return kernel.modules[kernel.n_modules++] = btf;
}

/* A function of these first arguments; -1: none. */
static void add_function(struct btf *btf, const char *name, int first, int second)
{
	int proto = added(btf__add_func_proto(btf, integer));

	if (first >= 0)
		ck_assert_int_eq(btf__add_func_param(btf, "a", first), 0);
	if (second >= 0)
		ck_assert_int_eq(btf__add_func_param(btf, "b", second), 0);
	added(btf__add_func(btf, name, BTF_FUNC_STATIC, proto));
}

static void add_struct(struct btf *btf, const char *name)
{
	added(btf__add_struct(btf, name, 8));
	ck_assert_int_eq(btf__add_field(btf, "first", integer, 0, 0), 0);
}

/* struct nft_pktinfo, with this as its second member. */
static void add_pktinfo(struct btf *btf, const char *member)
{
	added(btf__add_struct(btf, "nft_pktinfo", 16));
	ck_assert_int_eq(btf__add_field(btf, "skb", skb_pointer, 0, 0), 0);
	ck_assert_int_eq(btf__add_field(btf, member, state_pointer, 64, 0), 0);
}

static void expect_abi(struct netfilter_abi abi, const char *flags)
{
	char is[5] = {abi.has_iptables ? 'i' : '-', abi.table_last ? 'l' : '-',
		      abi.has_nftables ? 'n' : '-', abi.state_in_xt ? 'x' : '-', '\0'};

	ck_assert_str_eq(is, flags);
}

START_TEST(test_nothing)
{
	expect_abi(netfilter_abi_from_btf(&kernel), "----");
}
END_TEST

/* Built in, in a module, and with the table in another module than the function. */
START_TEST(test_iptables_new)
{
	struct btf *at = _i == 0 ? kernel.vmlinux : module_new();

	add_struct(at, "xt_table");
	if (_i == 2)
		at = module_new();
	add_function(at, "ipt_do_table", void_pointer, skb_pointer);
	expect_abi(netfilter_abi_from_btf(&kernel), "i---");
}
END_TEST

START_TEST(test_iptables_old)
{
	struct btf *at = _i == 0 ? kernel.vmlinux : module_new();

	add_struct(at, "xt_table");
	if (_i == 2)
		at = module_new();
	add_function(at, "ipt_do_table", skb_pointer, state_pointer);
	expect_abi(netfilter_abi_from_btf(&kernel), "il--");
}
END_TEST

/* Only ip6tables is there: its function tells as much. */
START_TEST(test_ip6tables_alone)
{
	struct btf *module = module_new();

	add_struct(module, "xt_table");
	add_function(module, "ip6t_do_table", _i ? skb_pointer : void_pointer, skb_pointer);
	expect_abi(netfilter_abi_from_btf(&kernel), _i ? "il--" : "i---");
}
END_TEST

/* Without the table's type its name cannot be read; without the function nobody knows the order. */
START_TEST(test_half_of_iptables)
{
	if (_i)
		add_function(kernel.vmlinux, "ipt_do_table", void_pointer, skb_pointer);
	else
		add_struct(kernel.vmlinux, "xt_table");
	expect_abi(netfilter_abi_from_btf(&kernel), "----");
}
END_TEST

/* A first argument that is no sk_buff: nothing at all, a number, a pointer to another struct. */
START_TEST(test_other_first_argument)
{
	const int first[] = {-1, integer, state_pointer,
			     added(btf__add_ptr(kernel.vmlinux, integer))};

	add_struct(kernel.vmlinux, "xt_table");
	add_function(kernel.vmlinux, "ipt_do_table", first[_i], -1);
	expect_abi(netfilter_abi_from_btf(&kernel), "i---");
}
END_TEST

/* A struct or variable of the function's name is not the function. */
START_TEST(test_name_of_another_kind)
{
	add_struct(kernel.vmlinux, "xt_table");
	add_struct(kernel.vmlinux, "ipt_do_table");
	expect_abi(netfilter_abi_from_btf(&kernel), "----");
}
END_TEST

static void add_nftables(struct btf *btf, const char *member)
{
	add_pktinfo(btf, member);
	add_struct(btf, "nft_chain");
	add_struct(btf, "nft_table");
}

START_TEST(test_nftables)
{
	struct btf *at = _i == 0 ? kernel.vmlinux : module_new();

	add_nftables(at, "state");
	expect_abi(netfilter_abi_from_btf(&kernel), "--n-");
}
END_TEST

START_TEST(test_nftables_old)
{
	struct btf *at = _i == 0 ? kernel.vmlinux : module_new();

	add_nftables(at, "xt");
	expect_abi(netfilter_abi_from_btf(&kernel), "--nx");
}
END_TEST

START_TEST(test_half_of_nftables)
{
	struct btf *module = module_new();

	if (_i != 0)
		add_pktinfo(module, "state");
	if (_i != 1)
		add_struct(module, "nft_chain");
	if (_i != 2)
		add_struct(module, "nft_table");
	expect_abi(netfilter_abi_from_btf(&kernel), "----");
}
END_TEST

START_TEST(test_both)
{
	struct btf *ip = module_new(), *nf = module_new();

	add_struct(ip, "xt_table");
	add_function(ip, "ipt_do_table", skb_pointer, state_pointer);
	add_nftables(nf, "xt");
	expect_abi(netfilter_abi_from_btf(&kernel), "ilnx");
}
END_TEST

START_TEST(test_find)
{
	struct btf *one = module_new(), *two = module_new();
	const struct btf *in;

	add_struct(one, "of_one");
	add_struct(two, "of_two");
	add_struct(two, "of_one");
	ck_assert_ptr_nonnull(kernel_btf_find(&kernel, "sk_buff", BTF_KIND_STRUCT, &in));
	ck_assert_ptr_eq(in, kernel.vmlinux);
	ck_assert_ptr_nonnull(kernel_btf_find(&kernel, "of_one", BTF_KIND_STRUCT, &in));
	ck_assert_ptr_eq(in, one);
	ck_assert_ptr_nonnull(kernel_btf_find(&kernel, "of_two", BTF_KIND_STRUCT, &in));
	ck_assert_ptr_eq(in, two);
	ck_assert_ptr_null(kernel_btf_find(&kernel, "of_two", BTF_KIND_UNION, &in));
	ck_assert_ptr_null(kernel_btf_find(&kernel, "of_none", BTF_KIND_STRUCT, &in));
}
END_TEST

/* Excerpts in the form of the headers. */
static const char ip_new[] = "struct ipt_replace;\n"
			     "unsigned int ipt_do_table(void *priv, struct sk_buff *skb,\n"
			     "\t\t\t  const struct nf_hook_state *state);\n";
static const char ip_old[] = "extern unsigned int ipt_do_table(struct sk_buff *skb,\n"
			     "\tconst struct nf_hook_state *state,\n"
			     "\tstruct xt_table *table);\n"
			     "void other(void *priv);\n";
static const char ip_none[] = "void other(void *priv, struct xt_table *table);\n";
static const char nf_new[] = "struct nft_pktinfo {\n\tstruct sk_buff *skb;\n"
			     "\tconst struct nf_hook_state *state;\n\tu8 flags;\n};\n";
static const char nf_old[] = "struct nft_pktinfo;\n"
			     "struct nft_pktinfo {\n\tstruct sk_buff *skb;\n"
			     "\tstruct xt_action_param xt;\n};\n"
			     "struct other {\n\tconst struct nf_hook_state *state;\n};\n";
static const char nf_none[] = "struct nft_pktinfo;\nstruct x { int *state; };\n";

static const struct {
	const char *ip, *nf, *flags;
} headers[] = {
	{ip_new, nf_new, "i-n-"},  {ip_old, nf_old, "ilnx"},   {ip_new, nf_old, "i-nx"},
	{ip_old, nf_new, "iln-"},  {NULL, NULL, "----"},       {ip_new, NULL, "i---"},
	{ip_old, NULL, "il--"},    {NULL, nf_new, "--n-"},     {NULL, nf_old, "--nx"},
	{"", "", "----"},          {ip_none, nf_none, "----"}, {ip_none, nf_old, "--nx"},
	{ip_new, nf_none, "i---"},
};

START_TEST(test_headers)
{
	expect_abi(netfilter_abi_from_headers(headers[_i].ip, headers[_i].nf), headers[_i].flags);
}
END_TEST

Suite *netfilter_abi_suite(void)
{
	Suite *s = suite_create("netfilter_abi");
	TCase *c = tcase_create("netfilter_abi");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_nothing);
	tcase_add_loop_test(c, test_iptables_new, 0, 3);
	tcase_add_loop_test(c, test_iptables_old, 0, 3);
	tcase_add_loop_test(c, test_ip6tables_alone, 0, 2);
	tcase_add_loop_test(c, test_half_of_iptables, 0, 2);
	tcase_add_loop_test(c, test_other_first_argument, 0, 4);
	tcase_add_test(c, test_name_of_another_kind);
	tcase_add_loop_test(c, test_nftables, 0, 2);
	tcase_add_loop_test(c, test_nftables_old, 0, 2);
	tcase_add_loop_test(c, test_half_of_nftables, 0, 3);
	tcase_add_test(c, test_both);
	tcase_add_test(c, test_find);
	tcase_add_loop_test(c, test_headers, 0, N_OF(headers));
	suite_add_tcase(s, c);
	return s;
}
