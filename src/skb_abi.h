/*
 * What the running kernel's sk_buff and its tracepoints have. Distributions backport, so the
 * kernel's own types are asked, not its version.
 */
#ifndef TRACEPKT_SKB_ABI_H
#define TRACEPKT_SKB_ABI_H

#include "kernel_types.h"

#include <stdbool.h>

struct skb_abi {
	bool has_reason; /* the tracepoint kfree_skb tells a reason, 5.17 */
	bool has_nfct;   /* sk_buff has _nfct, with CONFIG_NF_CONNTRACK */
};

struct skb_abi skb_abi_get(const struct kernel_types *k);

/* From the text of include/trace/events/skb.h and include/generated/autoconf.h; each may be NULL.
 */
struct skb_abi skb_abi_from_headers(const char *trace_skb_h, const char *autoconf_h);

#endif
