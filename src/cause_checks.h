/*
 * The checks of cause.c's table: each looks whether the system bears its cause out and, if so,
 * fills in the text. Private to src/cause*.c.
 */
#ifndef TRACEPKT_CAUSE_CHECKS_H
#define TRACEPKT_CAUSE_CHECKS_H

#include "cause.h"

/* Sets the text, in the manner of printf. Always true. */
bool cause_say(struct cause *cause, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A setting of the namespace where the packet was dropped; the path in the manner of printf. */
int cause_setting(const struct cause_query *q, long *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The device of the step, or of that index there. */
int cause_link(const struct cause_query *q, uint32_t ifindex, struct system_link *l);

/* Addresses of the packet as it was at that place: inside a tunnel the outer ones. */
struct system_address cause_source(const struct cause_query *q);
struct system_address cause_target(const struct cause_query *q);

typedef bool (*cause_check_fn)(const struct cause_query *q, struct cause *cause);

/* cause_filter.c */
bool cause_check_firewall(const struct cause_query *q, struct cause *cause);

/* cause_route.c */
bool cause_check_rp_filter(const struct cause_query *q, struct cause *cause);
bool cause_check_martian(const struct cause_query *q, struct cause *cause);
bool cause_check_forwarding(const struct cause_query *q, struct cause *cause);
bool cause_check_no_route(const struct cause_query *q, struct cause *cause);
bool cause_check_ttl(const struct cause_query *q, struct cause *cause);
bool cause_check_mtu(const struct cause_query *q, struct cause *cause);
bool cause_check_peer_mtu(const struct cause_query *q, struct cause *cause);

/* cause_link.c */
bool cause_check_carrier(const struct cause_query *q, struct cause *cause);
bool cause_check_peer(const struct cause_query *q, struct cause *cause);
bool cause_check_qdisc(const struct cause_query *q, struct cause *cause);
bool cause_check_backlog(const struct cause_query *q, struct cause *cause);
bool cause_check_xdp(const struct cause_query *q, struct cause *cause);
bool cause_check_tc(const struct cause_query *q, struct cause *cause);
bool cause_check_bridge(const struct cause_query *q, struct cause *cause);
bool cause_check_tun(const struct cause_query *q, struct cause *cause);

#endif
