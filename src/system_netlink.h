/* What the files of system.h share: a socket of rtnetlink, attributes that are checked, parsing. */
#ifndef TRACEPKT_SYSTEM_NETLINK_H
#define TRACEPKT_SYSTEM_NETLINK_H

#include "netns.h"
#include "system.h"

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#define SYSTEM_REQUEST_BYTES 256 /* room for any request of ours */
#define SYSTEM_ECN_BITS      3   /* of the field tos, which are not routed by */

/* A socket in a namespace. It stays there when the thread that opened it has left. */
struct system_socket {
	struct mnl_socket *nl;
	unsigned int seq;
};

/* Opens one in the namespace this thread is in; 0 or -1. */
int system_socket_open(struct system_socket *s);

void system_socket_close(struct system_socket *s);

/*
 * Sends a request, whose header needs type and, for a dump, NLM_F_DUMP, and has on_message() read
 * what comes back; that always returns MNL_CB_OK. 0, or -1 with errno: the kernel's answer too.
 */
int system_ask(struct system_socket *s, struct nlmsghdr *request, mnl_cb_t on_message, void *arg);

/*
 * The attributes behind a fixed header, or in another attribute, by type; those beyond are left
 * out. False if the message is too short for its header.
 */
bool system_attributes(const struct nlmsghdr *nlh, size_t header, const struct nlattr **tb,
		       size_t n);
void system_nested(const struct nlattr *in, const struct nlattr **tb, size_t n);

/* The value of an attribute. False, and nothing changed, if it is NULL or too short. */
bool system_u8(const struct nlattr *a, uint8_t *value);
bool system_u32(const struct nlattr *a, uint32_t *value);
bool system_text(const struct nlattr *a, char *text, size_t size); /* false, too, if too long */
bool system_address(const struct nlattr *a, int family, struct system_address *address);

/* Bytes of an address of family 4 or 6, and AF_INET or AF_INET6 for it. */
size_t system_address_bytes(int family);
uint8_t system_af(int family);
bool system_same_address(const struct system_address *a, const struct system_address *b);

/* RTM_NEWROUTE as an answer about one address. 0, or -1 if it is none. */
int system_parse_route(const struct nlmsghdr *nlh, struct system_route *r);

/* The type for an errno that the kernel answers with. False: it says nothing about routes. */
bool system_route_of_errno(int error, struct system_route *r);

/*
 * Does the rule of RTM_NEWRULE take the packet of q and do the action (FR_ACT_*) to it? False if it
 * asks for what we do not know. iif and oif are the names of the devices of q, or "".
 */
bool system_parse_rule(const struct nlmsghdr *nlh, const struct system_route_query *q,
		       const char *iif, const char *oif, uint8_t action);

/* Is RTM_NEWROUTE a route of that type (RTN_*) that has the address in its prefix? */
bool system_parse_covering(const struct nlmsghdr *nlh, const struct system_address *to,
			   uint8_t type);

/* RTM_NEWNEIGH: 1, and n filled, if it is the entry of that address; else 0. */
int system_parse_neigh(const struct nlmsghdr *nlh, uint32_t ifindex, const struct system_address *a,
		       struct system_neigh *n);

/*
 * RTM_NEWLINK: all of l that it says. *nsid: of the namespace of l->lower, if that is another.
 * 0, or -1 if it is none.
 */
int system_parse_link(const struct nlmsghdr *nlh, struct system_link *l, uint32_t *nsid);

/* The operations, on a socket in the namespace; 0 or -1, as in struct system_ops. */
int system_ask_route(struct system_socket *s, const struct system_route_query *q,
		     struct system_route *r);
int system_ask_neigh(struct system_socket *s, uint32_t ifindex, const struct system_address *a,
		     struct system_neigh *n);

/* An answer with an error: sets by_rule, and the type, if it is a rule that says so. */
void system_blame_rule(struct system_socket *s, const struct system_route_query *q,
		       struct system_route *r);

/* All but tcx, for which one has to be in the namespace; not in it, so that netns_search() works.
 */
int system_ask_link(struct system_socket *s, uint32_t ifindex, struct system_link *l);

/* Packets that the fullest of a device's qdiscs holds; 0, too, where that cannot be asked. */
uint32_t system_ask_queued(struct system_socket *s, uint32_t ifindex);

/* Devices whose master that is: how many, or -1; max are stored. */
int system_ask_ports(struct system_socket *s, uint32_t master, struct system_link *ports,
		     size_t max);

/* The name of a device; false, and name is "", if there is none. */
bool system_ask_name(struct system_socket *s, uint32_t ifindex, char name[IF_NAMESIZE]);

/* Are there programs of tcx at a device of the namespace this thread is in? */
bool system_has_tcx(uint32_t ifindex, bool egress);

#endif
