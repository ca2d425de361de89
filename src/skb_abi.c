/* Asks BTF or headers about sk_buff. */
#include "skb_abi.h"

#include <stdlib.h>
#include <string.h>

/* The arguments of the tracepoint, but for the first, which is its own; since 5.5 BTF has them. */
static unsigned int count_arguments(const struct kernel_btf *k, const char *typedef_name)
{
	const struct btf *in;
	const struct btf_type *t = kernel_btf_find(k, typedef_name, BTF_KIND_TYPEDEF, &in);

	t = t ? btf__type_by_id(in, t->type) : NULL;
	t = t && btf_is_ptr(t) ? btf__type_by_id(in, t->type) : NULL;
	return t && btf_is_func_proto(t) && btf_vlen(t) ? btf_vlen(t) - 1U : 0;
}

/* Is there a member of this name, maybe inside members that have none? */
static bool has_member(const struct btf *btf, const struct btf_type *t, const char *name, int depth)
{
	const struct btf_member *m = btf_members(t);

	for (__u32 i = 0; i < btf_vlen(t); i++) {
		const char *member = btf__name_by_offset(btf, m[i].name_off);
		const struct btf_type *inner = btf__type_by_id(btf, m[i].type);

		if (strcmp(member, name) == 0)
			return true;
		if (!*member && inner && depth < 8 && btf_is_composite(inner) &&
		    has_member(btf, inner, name, depth + 1))
			return true;
	}
	return false;
}

static struct skb_abi from_btf(const struct kernel_btf *k)
{
	const struct btf *in;
	const struct btf_type *t = kernel_btf_find(k, "sk_buff", BTF_KIND_STRUCT, &in);

	return (struct skb_abi){
		.has_reason = count_arguments(k, "btf_trace_kfree_skb") >= 3,
		.has_nfct = t && has_member(in, t, "_nfct", 0),
	};
}

struct skb_abi skb_abi_from_headers(const char *trace_skb_h, const char *autoconf_h)
{
	return (struct skb_abi){
		.has_reason = trace_skb_h && strstr(trace_skb_h, "enum skb_drop_reason reason"),
		.has_nfct = autoconf_h && (strstr(autoconf_h, "CONFIG_NF_CONNTRACK 1") ||
					   strstr(autoconf_h, "CONFIG_NF_CONNTRACK_MODULE 1")),
	};
}

struct skb_abi skb_abi_get(const struct kernel_types *k)
{
	char *trace, *autoconf;
	struct skb_abi abi;

	if (k->source == TYPES_BTF)
		return from_btf(&k->btf);
	trace = kernel_types_header(k, "trace/events/skb.h");
	autoconf = kernel_types_header(k, "generated/autoconf.h");
	abi = skb_abi_from_headers(trace, autoconf);
	free(trace);
	free(autoconf);
	return abi;
}
