/* Decodes one record. */
#include "record.h"

#include <string.h>

/* A sample's raw part has its u32 size in front and ends on 8 (perf_prepare_sample()). */
#define PADDED(size) (((size) + 4 + 7) / 8 * 8 - 4)

int record_decode(const void *record, int size, struct event *e, int *found)
{
	*found = size;
	if (size != (int)PADDED(sizeof(*e)))
		return -1;
	memcpy(e, record, sizeof(*e));
	*found = (int)e->size;
	if (e->size != sizeof(*e))
		return -1;
	if (e->dir < EVENT_TX || e->dir > EVENT_END || e->type < EVENT_REQUEST ||
	    e->type > EVENT_REPLY || (e->family != 4 && e->family != 6))
		return -1;
	return 0;
}
