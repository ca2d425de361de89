/*
 * How the netfilter functions of the running kernel take their arguments. Distributions backport,
 * so the kernel's own types are asked, not its version.
 */
#ifndef TRACEPKT_NETFILTER_ABI_H
#define TRACEPKT_NETFILTER_ABI_H

#include "kernel_btf.h"

#include <stdbool.h>

struct netfilter_abi {
	bool has_iptables; /* there are types for the probes of iptables and ip6tables */
	bool has_nftables; /* and of nftables */
	bool table_last;   /* ipt_do_table(skb, state, table), before 5.16 */
	bool state_in_xt;  /* nft_pktinfo.xt.state, before 5.14 */
};

struct netfilter_abi netfilter_abi_from_btf(const struct kernel_btf *k);

/* From the text of include/linux/netfilter_ipv4/ip_tables.h and include/net/netfilter/nf_tables.h.
 */
struct netfilter_abi netfilter_abi_from_headers(const char *ip_tables_h, const char *nf_tables_h);

#endif
