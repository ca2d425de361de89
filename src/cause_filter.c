/* The firewall: which chain, or what else of netfilter. */
#include "attach_points.h"
#include "cause_checks.h"
#include "chain_text.h"

#include <stdio.h>
#include <string.h>

/* " by iptables filter.INPUT (DROP)", " by nftables inet fw.input (DROP)" */
static void say_chain(const struct hop_chain *c, uint8_t ct, bool tracks, struct cause *cause)
{
	char table[4 * EVENT_TABLE_LEN + 1], name[4 * EVENT_CHAIN_LEN + 1], buf[16];
	const char *family = chain_is_iptables(c) ? NULL : chain_family(c);
	/* conntrack has looked at it before input, forward and postrouting, and made nothing of it
	 */
	bool invalid = tracks && ct == EVENT_CT_NONE && c->pf != EVENT_PF_NETDEV &&
		       c->pf != EVENT_PF_BRIDGE && (c->hook == 1 || c->hook == 2 || c->hook == 4);

	cause_name(c->table, table, sizeof(table));
	cause_name(chain_name(c), name, sizeof(name));
	/* names are bounded: a long one must not push the verdict out */
	cause_say(cause, " by %s %s%s%.150s.%.150s (%s%s)", family ? "nftables" : "iptables",
		  family ? family : "", family ? " " : "", table, name,
		  chain_verdict(c, buf, sizeof(buf)),
		  invalid ? "; connection tracking calls it invalid" : "");
}

/* Does the namespace track connections now? */
static bool tracks_connections(const struct cause_query *q, long *count, long *max)
{
	return cause_setting(q, count, "net/netfilter/nf_conntrack_count") == 0 &&
	       cause_setting(q, max, "net/netfilter/nf_conntrack_max") == 0 && *max > 0;
}

/* The parts of netfilter that have tables there, in words. */
static const char *parts_in_words(unsigned int groups)
{
	bool ip = groups & (GROUP_IPTABLES | GROUP_IP6TABLES);
	bool nft = groups & GROUP_NFTABLES;

	return ip && nft ? "iptables and nftables have" : ip ? "iptables has" : "nftables has";
}

/* Does that function put packets into queues? */
static bool is_queue(const char *function)
{
	return function &&
	       (strcmp(function, "nf_queue") == 0 || strcmp(function, "__nf_queue") == 0);
}

/* A queue that refused the packet. */
static void say_queue(const struct cause_query *q, struct cause *cause)
{
	size_t len = strlen(cause->text);

	if ((q->passage->chain.verdict & 0xff) != 3 || !is_queue(q->function))
		return;
	cause->word = "queue";
	snprintf(cause->text + len, sizeof(cause->text) - len,
		 ": probably no program reads that queue");
}

bool cause_check_firewall(const struct cause_query *q, struct cause *cause)
{
	const struct step *at = &q->passage->chain_at;
	unsigned int groups;
	long count = 0, max = 0;
	bool tracks = tracks_connections(q, &count, &max);

	/* in a namespace without other entries its own count may be 0: then nothing is tracked */
	if (at->dir && at->netns == q->at->netns) {
		say_chain(&q->passage->chain, q->passage->ct, tracks && count > 0, cause);
		say_queue(q, cause);
		return true;
	}
	if (tracks && count >= max) {
		cause->word = "conntrack_full";
		return cause_say(cause,
				 ": the table of connection tracking is full "
				 "(net.netfilter.nf_conntrack_count = %ld, nf_conntrack_max = %ld)",
				 count, max);
	}
	groups = q->c->system->rules(q->c->system_ctx, q->at->netns) & ~q->c->groups;
	/* a chain that drops by itself, since 6.9 or so: NF_DROP_REASON() */
	if (groups && q->function && strncmp(q->function, "nft_do_chain", 12) == 0)
		return cause_say(cause,
				 " by a rule of nftables, whose chains cannot be traced here");
	if (groups && is_queue(q->function)) {
		cause->word = "queue";
		return cause_say(cause,
				 ": a firewall rule sent it to a queue (NFQUEUE), and probably "
				 "no program reads that");
	}
	if (groups)
		return cause_say(
			cause,
			", probably by a firewall rule (%s tables there, but chains cannot "
			"be traced here)",
			parts_in_words(groups));
	return cause_say(cause, " by netfilter, but in no chain: probably connection tracking, a "
				"queue without a program, or IPVS");
}
