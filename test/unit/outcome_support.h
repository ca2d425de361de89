/* A made-up host for outcomes: what it answers is set by the test. */
#ifndef TRACEPKT_TEST_OUTCOME_SUPPORT_H
#define TRACEPKT_TEST_OUTCOME_SUPPORT_H

#include "outcome.h"

#define OWN    4026531840U /* namespaces: of the ping and of the program, */
#define WEB    4026532500U /* named web */
#define ROUTER 4026532600U /* named router */

#define MAX_SETTINGS 8

struct fake_host {
	struct outcome_context context;
	struct {
		uint32_t netns;
		const char *path;
		long value;
	} settings[MAX_SETTINGS];
	struct system_route route; /* of type ROUTE_OTHER: not known */
	struct system_neigh neigh;
	struct system_link link; /* of any device; without a name: not known */
	struct system_link peer; /* of ifindex 99: another end, or a bridge */
	struct system_link ports[2];
	size_t n_ports;       /* of every bridge */
	uint32_t local_netns; /* where the target is at home */
	unsigned int rules;
	const char *function, *reason; /* of every drop */
	unsigned int questions;        /* put to the system */
};

/* One that knows nothing; its context is complete. Pings go from 192.0.2.1 to 198.51.100.2. */
void fake_host_init(struct fake_host *h);

void fake_host_set(struct fake_host *h, uint32_t netns, const char *path, long value);

/* A device: veth, up, in good order. */
struct system_link fake_link(const char *name, const char *kind);

/* The request at a place; time is in microseconds. */
struct step fake_step(uint64_t time, enum event_dir dir, uint32_t netns, const char *ifname);

/* A request that arrived in netns by the device and, with drop, was dropped there. */
void fake_arrive(struct way *w, uint32_t netns, const char *ifname, bool drop);

/* Decides, and asserts the words and the text; cause may be NULL. */
void expect_decision(struct fake_host *h, const struct way *w, const char *outcome,
		     const char *cause, const char *text);

#endif
