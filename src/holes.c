/* The warning about rules that no probe shows. */
#include "holes.h"
#include "attach_points.h"
#include "netfilter.h"
#include "util.h"
#include "rules.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

void holes_note(struct holes *h, uint32_t inode)
{
	if (!h->unseen)
		return;
	for (size_t i = 0; i < h->n; i++)
		if (h->inodes[i] == inode)
			return;
	if (h->n == h->room) {
		size_t room = h->room ? 2 * h->room : 16;
		uint32_t *grown = realloc(h->inodes, room * sizeof(*grown));

		if (!grown)
			return;
		h->inodes = grown;
		h->room = room;
	}
	h->inodes[h->n++] = inode;
}

static void tell_one(struct holes *h, uint32_t inode)
{
	static const struct {
		enum attach_group group;
		const char *name;
	} names[] = {
		{GROUP_IPTABLES, "iptables"},
		{GROUP_IP6TABLES, "ip6tables"},
		{GROUP_NFTABLES, "nftables"},
	};
	char parts[64] = "";
	size_t len = 0;
	const char *name;
	unsigned int hidden;
	char number[16];

	hidden = netns_table_rules(h->netns, inode) & h->unseen;
	if (!hidden)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (hidden & names[i].group)
			len += (size_t)snprintf(parts + len, sizeof(parts) - len, "%s%s",
						len ? ", " : "", names[i].name);
	name = netns_table_name(h->netns, inode);
	snprintf(number, sizeof(number), "%" PRIu32, inode);
	say_warning(
		h->verbosity,
		"netns %s has tables of %s whose chains are not shown: the picture has a hole there",
		name ? name : number, parts);
}

void holes_tell(struct holes *h)
{
	if (h->told == h->n)
		return;
	/* what is not in the kernel has no rules, and asking nf_tables would load its module */
	if (!h->narrowed && h->unseen && netfilter_has_modules())
		h->unseen &= netfilter_present();
	h->narrowed = true;
	while (h->told < h->n && h->unseen)
		tell_one(h, h->inodes[h->told++]);
	h->told = h->n;
}

void holes_free(struct holes *h)
{
	free(h->inodes);
	h->inodes = NULL;
}
