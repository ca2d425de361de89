/* Words for hooks, verdicts and families. Numbers are those of include/uapi/linux/netfilter.h. */
#include "chain_text.h"
#include "util.h"

#include <stdio.h>
#include <string.h>

static const char *const hooks[] = {"prerouting", "input",       "forward",
				    "output",     "postrouting", "ingress"};
static const char *const builtin_chains[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT",
					     "POSTROUTING"};

const char *chain_hook(const struct hop_chain *c, char *buf, size_t size)
{
	static const char *const netdev[] = {"ingress", "egress"};

	if (c->pf == EVENT_PF_NETDEV && c->hook < ARRAY_SIZE(netdev))
		return netdev[c->hook];
	if (c->pf != EVENT_PF_NETDEV && c->hook < ARRAY_SIZE(hooks))
		return hooks[c->hook];
	snprintf(buf, size, "hook %u", c->hook);
	return buf;
}

const char *chain_verdict(const struct hop_chain *c, char *buf, size_t size)
{
	static const char *const verdicts[] = {"DROP",  "ACCEPT", "STOLEN",
					       "QUEUE", "REPEAT", "STOP"};
	const uint32_t verdict = c->verdict & 0xff; /* NF_VERDICT_MASK */
	const uint32_t queue = c->verdict >> 16;    /* NF_VERDICT_QBITS; for DROP an errno */

	/* NF_DROP_REASON() of newer kernels: freed already, so it says stolen, with an errno */
	if (verdict == 2 && queue)
		return "DROP";
	if (verdict == 3) /* NF_QUEUE; 0x8000 is NF_VERDICT_FLAG_QUEUE_BYPASS */
		snprintf(buf, size, "QUEUE %u", queue);
	else if (verdict < ARRAY_SIZE(verdicts))
		return verdicts[verdict];
	else
		snprintf(buf, size, "0x%x", c->verdict);
	return buf;
}

const char *chain_family(const struct hop_chain *c)
{
	if (!c->nftables)
		return NULL;
	switch (c->table_family) {
	case EVENT_PF_INET:
		return "inet";
	case EVENT_PF_IPV4:
		return "ip";
	case EVENT_PF_NETDEV:
		return "netdev";
	case EVENT_PF_BRIDGE:
		return "bridge";
	case EVENT_PF_IPV6:
		return "ip6";
	default:
		return "?";
	}
}

bool chain_is_iptables(const struct hop_chain *c)
{
	static const char *const tables[] = {"raw", "mangle", "nat", "filter", "security"};
	bool known = false;

	if (!c->nftables)
		return true;
	if (c->table_family != EVENT_PF_IPV4 && c->table_family != EVENT_PF_IPV6)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		known = known || strcmp(c->table, tables[i]) == 0;
	return known && c->hook < ARRAY_SIZE(builtin_chains) &&
	       strcmp(c->name, builtin_chains[c->hook]) == 0;
}

const char *chain_name(const struct hop_chain *c)
{
	if (c->nftables)
		return c->name;
	return c->hook < ARRAY_SIZE(builtin_chains) ? builtin_chains[c->hook] : "?";
}
