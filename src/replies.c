/* From the socket to the journey. */
#include "replies.h"

#include <string.h>

static void take_error(struct journey *j, const struct ping_reply *reply)
{
	struct heard_error e = {.family = (uint8_t)reply->family,
				.type = reply->icmp_type,
				.code = reply->icmp_code,
				.info = reply->info};

	memcpy(e.from, reply->from, sizeof(e.from));
	journey_error(j, reply->seq, &e);
}

/* One message; false: there is none. */
static bool take_one(struct ping *p, struct journey *j)
{
	struct ping_reply reply;
	int got = ping_receive(p, &reply);

	if (got > 0 && reply.is_error)
		take_error(j, &reply);
	else if (got > 0)
		journey_replied(j, reply.seq, reply.received_ns);
	return got >= 0;
}

void replies_take(struct ping *p, struct journey *j)
{
	while (take_one(p, j))
		;
}

void replies_take_awaited(struct ping *p, struct journey *j, uint64_t seq)
{
	while (!journey_is_answered(j, seq) && take_one(p, j))
		;
}
