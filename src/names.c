/* Asks for names, each where it is kept. */
#include "names.h"
#include "say.h"

#include <stdio.h>
#include <string.h>

int names_init(struct names *n, bool numeric)
{
	*n = (struct names){
		.netns = netns_table_new(),
		.ksyms = ksyms_new(),
		.reasons = drop_reasons_new(),
		.numeric = numeric,
	};
	if (n->netns && (!n->ksyms || !n->reasons))
		say_error("out of memory");
	return n->netns && n->ksyms && n->reasons ? 0 : -1;
}

/* "nf_hook_slow+0xa1", and the module if it is in one; NULL: not known. */
static const char *name_location(struct names *n, uint64_t location)
{
	const struct ksym *sym = location ? ksyms_find(n->ksyms, location) : NULL;

	if (!sym)
		return NULL;
	snprintf(n->location, sizeof(n->location), "%s+0x%x%s%s%s", sym->name, sym->offset,
		 *sym->module ? " [" : "", sym->module, *sym->module ? "]" : "");
	return n->location;
}

void names_of_hop(struct names *n, struct hop *h)
{
	h->netns_name = names_netns(n, h->netns);
	if (h->dir == EVENT_END) {
		h->drop.reason_name = drop_reasons_name(n->reasons, h->drop.reason);
		h->drop.location_name = name_location(n, h->drop.location);
	}
}

const char *names_netns(void *ctx, uint32_t netns)
{
	struct names *n = ctx;

	return n->numeric ? NULL : netns_table_name(n->netns, netns);
}

/* Without what the compiler appends to the names of parts and copies of a function. */
const char *names_function(void *ctx, uint64_t location)
{
	struct names *n = ctx;
	const struct ksym *sym = ksyms_find(n->ksyms, location);

	if (!sym)
		return NULL;
	snprintf(n->function, sizeof(n->function), "%.*s", (int)strcspn(sym->name, "."), sym->name);
	return n->function;
}

const char *names_reason(void *ctx, uint32_t reason)
{
	struct names *n = ctx;

	return drop_reasons_name(n->reasons, reason);
}

void names_free(struct names *n)
{
	drop_reasons_free(n->reasons);
	ksyms_free(n->ksyms);
	netns_table_free(n->netns);
}
