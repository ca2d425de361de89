/* The command line: one table of options, one function that stores a value. */
#include "options.h"
#include "say.h"
#include "version.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util.h"

struct option_line {
	int key; /* the short option, or a number above 255 */
	const char *name;
	const char *value; /* NULL: takes none */
	const char *help;
};

enum { KEY_PROBE_DIR = 256, KEY_DUMP_PROBES, KEY_TYPES, KEY_ATTACH, KEY_NO_CACHE };

static const struct option_line lines[] = {
	{'4', NULL, NULL, "IPv4 only"},
	{'6', NULL, NULL, "IPv6 only"},
	{'c', "count", "N", "pings to send (1); 0: until interrupted"},
	{'i', "interval", "SECONDS", "between pings (1); 0: as soon as the last is answered"},
	{'W', "timeout", "SECONDS", "how long to wait for a reply (1)"},
	{'s', "size", "BYTES", "payload (56)"},
	{'t', "ttl", "N", "time to live, 1 to 255"},
	{'Q', "tos", "N", "type of service or traffic class, 0 to 255"},
	{'m', "mark", "N", "mark of the packets sent (SO_MARK)"},
	{'I', "interface", "NAME-OR-ADDRESS", "interface to send from, or source address"},
	{'N', "netns", "NAME|PID|PATH", "send from inside that network namespace"},
	{'n', "numeric", NULL, "show namespaces by inode number only"},
	{'o', "output", "FORMAT", "table (default) or json"},
	{KEY_PROBE_DIR, "probe-dir", "DIR", "a file in DIR replaces the embedded probe file"},
	{KEY_DUMP_PROBES, "dump-probes", "DIR", "write the embedded probe files to DIR and exit"},
	{KEY_TYPES, "types", "SOURCE", "kernel types from: auto, btf, headers or kheaders"},
	{KEY_ATTACH, "attach", "WAY", "auto, raw or tracepoint"},
	{KEY_NO_CACHE, "no-cache", NULL, "compile the probes anew and do not keep them"},
	{'q', "quiet", NULL, "no warnings"},
	{'v', "verbose", NULL, "tell what is done"},
	{'V', "version", NULL, "show the version and exit"},
	{'h', "help", NULL, "show this help and exit"},
};

#define N_LINES (sizeof(lines) / sizeof(lines[0]))

static void print_help(void)
{
	puts("Usage: tracepkt [OPTION]... TARGET\n"
	     "Shows every interface, namespace and netfilter chain of this host that a ping to TARGET\n"
	     "(address or name, IPv4 or IPv6) and its reply cross, in order.\n");
	for (size_t i = 0; i < N_LINES; i++) {
		const struct option_line *l = &lines[i];
		char left[64];
		int n = l->key < 256 ? snprintf(left, sizeof(left), "  -%c", l->key)
				     : snprintf(left, sizeof(left), "    ");

		if (l->name)
			n += snprintf(left + n, sizeof(left) - (size_t)n, "%s--%s",
				      l->key < 256 ? ", " : "  ", l->name);
		if (l->value)
			snprintf(left + n, sizeof(left) - (size_t)n, "=%s", l->value);
		printf("%-35s %s\n", left, l->help);
	}
	puts("\nExit status: 0 a reply came, 1 none came, 2 anything else went wrong.\n"
	     "More: man tracepkt");
}

/* A whole number, decimal or 0x hexadecimal, in [min, max]. */
static int parse_number(const char *what, const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end = NULL;
	unsigned long long n;

	errno = 0;
	n = strtoull(s, &end, strncmp(s, "0x", 2) == 0 ? 16 : 10);
	if (*s < '0' || *s > '9' || *end || errno || n < min || n > max) {
		say_error("%s takes a whole number from %llu to %llu, not '%s'", what,
			  (unsigned long long)min, (unsigned long long)max, s);
		return -1;
	}
	*out = n;
	return 0;
}

static int parse_seconds(const char *what, const char *s, double min, uint64_t *ns)
{
	static const double most = 86400;
	char *end = NULL;
	double d = strtod(s, &end);

	if (strspn(s, "0123456789.") != strlen(s) || end == s || *end || !isfinite(d) || d < min ||
	    d > most) {
		say_error("%s takes seconds from %g to %g, not '%s'", what, min, most, s);
		return -1;
	}
	*ns = (uint64_t)(d * (double)NS_PER_S);
	if (*ns == 0 && d > 0)
		*ns = 1;
	return 0;
}

static int parse_word(const char *what, const char *s, const char *const *words, unsigned int *out)
{
	char all[128] = "";
	size_t len = 0;

	for (unsigned int i = 0; words[i]; i++) {
		if (strcmp(s, words[i]) == 0) {
			*out = i;
			return 0;
		}
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s", i ? ", " : "",
					words[i]);
	}
	say_error("%s takes one of %s, not '%s'", what, all, s);
	return -1;
}

static int store(struct options *o, int key, const char *arg)
{
	static const char *const types[] = {"auto", "btf", "headers", "kheaders", NULL};
	static const char *const ways[] = {"auto", "raw", "tracepoint", NULL};
	static const char *const formats[] = {"table", "json", NULL};
	unsigned int word;
	uint64_t n;

	switch (key) {
	case '4':
	case '6':
		if (o->family != AF_UNSPEC && o->family != (key == '4' ? AF_INET : AF_INET6)) {
			say_error("-4 and -6 exclude each other; give one of them");
			return -1;
		}
		o->family = key == '4' ? AF_INET : AF_INET6;
		return 0;
	case 'c':
		return parse_number("--count", arg, 0, UINT64_MAX >> 1, &o->count);
	case 'i':
		return parse_seconds("--interval", arg, 0, &o->interval_ns);
	case 'W':
		return parse_seconds("--timeout", arg, 0.001, &o->timeout_ns);
	case 's':
		if (parse_number("--size", arg, 0, 65527, &n))
			return -1;
		o->size = (unsigned int)n;
		return 0;
	case 't':
		if (parse_number("--ttl", arg, 1, 255, &n))
			return -1;
		o->ttl = (int)n;
		return 0;
	case 'Q':
		if (parse_number("--tos", arg, 0, 255, &n))
			return -1;
		o->tos = (int)n;
		return 0;
	case 'm':
		if (parse_number("--mark", arg, 0, UINT32_MAX, &n))
			return -1;
		o->mark = (uint32_t)n;
		return 0;
	case 'I':
		o->interface = arg;
		return 0;
	case 'N':
		o->netns = arg;
		return 0;
	case 'n':
		o->numeric = true;
		return 0;
	case 'o':
		if (parse_word("--output", arg, formats, &word))
			return -1;
		o->output = (enum output_format)word;
		return 0;
	case KEY_PROBE_DIR:
		o->probe_dir = arg;
		return 0;
	case KEY_DUMP_PROBES:
		o->dump_probes = arg;
		return 0;
	case KEY_TYPES:
		if (parse_word("--types", arg, types, &word))
			return -1;
		o->types = (enum types_source)word;
		return 0;
	case KEY_ATTACH:
		if (parse_word("--attach", arg, ways, &word))
			return -1;
		o->attach = (enum attach_way)word;
		return 0;
	case KEY_NO_CACHE:
		o->no_cache = true;
		return 0;
	case 'q':
		o->verbosity = QUIET;
		return 0;
	case 'v':
		o->verbosity = VERBOSE;
		return 0;
	default:
		return -1;
	}
}

/* getopt's own form of the table. */
static void fill_getopt(char *shorts, struct option *longs)
{
	*shorts++ = ':'; /* we say ourselves what is wrong */
	for (size_t i = 0; i < N_LINES; i++) {
		const struct option_line *l = &lines[i];

		if (l->key < 256) {
			*shorts++ = (char)l->key;
			if (l->value)
				*shorts++ = ':';
		}
		if (l->name)
			*longs++ = (struct option){
				l->name, l->value ? required_argument : no_argument, NULL, l->key};
	}
	*shorts = '\0';
	*longs = (struct option){0};
}

static const struct option_line *find_line(int key)
{
	for (size_t i = 0; i < N_LINES; i++)
		if (lines[i].key == key)
			return &lines[i];
	return NULL;
}

/* getopt_long() has met something wrong: what, is for us to find out. */
static void say_wrong_option(int argc, char **argv, bool missing_value)
{
	const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
	const struct option_line *known = optopt ? find_line(optopt) : NULL;
	char one[3] = {'-', (char)optopt, '\0'};

	/* inside a cluster, -abc, optind still is at the word before */
	if (optopt > 0 && optopt < 256 && (!known || strncmp(word, "--", 2) != 0))
		word = one;
	if (missing_value)
		say_error("option %.200s needs a value; see tracepkt --help", word);
	else if (known && !known->value && strchr(word, '='))
		say_error("option --%s takes no value; see tracepkt --help", known->name);
	else
		say_error(
			"option %.200s is not known, or short for more than one; see tracepkt --help",
			word);
}

enum options_result options_parse(int argc, char **argv, struct options *o)
{
	char shorts[2 * N_LINES + 2];
	struct option longs[N_LINES + 1];
	int key;

	*o = (struct options){
		.family = AF_UNSPEC,
		.count = 1,
		.interval_ns = NS_PER_S,
		.timeout_ns = NS_PER_S,
		.size = 56,
		.ttl = -1,
		.tos = -1,
	};
	fill_getopt(shorts, longs);
	optind = 0; /* glibc: start afresh */
	opterr = 0;
	while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (key == '?' || key == ':') {
			say_wrong_option(argc, argv, key == ':');
			return OPTIONS_WRONG;
		}
		if (key == 'h') {
			print_help();
			return OPTIONS_DONE;
		}
		if (key == 'V') {
			puts("tracepkt " TRACEPKT_VERSION);
			return OPTIONS_DONE;
		}
		if (store(o, key, optarg))
			return OPTIONS_WRONG;
	}
	if (argc - optind > 1) {
		say_error("one TARGET at a time, '%.200s' is too many; see tracepkt --help",
			  argv[optind + 1]);
		return OPTIONS_WRONG;
	}
	o->target = argv[optind];
	if (o->target && o->dump_probes) {
		say_error("--dump-probes=DIR only writes files, it takes no TARGET");
		return OPTIONS_WRONG;
	}
	if (!o->target && !o->dump_probes) {
		say_error("no TARGET given; try: tracepkt 192.0.2.1, or tracepkt --help");
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
