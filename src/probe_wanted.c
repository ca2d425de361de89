/* A ping's identity as the probes compare it: fields as a load from the packet has them. */
#include "probe_wanted.h"

#include <arpa/inet.h>
#include <string.h>

void probe_wanted_fill(struct event_wanted *w, const struct ping_identity *who, uint64_t socket)
{
	memset(w, 0, sizeof(*w));
	memcpy(&w->cookie, who->cookie, sizeof(w->cookie));
	memset(&w->cookie_mask, 0xff, who->size < COOKIE_BYTES ? who->size : COOKIE_BYTES);
	w->socket = socket;
	w->size = who->size;
	w->id = htons(who->id);
}
