/* Devices: carrier, the other end, queues, programs, bridge ports. */
#include "cause_checks.h"
#include "util.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME (4 * 32 + 1)

#define MAX_PORTS      64 /* of a bridge that are looked at */
#define MAX_TOLD_PORTS 3

/* BR_STATE_* of include/uapi/linux/if_bridge.h */
static const char *const port_states[] = {"disabled", "listening", "learning", "forwarding",
					  "blocking"};
#define FORWARDING 3

static const char *device_name(const struct system_link *l, char buf[NAME])
{
	return cause_name(l->name, buf, NAME);
}

bool cause_check_carrier(const struct cause_query *q, struct cause *cause)
{
	struct system_link l = {0};
	char name[NAME];

	if (cause_link(q, q->at->ifindex, &l) || (l.up && l.carrier))
		return false;
	cause->word = l.up ? "no_carrier" : "link_down";
	return l.up ? cause_say(cause, ": %s has no carrier", device_name(&l, name))
		    : cause_say(cause, ": %s is down", device_name(&l, name));
}

bool cause_check_peer(const struct cause_query *q, struct cause *cause)
{
	struct system_link l = {0}, peer = {0};
	uint32_t netns;
	char place[512];

	if (cause_link(q, q->at->ifindex, &l) || !l.lower || strcmp(l.kind, "veth") != 0)
		return false;
	if (l.lower_elsewhere && !l.peer_netns)
		return false;
	netns = l.lower_elsewhere ? l.peer_netns : q->at->netns;
	if (q->c->system->link(q->c->system_ctx, netns, l.lower, &peer) || peer.up)
		return false;
	cause_place(q->c, netns, "", place, sizeof(place));
	cause->word = "peer_down";
	return cause_say(cause, ": its other end, %s %s, is down",
			 cause_name(peer.name, (char[NAME]){0}, NAME), place);
}

bool cause_check_qdisc(const struct cause_query *q, struct cause *cause)
{
	const struct step *last = &q->passage->last;
	struct system_link l = {0};
	char name[NAME], qdisc[NAME];
	bool told = q->reason && strncmp(q->reason, "QDISC_", 6) == 0;

	/* without a reason: it was given to that device, and freed in a list of what is dropped */
	if (!told && (last->dir != EVENT_TX || last->ifindex != q->at->ifindex))
		return false;
	if (cause_link(q, q->at->ifindex, &l) || !*l.qdisc || strcmp(l.qdisc, "noqueue") == 0)
		return false;
	return cause_say(cause, " by the queue of %s (tc qdisc %s)", device_name(&l, name),
			 cause_name(l.qdisc, qdisc, sizeof(qdisc)));
}

bool cause_check_backlog(const struct cause_query *q, struct cause *cause)
{
	long max;

	/* of the whole host, so it shows in its first namespace only (net/core/sysctl_net_core.c)
	 */
	if (cause_setting(q, &max, "net/core/netdev_max_backlog"))
		return cause_say(cause, ": the CPU's backlog of received packets is full "
					"(net.core.netdev_max_backlog)");
	return cause_say(cause,
			 ": the CPU's backlog of received packets is full "
			 "(net.core.netdev_max_backlog = %ld)",
			 max);
}

bool cause_check_xdp(const struct cause_query *q, struct cause *cause)
{
	struct system_link l = {0};
	char name[NAME];

	if (cause_link(q, q->at->ifindex, &l) || !l.xdp_id)
		return false;
	return cause_say(cause, " by the XDP program of %s (id %" PRIu32 ")", device_name(&l, name),
			 l.xdp_id);
}

bool cause_check_tc(const struct cause_query *q, struct cause *cause)
{
	bool egress = q->reason ? strcmp(q->reason, "TC_EGRESS") == 0
				: q->function && strncmp(q->function, "__dev", 5) == 0;
	bool told = q->reason && strncmp(q->reason, "TC_", 3) == 0;
	struct system_link l = {0};
	char name[NAME];

	if (cause_link(q, q->at->ifindex, &l) || !(egress ? l.tc_egress : l.tc_ingress))
		return false;
	return cause_say(cause, "%s by a tc filter or program at the %s of %s",
			 told ? "" : ", probably", egress ? "egress" : "ingress",
			 device_name(&l, name));
}

/* The ports that a bridge does not send by, in parentheses; or what else may be against it. */
static void list_closed_ports(const struct cause_query *q, const struct system_link *bridge,
			      uint32_t ifindex, char *buf, size_t size)
{
	struct system_link ports[MAX_PORTS];
	int n = q->c->system->ports(q->c->system_ctx, q->at->netns, ifindex, ports, MAX_PORTS);
	size_t len = 0, told = 0;
	char name[NAME];

	*buf = '\0';
	for (int i = 0; i < n && i < MAX_PORTS && told < MAX_TOLD_PORTS; i++) {
		const struct system_link *l = &ports[i];

		if (l->bridge_state < 0 || l->bridge_state >= (int)ARRAY_SIZE(port_states) ||
		    l->bridge_state == FORWARDING)
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s%s %s%s", told++ ? ", " : " (",
					device_name(l, name),
					!l->up        ? "is down"
					: !l->carrier ? "has no carrier"
						      : "is in state ",
					l->up && l->carrier ? port_states[l->bridge_state] : "");
		if (len >= size)
			return;
	}
	if (told)
		snprintf(buf + len, size - len, ")");
	else if (bridge->vlan_filtering)
		snprintf(buf, size, " (its VLAN filtering is on)");
}

bool cause_check_bridge(const struct cause_query *q, struct cause *cause)
{
	struct system_link port = {0}, bridge = {0};
	uint32_t ifindex = q->at->ifindex;
	bool told = q->reason && strcmp(q->reason, "NO_TX_TARGET") == 0;
	char name[NAME], other[NAME], closed[8 * NAME];

	if (cause_link(q, ifindex, &port))
		return false;
	if (port.bridge_state < 0) {
		bridge = port;
	} else {
		ifindex = port.master;
		if (cause_link(q, ifindex, &bridge))
			return false;
	}
	if (strcmp(bridge.kind, "bridge") != 0)
		return false;
	device_name(&bridge, name);
	cause->word = "bridge_port";
	if (port.bridge_state >= 0 && !bridge.up) { /* which disables its ports */
		cause->word = "link_down";
		return cause_say(cause, ": the bridge %s is down", name);
	}
	if (!told && port.bridge_state >= 0 && port.bridge_state < (int)ARRAY_SIZE(port_states) &&
	    port.bridge_state != FORWARDING)
		return cause_say(cause, ": the bridge port %s is in state %s",
				 device_name(&port, other), port_states[port.bridge_state]);
	if (q->function && strstr(q->function, "allowed_ingress")) {
		cause->word = "bridge_vlan";
		return cause_say(cause, " by the VLAN filtering of the bridge %s", name);
	}
	cause->word = "bridge";
	list_closed_ports(q, &bridge, ifindex, closed, sizeof(closed));
	return cause_say(cause,
			 told ? ": the bridge %s had no port to send it out by%s"
			      : ": probably the bridge %s had no port to send it out by%s",
			 name, closed);
}

/* The device of a program: tun or tap. */
bool cause_check_tun(const struct cause_query *q, struct cause *cause)
{
	struct system_link l = {0};
	bool full = q->reason && strcmp(q->reason, "FULL_RING") == 0;
	bool unsaid = !q->reason || strcmp(q->reason, "NOT_SPECIFIED") == 0;
	char name[NAME];

	if (cause_link(q, q->at->ifindex, &l) || strcmp(l.kind, "tun") != 0 || !l.up)
		return false;
	device_name(&l, name);
	if (!l.carrier)
		return cause_say(cause, ": no program has opened %s", name);
	if (full)
		return cause_say(cause,
				 ": the program behind %s does not read what is sent to it fast "
				 "enough",
				 name);
	if (unsaid && q->function && strcmp(q->function, "tun_net_xmit") == 0)
		return cause_say(cause,
				 ": probably the program behind %s does not read what is sent to "
				 "it fast enough",
				 name);
	return false;
}
