/* Asks BTF or headers for the arguments of netfilter's functions. */
#include "netfilter_abi.h"

#include <string.h>

static bool has_member(const struct btf *btf, const struct btf_type *t, const char *name)
{
	const struct btf_member *m = btf_members(t);

	for (__u32 i = 0; i < btf_vlen(t); i++)
		if (strcmp(btf__name_by_offset(btf, m[i].name_off), name) == 0)
			return true;
	return false;
}

/* Is the first argument of this function a pointer to an sk_buff? */
static bool takes_skb_first(const struct btf *btf, const struct btf_type *func)
{
	const struct btf_type *proto = btf__type_by_id(btf, func->type);
	const struct btf_type *t;

	if (!proto || !btf_is_func_proto(proto) || btf_vlen(proto) == 0)
		return false;
	t = btf__type_by_id(btf, btf_params(proto)[0].type);
	if (!t || !btf_is_ptr(t))
		return false;
	t = btf__type_by_id(btf, t->type);
	return t && btf_is_struct(t) &&
	       strcmp(btf__name_by_offset(btf, t->name_off), "sk_buff") == 0;
}

struct netfilter_abi netfilter_abi_from_btf(const struct kernel_btf *k)
{
	struct netfilter_abi abi = {0};
	const struct btf *in;
	const struct btf_type *t;

	t = kernel_btf_find(k, "ipt_do_table", BTF_KIND_FUNC, &in);
	if (!t)
		t = kernel_btf_find(k, "ip6t_do_table", BTF_KIND_FUNC, &in);
	if (t) {
		abi.table_last = takes_skb_first(in, t);
		abi.has_iptables = kernel_btf_find(k, "xt_table", BTF_KIND_STRUCT, &in);
	}
	t = kernel_btf_find(k, "nft_pktinfo", BTF_KIND_STRUCT, &in);
	if (t) {
		abi.state_in_xt = !has_member(in, t, "state");
		abi.has_nftables = kernel_btf_find(k, "nft_chain", BTF_KIND_STRUCT, &in) &&
				   kernel_btf_find(k, "nft_table", BTF_KIND_STRUCT, &in);
	}
	return abi;
}

/* The text from the first 'from' to the next 'to' holds 'what'. */
static bool part_has(const char *text, const char *from, const char *to, const char *what)
{
	const char *start = strstr(text, from);
	const char *end = start ? strstr(start, to) : NULL;
	const char *at = start ? strstr(start, what) : NULL;

	return end && at && at < end;
}

struct netfilter_abi netfilter_abi_from_headers(const char *ip_tables_h, const char *nf_tables_h)
{
	struct netfilter_abi abi = {0};

	if (ip_tables_h && strstr(ip_tables_h, "ipt_do_table(")) {
		abi.has_iptables = true;
		abi.table_last = !part_has(ip_tables_h, "ipt_do_table(", ")", "void *priv");
	}
	if (nf_tables_h && strstr(nf_tables_h, "struct nft_pktinfo {")) {
		abi.has_nftables = true;
		abi.state_in_xt = !part_has(nf_tables_h, "struct nft_pktinfo {", "}", "*state;");
	}
	return abi;
}
