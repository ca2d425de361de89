/* Names of the reasons for which the running kernel drops packets. */
#ifndef TRACEPKT_DROP_REASONS_H
#define TRACEPKT_DROP_REASONS_H

#include "reason_list.h"

#include <stdbool.h>
#include <stdint.h>

struct btf;
struct drop_reasons;

/* NULL: no memory. Nothing is read before the first question. */
struct drop_reasons *drop_reasons_new(void);

void drop_reasons_free(struct drop_reasons *d);

/* Does the kernel have reasons? Linux has them since 5.17, some distributions in older ones. */
bool drop_reasons_exist(struct drop_reasons *d);

/*
 * NETFILTER_DROP, OVS_DROP_METER; for a number that has no name a text: "reason 0x30007". NULL if
 * the kernel has no reasons. Valid as long as d is.
 */
const char *drop_reasons_name(struct drop_reasons *d, uint32_t reason);

/* Is it a loss? false for SKB_NOT_DROPPED_YET and SKB_CONSUMED; true where reasons do not exist. */
bool drop_reasons_is_drop(struct drop_reasons *d, uint32_t reason);

/*
 * Adds the enumerators, from the number least on, of an enum in BTF. Returns how many (0: there is
 * no such enum), or -1: no memory, or too many.
 */
int drop_reasons_read_btf(struct reason_list *l, const struct btf *btf, const char *name,
			  uint32_t least);

#endif
