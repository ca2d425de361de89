/* Wires outcomes to the ping, the names and the system. */
#include "session_context.h"

#include <string.h>
#include <sys/stat.h>

struct outcome_context session_context(const struct options *o, const struct ping *p,
				       const struct loaded *l, struct names *names)
{
	const struct ping_target *t = ping_target(p);
	struct stat st;
	struct outcome_context c = {
		.system = &system_of_host,
		.system_ctx = names->netns,
		.netns = t->netns,
		.here = stat("/proc/self/ns/net", &st) ? 0 : (uint32_t)st.st_ino,
		.target = {.family = t->family},
		.oif = t->oif,
		.mark = o->mark,
		.tos = o->tos > 0 ? (uint8_t)o->tos : 0,
		.packet_bytes = (t->family == 4 ? 28 : 48) + o->size,
		.timeout_ns = o->timeout_ns,
		.groups = l->groups,
		.names_ctx = names,
		.netns_name = names_netns,
		.function = names_function,
		.reason = names_reason,
	};

	memcpy(c.target.bytes, t->address, sizeof(t->address));
	return c;
}
