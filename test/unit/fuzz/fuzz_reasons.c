/* reason_list: names of drop reasons from a tracepoint's format and from headers. */
#include "fuzz.h"
#include "reason_list.h"

#include <ctype.h>
#include <string.h>

/* Each name is one in C, each number is there once. */
static void check(struct reason_list *l, int n)
{
	REQUIRE(n >= 0 && (size_t)n == l->n);
	for (const struct reason *r = l->first; r; r = r->next) {
		REQUIRE(reason_list_find(l, r->number) == r);
		REQUIRE(*r->name && memchr(r->name, '\0', sizeof(r->name)));
		for (const char *c = r->name; *c; c++)
			REQUIRE(isalnum((unsigned char)*c) || *c == '_');
	}
	reason_list_clear(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	struct reason_list l = {0};
	uint32_t number;

	check(&l, reason_list_add_format(&l, text));
	check(&l, reason_list_add_header(&l, text, "skb_drop_reason", 0));
	check(&l, reason_list_add_header(&l, text, "qdisc_drop_reason", 3U << 16));
	reason_header_value(text, "skb_drop_reason_subsys", "SKB_DROP_REASON_SUBSYS_QDISC",
			    &number);
	free(text);
	return 0;
}
