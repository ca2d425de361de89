/* The command line. */
#ifndef TRACEPKT_OPTIONS_H
#define TRACEPKT_OPTIONS_H

#include "say.h"

#include <stdbool.h>
#include <stdint.h>

enum types_source { TYPES_AUTO, TYPES_BTF, TYPES_HEADERS, TYPES_KHEADERS };
enum attach_way { ATTACH_AUTO, ATTACH_RAW, ATTACH_TRACEPOINT };
enum output_format { OUTPUT_TABLE, OUTPUT_JSON };

/* Strings point into argv. */
struct options {
	const char *target;
	int family;            /* AF_INET, AF_INET6 or AF_UNSPEC */
	uint64_t count;        /* pings to send; 0: until interrupted */
	uint64_t interval_ns;  /* between pings */
	uint64_t timeout_ns;   /* to wait for a reply */
	unsigned int size;     /* payload bytes */
	int ttl;               /* -1: the system's */
	int tos;               /* -1: the system's */
	uint32_t mark;         /* 0: none */
	const char *interface; /* name or address, or NULL */
	const char *netns;     /* name, pid or path, or NULL */
	bool numeric;
	enum output_format output;
	const char *probe_dir;   /* or NULL */
	const char *dump_probes; /* or NULL */
	bool no_cache;
	enum types_source types;
	enum attach_way attach;
	enum verbosity verbosity;
};

enum options_result {
	OPTIONS_RUN,   /* *o is complete */
	OPTIONS_DONE,  /* --help or --version was answered */
	OPTIONS_WRONG, /* said on standard error */
};

/* Fills *o with defaults and what argv says. Reorders argv as getopt_long does. */
enum options_result options_parse(int argc, char **argv, struct options *o);

#endif
