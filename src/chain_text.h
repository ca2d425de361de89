/* Chains of netfilter in words. */
#ifndef TRACEPKT_CHAIN_TEXT_H
#define TRACEPKT_CHAIN_TEXT_H

#include "hop.h"

#include <stddef.h>

/* "prerouting", "ingress" and the like; "hook 9" for one that is not known. buf holds the latter.
 */
const char *chain_hook(const struct hop_chain *c, char *buf, size_t size);

/*
 * "ACCEPT", "DROP", "STOLEN", "QUEUE 3", "REPEAT", "STOP", or the number of one that is not known.
 */
const char *chain_verdict(const struct hop_chain *c, char *buf, size_t size);

/* Family of the table: "ip", "ip6", "inet", "bridge", "netdev", or NULL for iptables. */
const char *chain_family(const struct hop_chain *c);

/*
 * Does the chain look as iptables writes it: by iptables-legacy, or one of its tables and built-in
 * chains written through nftables?
 */
bool chain_is_iptables(const struct hop_chain *c);

/* The chain's name: of iptables' built-in chains by the hook, else as nftables has it. */
const char *chain_name(const struct hop_chain *c);

#endif
