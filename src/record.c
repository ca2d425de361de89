/* Decodes one record. */
#include "record.h"

#include <string.h>

/* A sample's raw part has its u32 size in front and ends on 8 (perf_prepare_sample()). */
#define PADDED(size) (((size) + 4 + 7) / 8 * 8 - 4)

size_t record_size(const struct event *e)
{
	return e->dir == EVENT_CHAIN ? sizeof(struct event_chain) : sizeof(struct event);
}

int record_decode(const void *record, int size, union record *r, int *found)
{
	*found = size;
	memset(r, 0, sizeof(*r));
	if (size == (int)PADDED(sizeof(r->e)))
		memcpy(&r->e, record, sizeof(r->e));
	else if (size == (int)PADDED(sizeof(r->chain)))
		memcpy(&r->chain, record, sizeof(r->chain));
	else
		return -1;
	*found = (int)r->e.size;
	if (r->e.size != record_size(&r->e) || size != (int)PADDED(record_size(&r->e)))
		return -1;
	if (r->e.dir < EVENT_TX || r->e.dir > EVENT_XMIT || r->e.type < EVENT_REQUEST ||
	    r->e.type >= EVENT_TYPES)
		return -1;
	if (r->e.family == 4 || r->e.family == 6)
		return 0;
	return r->e.family == 0 && r->e.flags & EVENT_F_ENCAP ? 0 : -1;
}
