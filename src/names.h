/* Names of what events have as numbers: namespaces, functions of the kernel, reasons for drops. */
#ifndef TRACEPKT_NAMES_H
#define TRACEPKT_NAMES_H

#include "drop_reasons.h"
#include "hop.h"
#include "ksyms.h"
#include "netns.h"

#include <stdbool.h>
#include <stdint.h>

struct names {
	struct netns_table *netns;
	struct ksyms *ksyms;
	struct drop_reasons *reasons;
	bool numeric; /* namespaces are not named */
	/* the last that was asked for */
	char function[KSYM_NAME_BYTES];
	char location[KSYM_NAME_BYTES + KSYM_MODULE_BYTES + 16];
};

/* 0, or -1: out of memory. names_free() is to be called either way. */
int names_init(struct names *n, bool numeric);

/* Sets the names in a hop; they are valid until the next call. */
void names_of_hop(struct names *n, struct hop *h);

/*
 * As struct outcome_context has them; ctx is a struct names. NULL: not known, or not to be named.
 * Valid until the next call.
 */
const char *names_netns(void *ctx, uint32_t netns);
const char *names_function(void *ctx, uint64_t location);
const char *names_reason(void *ctx, uint32_t reason);

void names_free(struct names *n);

#endif
