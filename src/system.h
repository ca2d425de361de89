/*
 * What a network namespace says of itself: settings, routes, neighbours, devices. Asked when a ping
 * is lost, to tell why.
 */
#ifndef TRACEPKT_SYSTEM_H
#define TRACEPKT_SYSTEM_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address: family 4 or 6, network order. */
struct system_address {
	int family; /* 0: none */
	uint8_t bytes[16];
};

/* A question to the routing table. */
struct system_route_query {
	struct system_address to;
	struct system_address from; /* or none */
	uint32_t iif;               /* device that the packet came in by; 0: sent from here */
	uint32_t oif;               /* or 0: any */
	uint32_t mark;
	uint8_t tos;
};

/*
 * With iif the kernel answers as it would for a packet to forward, but
 *
 * - IPv4: where forwarding of iif is off it gives EHOSTUNREACH for all that is not local, whatever
 * the routes and rules say: that is ROUTE_UNREACHABLE. Look at the setting first.
 * - IPv4: EINVAL is the answer both for a blackhole and for a source that is not accepted. It
 * counts as a blackhole if a rule says so, or if the target alone, sent from here, gets it too; a
 * blackhole in a table that only rules about iif or source lead to therefore is taken for
 * ROUTE_REFUSED.
 * - IPv6 looks neither at forwarding nor at the source.
 *
 * With oif IPv4 takes what no route leads to, or what a route or rule is against, to be on the
 * link.
 */
enum system_route_type {
	ROUTE_UNICAST,
	ROUTE_LOCAL, /* and anycast */
	ROUTE_BROADCAST,
	ROUTE_MULTICAST,
	ROUTE_BLACKHOLE,
	ROUTE_UNREACHABLE,
	ROUTE_PROHIBIT,
	ROUTE_NONE,    /* ENETUNREACH: no route */
	ROUTE_REFUSED, /* IPv4: the source is not accepted there, or iif has no IPv4 */
	ROUTE_OTHER,
};

struct system_route {
	enum system_route_type type;
	int error;                     /* errno that the kernel gave, or 0 */
	uint32_t oif;                  /* 0: none */
	char oifname[IF_NAMESIZE];     /* "" if none */
	struct system_address gateway; /* or none: the target is on the link */
	uint32_t mtu;                  /* that the route itself has, or 0 */
	bool by_rule; /* a rule of policy routing, not a route, says blackhole etc. */
};

enum system_neigh_state {
	NEIGH_NONE,       /* no entry */
	NEIGH_INCOMPLETE, /* asked, no answer yet */
	NEIGH_REACHABLE,  /* or another state in which its link-layer address is known */
	NEIGH_FAILED,
};

struct system_neigh {
	enum system_neigh_state state;
	uint32_t probes; /* asks since it was last confirmed */
};

struct system_link {
	char name[IF_NAMESIZE];
	char kind[32]; /* veth, bridge, vxlan, ...; "" for hardware and lo */
	bool up;       /* IFF_UP */
	bool carrier;  /* IFF_LOWER_UP */
	bool loopback; /* IFF_LOOPBACK */
	uint32_t mtu;
	uint32_t master;      /* ifindex or 0 */
	uint32_t lower;       /* IFLA_LINK, or 0; a veth's is the other end */
	bool lower_elsewhere; /* lower is an index in another namespace */
	uint32_t peer_netns;  /* inode of that namespace, 0 if it is not known */
	int bridge_state;     /* of a bridge port: BR_STATE_*, else -1 */
	bool vlan_filtering;  /* of a bridge */
	bool xdp;             /* a program of XDP is there (told since 4.8) */
	bool xdp_generic;
	uint32_t xdp_id; /* its id (since 4.13), or 0 */
	bool tc_ingress; /* a filter of tc at clsact or ingress may drop what comes in */
	bool tc_egress;
	char qdisc[32];  /* root qdisc's kind */
	uint32_t queued; /* packets that its qdiscs hold */
};

/*
 * Each returns 0, or -1 where it cannot be told (the namespace is gone or cannot be entered, or the
 * kernel does not say); nothing is said. netns is an inode.
 */
struct system_ops {
	/* A number in /proc/sys, by its path below it: "net/ipv4/ip_forward". */
	int (*setting)(void *ctx, uint32_t netns, const char *path, long *value);
	int (*route)(void *ctx, uint32_t netns, const struct system_route_query *q,
		     struct system_route *r);
	int (*neigh)(void *ctx, uint32_t netns, uint32_t ifindex, const struct system_address *a,
		     struct system_neigh *n);
	int (*link)(void *ctx, uint32_t netns, uint32_t ifindex, struct system_link *l);
	/* The ports of a bridge, of which max are stored, without xdp and tc: how many, or -1. */
	int (*ports)(void *ctx, uint32_t netns, uint32_t bridge, struct system_link *ports,
		     size_t max);
	/* Parts of netfilter that have tables there: enum attach_group. */
	unsigned int (*rules)(void *ctx, uint32_t netns);
	/* Is the address one of the namespace's own? 1, 0, or -1. */
	int (*is_local)(void *ctx, uint32_t netns, const struct system_address *a);
};

/* With a struct netns_table as ctx. */
extern const struct system_ops system_of_host;

/* The operation route in the namespace this thread is in. */
int system_route_here(const struct system_route_query *q, struct system_route *r);

#endif
