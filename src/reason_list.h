/* A list of skb drop reasons, and the texts that the kernel has them in. */
#ifndef TRACEPKT_REASON_LIST_H
#define TRACEPKT_REASON_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REASON_NAME_BYTES 64
#define REASON_LIST_MAX   2048 /* 7.2 has some 230 with all subsystems */

/* Stays where it is until the list is cleared. */
struct reason {
	struct reason *next;
	uint32_t number;
	bool is_drop; /* not SKB_NOT_DROPPED_YET, SKB_CONSUMED */
	char name[REASON_NAME_BYTES];
};

/* All zeros is an empty list. */
struct reason_list {
	struct reason *first; /* the last that was added */
	size_t n;
};

/*
 * Adds an enumerator under the name that the kernel shows: without SKB_DROP_REASON_, and without
 * the underscores in front of mac80211's. What is no reason (the ends and marks of the enums) and
 * numbers that are there are passed over, as are names that are not C identifiers. Returns how many
 * were added, or -1: no memory, or too many.
 */
int reason_list_add(struct reason_list *l, uint32_t number, const char *name, size_t len);

/* Adds a text for a number that has no name, as it is. The reason, or NULL as above. */
const struct reason *reason_list_add_text(struct reason_list *l, uint32_t number, const char *text);

/* NULL: not in the list. */
const struct reason *reason_list_find(const struct reason_list *l, uint32_t number);

/*
 * Did a packet that was freed for this reason get lost? Numbers below all that are known did not:
 * the format of a tracepoint begins with the first that says of a drop. True if nothing is known.
 */
bool reason_list_is_drop(const struct reason_list *l, uint32_t number);

void reason_list_clear(struct reason_list *l);

/*
 * Adds those of "__print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, ...", from the format of the
 * tracepoint skb:kfree_skb. Returns how many, or -1: no memory, or too many.
 */
int reason_list_add_format(struct reason_list *l, const char *format);

/*
 * The same with the enumerators of an enum from the text of a header: those from base on, which is
 * the value of "X << SKB_DROP_REASON_SUBSYS_SHIFT" in the enum of a subsystem, and 0 for
 * skb_drop_reason. Those whose value is another expression are passed over.
 */
int reason_list_add_header(struct reason_list *l, const char *header, const char *name,
			   uint32_t base);

/* The number of one enumerator of an enum in a header; false: it cannot be told. */
bool reason_header_value(const char *header, const char *name, const char *enumerator,
			 uint32_t *number);

#endif
