/* Puts events of several CPUs in the order of their time. */
#ifndef TRACEPKT_ORDER_H
#define TRACEPKT_ORDER_H

#include "event.h"

#include <stddef.h>
#include <stdint.h>

struct order;

typedef void (*order_emit_fn)(void *ctx, const struct event *e);

/* NULL: out of memory (said). */
struct order *order_new(order_emit_fn emit, void *ctx);

/* Keeps a copy of the whole event (record_size()). 0, or -1 (out of memory, said). */
int order_add(struct order *o, const struct event *e);

/*
 * Emits all events of a time up to until_ns, earliest first, those of one time as they were added.
 *
 * until_ns is the clock from before the buffers were read, or a little less. Of two events of one
 * packet the earlier was submitted before the later got its time, for the probe runs before the
 * packet moves on; so whoever has read the later, of a time up to until_ns, has the earlier too.
 * The little less is for an event that was submitted, but not yet visible.
 */
void order_flush(struct order *o, uint64_t until_ns);

/* How many are held. */
size_t order_pending(const struct order *o);

void order_free(struct order *o);

#endif
