/* Routing: forwarding, routes, sources that are not believed, lifetime, size, neighbours. */
#include "cause_checks.h"
#include "util.h"

#include <inttypes.h>
#include <string.h>

static const char *text_of(const struct system_address *a, char buf[64])
{
	return cause_address(a->family, a->bytes, buf);
}

static bool is_local(const struct cause_query *q, const struct system_address *a)
{
	return q->c->system->is_local(q->c->system_ctx, q->at->netns, a) == 1;
}

int cause_route(const struct cause_query *q, struct system_route *r)
{
	struct system_route_query query = {
		.to = cause_target(q), .mark = q->c->mark, .tos = q->c->tos};

	*r = (struct system_route){.type = ROUTE_OTHER};
	if (q->at->dir == EVENT_RX || q->at->iif)
		query.iif = q->at->dir == EVENT_RX || !q->at->iif ? q->at->ifindex : q->at->iif;
	if (query.iif)
		query.from = cause_source(q);
	else
		query.oif = q->at->netns == q->c->netns ? q->c->oif : 0;
	if (q->c->system->route(q->c->system_ctx, q->at->netns, &query, r) == 0 &&
	    r->type != ROUTE_REFUSED && r->type != ROUTE_OTHER)
		return 0;
	if (!query.iif)
		return -1;
	/* as if it were made there: what a rule of policy routing says of the device is lost */
	query.iif = 0;
	query.from = (struct system_address){0};
	return q->c->system->route(q->c->system_ctx, q->at->netns, &query, r);
}

bool cause_check_rp_filter(const struct cause_query *q, struct cause *cause)
{
	struct system_route_query back = {.to = cause_source(q)};
	char ifname[4 * IF_NAMESIZE + 1], other[4 * IF_NAMESIZE + 1], source[64];
	struct system_route r;
	long all = 0, own = 0;
	bool general;

	if (q->at->family != 4 || !*q->at->ifname ||
	    cause_setting(q, &all, "net/ipv4/conf/all/rp_filter") ||
	    cause_setting(q, &own, "net/ipv4/conf/%s/rp_filter", q->at->ifname))
		return false;
	if ((all <= 0 && own <= 0) || is_local(q, &back.to) ||
	    q->c->system->route(q->c->system_ctx, q->at->netns, &back, &r))
		return false;
	general = all >= own; /* the greater one counts: IN_DEV_RPFILTER() */
	cause_name(q->at->ifname, ifname, sizeof(ifname));
	text_of(&back.to, source);
	cause->word = "rp_filter";
	if (r.type != ROUTE_UNICAST)
		return cause_say(cause,
				 ": reverse path filtering, for there is no route back to %s "
				 "(net.ipv4.conf.%s.rp_filter = %ld)",
				 source, general ? "all" : ifname, general ? all : own);
	if (r.oif == q->at->ifindex)
		return false;
	return cause_say(cause,
			 ": reverse path filtering, for the route back to %s is by device %s "
			 "(net.ipv4.conf.%s.rp_filter = %ld)",
			 source, cause_name(r.oifname, other, sizeof(other)),
			 general ? "all" : ifname, general ? all : own);
}

/* Sources that no packet from outside may have: 0/8, 127/8, multicast, class E; ::1, multicast. */
static bool is_never_a_source(const struct system_address *a)
{
	static const uint8_t loopback6[16] = {[15] = 1};

	if (a->family == 4)
		return a->bytes[0] == 0 || a->bytes[0] == 127 || a->bytes[0] >= 224;
	return a->bytes[0] == 0xff || memcmp(a->bytes, loopback6, sizeof(loopback6)) == 0;
}

bool cause_check_martian(const struct cause_query *q, struct cause *cause)
{
	struct system_address from = cause_source(q);
	char source[64];

	text_of(&from, source);
	if (is_never_a_source(&from))
		return cause_say(cause,
				 ": martian source, for nothing may come in by a device from %s",
				 source);
	if (is_local(q, &from))
		return cause_say(cause,
				 ": martian source, for %s is an address of that namespace itself",
				 source);
	return false;
}

bool cause_check_forwarding(const struct cause_query *q, struct cause *cause)
{
	struct system_address to = cause_target(q);
	char ifname[4 * IF_NAMESIZE + 1];
	long general = 1, own = 1, forced = 0;

	if (is_local(q, &to))
		return false;
	if (q->at->family == 6) {
		if (cause_setting(q, &general, "net/ipv6/conf/all/forwarding") || general)
			return false;
		/* since 6.17 a device can be an exception */
		if (*q->at->ifname &&
		    cause_setting(q, &forced, "net/ipv6/conf/%s/force_forwarding", q->at->ifname) ==
			    0 &&
		    forced)
			return false;
		return cause_say(cause, ": IPv6 forwarding is off there "
					"(net.ipv6.conf.all.forwarding = 0)");
	}
	if (!*q->at->ifname ||
	    cause_setting(q, &own, "net/ipv4/conf/%s/forwarding", q->at->ifname) || own)
		return false;
	if (cause_setting(q, &general, "net/ipv4/ip_forward") == 0 && general == 0)
		return cause_say(cause, ": IP forwarding is off there (net.ipv4.ip_forward = 0)");
	return cause_say(cause, ": IP forwarding is off there (net.ipv4.conf.%s.forwarding = 0)",
			 cause_name(q->at->ifname, ifname, sizeof(ifname)));
}

/* Routes, and rules, that are against a packet. */
static const struct {
	const char *type, *word;
} refusals[] = {
	[ROUTE_BLACKHOLE] = {"blackhole", "route_blackhole"},
	[ROUTE_UNREACHABLE] = {"unreachable", "route_unreachable"},
	[ROUTE_PROHIBIT] = {"prohibit", "route_prohibit"},
};

/* Back is "back " or nothing. */
static bool say_no_route(const struct cause_query *q, const char *start, const char *back,
			 struct cause *cause)
{
	struct system_address to = cause_target(q);
	struct system_route r;
	char target[64];

	if (cause_route(q, &r))
		return false;
	text_of(&to, target);
	if (r.type == ROUTE_NONE) {
		cause->word = "no_route";
		return cause_say(cause, "%sthere is no route %sto %s there", start, back, target);
	}
	if (r.type < ROUTE_BLACKHOLE || r.type > ROUTE_PROHIBIT)
		return false;
	cause->word = refusals[r.type].word;
	if (r.by_rule)
		return cause_say(cause, "%sa rule of policy routing there (ip rule) says %s for %s",
				 start, refusals[r.type].type, target);
	return cause_say(cause, "%sthe route %sto %s there is of type %s", start, back, target,
			 refusals[r.type].type);
}

bool cause_check_no_route(const struct cause_query *q, struct cause *cause)
{
	return say_no_route(q, ": ", "", cause);
}

bool cause_of_no_way_back(const struct cause_query *q, struct cause *cause)
{
	if (!say_no_route(q, "", "back ", cause))
		return false;
	cause->word = "no_route_back";
	return true;
}

bool cause_check_ttl(const struct cause_query *q, struct cause *cause)
{
	const struct step *first = &q->passage->first;

	if (q->at->ttl > 1)
		return false;
	cause->word = "ttl";
	if (first->dir && first->ttl)
		return cause_say(cause, ": its %s of %u was spent there",
				 q->at->family == 4 ? "ttl" : "hop limit", first->ttl);
	return cause_say(cause, ": its %s was spent there",
			 q->at->family == 4 ? "ttl" : "hop limit");
}

/* Has an error told that it is too big? */
static bool was_told_too_big(const struct way *w)
{
	const struct heard_error *e = &w->error;

	return e->heard && (e->family == 4 ? e->type == 3 && e->code == 4 : e->type == 2);
}

bool cause_check_mtu(const struct cause_query *q, struct cause *cause)
{
	bool told =
		was_told_too_big(q->way) || (q->reason && strcmp(q->reason, "PKT_TOO_BIG") == 0);
	char oifname[4 * IF_NAMESIZE + 1];
	struct system_link l = {0};
	struct system_route r;

	cause->word = "mtu";
	if (cause_route(q, &r))
		r = (struct system_route){0};
	/* IPv4 routers as a rule do not look at a route's own */
	if (r.mtu && r.mtu < q->c->packet_bytes && (told || q->at->family == 6)) {
		struct system_address to = cause_target(q);
		char target[64];

		return cause_say(cause,
				 ": its %" PRIu32 " bytes are too many for the route to %s there, "
				 "whose mtu is %" PRIu32,
				 q->c->packet_bytes, text_of(&to, target), r.mtu);
	}
	if (r.oif && cause_link(q, r.oif, &l) == 0 && l.mtu && l.mtu < q->c->packet_bytes)
		return cause_say(cause,
				 ": its %" PRIu32
				 " bytes are too many for device %s, whose mtu is %" PRIu32 "%s",
				 q->c->packet_bytes, cause_name(l.name, oifname, sizeof(oifname)),
				 l.mtu, q->at->family == 4 ? ", and it may not be fragmented" : "");
	if (told)
		return cause_say(cause, ": it is too big for the way that it was to go on");
	cause->word = NULL;
	return false;
}

/* A veth takes in what is a VLAN tag longer than its mtu: ____dev_forward_skb(). */
bool cause_check_peer_mtu(const struct cause_query *q, struct cause *cause)
{
	enum { TAG = 4 };
	struct system_link l = {0}, peer = {0};
	char place[512];
	uint32_t netns;

	if (cause_link(q, q->at->ifindex, &l) || !l.lower || strcmp(l.kind, "veth") != 0)
		return false;
	netns = l.lower_elsewhere ? l.peer_netns : q->at->netns;
	if (!netns || q->c->system->link(q->c->system_ctx, netns, l.lower, &peer) || !peer.mtu ||
	    peer.mtu + TAG >= q->c->packet_bytes || l.mtu < q->c->packet_bytes)
		return false;
	cause_place(q->c, netns, peer.name, place, sizeof(place));
	return cause_say(cause,
			 ": its %" PRIu32 " bytes are too many for the other end %s, whose mtu is "
			 "%" PRIu32,
			 q->c->packet_bytes, place, peer.mtu);
}

/*
 * The kernel counts from ucast_solicit on where nothing was known of the neighbour
 * (__neigh_event_send() in net/core/neighbour.c).
 */
static long count_asks(const struct cause_query *q, int family, const char *ifname, uint32_t probes)
{
	long first;

	if (cause_setting(q, &first, "net/ipv%d/neigh/%s/ucast_solicit", family, ifname))
		return 0;
	return (long)probes > first ? (long)probes - first : (long)probes;
}

/* Nobody can answer on a device like that. */
static bool say_no_carrier(const struct cause_query *q, uint32_t ifindex, struct cause *cause)
{
	struct system_link l = {0};
	char place[512];

	if (cause_link(q, ifindex, &l) || (l.up && l.carrier))
		return false;
	cause_place(q->c, q->at->netns, l.name, place, sizeof(place));
	cause->word = l.up ? "no_carrier" : "link_down";
	cause->whole = true;
	return cause_say(cause, "the packet cannot go on %s: the device %s", place,
			 l.up ? "has no carrier" : "is down");
}

bool cause_of_neighbour(const struct cause_query *q, struct cause *cause)
{
	struct system_address next;
	struct system_neigh n = {0};
	struct system_route r;
	char address[64], place[512], asked[64] = "";
	long asks;

	if (cause_route(q, &r) || r.type != ROUTE_UNICAST || !r.oif)
		return false;
	if (say_no_carrier(q, r.oif, cause))
		return true;
	next = r.gateway.family ? r.gateway : cause_target(q);
	if (q->c->system->neigh(q->c->system_ctx, q->at->netns, r.oif, &next, &n) ||
	    (n.state != NEIGH_INCOMPLETE && n.state != NEIGH_FAILED))
		return false;
	asks = count_asks(q, next.family, r.oifname, n.probes);
	if (asks > 0)
		snprintf(asked, sizeof(asked), "%ld asked, ", asks);
	cause_place(q->c, q->at->netns, r.oifname, place, sizeof(place));
	cause->word = "neighbour";
	cause->whole = true;
	return cause_say(cause, "nobody at %s answers %s %s (%sneighbour %s)",
			 text_of(&next, address), next.family == 4 ? "ARP" : "neighbour discovery",
			 place, asked, n.state == NEIGH_FAILED ? "FAILED" : "INCOMPLETE");
}
