/*
 * Checks what `tracepkt -o json` printed, and makes of it what the shell can compare, in lines of
 * fields with tabs between them:
 *   wrong MESSAGE
 *   row SEQ EVENT IFNAME NETNS-NAME ROW      ROW as in expect_rows
 *   summary KEY=VALUE...                     outcomes=N tells how many lines of outcome follow
 *   outcome OUTCOME CAUSE PINGS TEXT         CAUSE is - if null
 * Each object must have its keys, of the right types; the rows of a ping must be in the order of
 * time, and the summary the last object. Usage: rows FILE [NAME INODE]..., the namespaces. Strings
 * are shown as they are in JSON, without the quotes.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PINGS 65536

struct names {
	char **list; /* name, inode, name, inode, ... */
	int n;
};

static bool is_text(const json_t *o, const char *key)
{
	return json_is_string(json_object_get(o, key));
}

static const char *text(const json_t *o, const char *key)
{
	const char *value = json_string_value(json_object_get(o, key));

	return value ? value : "";
}

static bool is_named(const json_t *o, const char *key)
{
	return *text(o, key) != '\0';
}

static json_int_t number(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

/* Is it absent, or a number that is not below least? */
static bool may_be_number(const json_t *o, const char *key, json_int_t least)
{
	return !json_object_get(o, key) || number(o, key) >= least;
}

static bool is_null(const json_t *o, const char *key)
{
	return json_is_null(json_object_get(o, key));
}

/* Is it one of some words, with blanks between them? */
static bool is_among(const json_t *o, const char *key, const char *words)
{
	const char *value = text(o, key);
	size_t len = strlen(value);

	for (const char *at = words; *value && (at = strstr(at, value)); at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* Is the chain called as its hook? */
static bool is_hooks_chain(const json_t *o)
{
	return strcasecmp(text(o, "chain"), text(o, "hook")) == 0;
}

static bool is_chain(const json_t *o)
{
	bool nftables = strcmp(text(o, "backend"), "nftables") == 0;

	return is_among(o, "backend", "iptables nftables") &&
	       (nftables ? is_among(o, "table_family", "ip ip6 inet bridge netdev")
			 : !json_object_get(o, "table_family")) &&
	       is_named(o, "table") && is_named(o, "chain") &&
	       is_among(o, "hook", "prerouting input forward output postrouting ingress egress") &&
	       (nftables || is_hooks_chain(o)) && is_text(o, "verdict");
}

static bool is_device(const json_t *o)
{
	return is_text(o, "probe") && is_among(o, "dir", "tx rx");
}

static bool is_drop(const json_t *o)
{
	return (is_text(o, "reason") || is_null(o, "reason")) &&
	       (is_text(o, "location") || is_null(o, "location")) &&
	       may_be_number(o, "reason_code", 1) &&
	       (!json_object_get(o, "error") || json_is_integer(json_object_get(o, "error")));
}

/* The header around the packet, of which nothing may be known. */
static bool is_tunnel(const json_t *t)
{
	if (!is_text(t, "ifname"))
		return false;
	if (is_null(t, "family"))
		return json_object_size(t) == 2;
	return (number(t, "family") == 4 || number(t, "family") == 6) && is_text(t, "src") &&
	       is_text(t, "dst") && number(t, "proto") >= 0 &&
	       (!json_object_get(t, "port") || (number(t, "proto") == 17 && number(t, "port") > 0));
}

static bool is_error(const json_t *o)
{
	return number(o, "icmp_type") >= 0 && number(o, "icmp_code") >= 0 &&
	       number(o, "info") >= 0 && is_named(o, "text") &&
	       is_among(o, "about", "request reply");
}

/* What each event may have. */
static bool has_right_options(const json_t *o)
{
	const json_t *tunnel = json_object_get(o, "tunnel"),
		     *longest = json_object_get(o, "longest");
	bool error = strcmp(text(o, "type"), "error") == 0;

	return may_be_number(o, "ttl", 1) && may_be_number(o, "fragment", 0) &&
	       may_be_number(o, "gap_ns", 0) && (!tunnel || is_tunnel(tunnel)) &&
	       (!longest || json_is_true(longest)) &&
	       (error ? is_error(o) : !json_object_get(o, "icmp_type"));
}

/* Only what is dropped may be at no device. */
static bool is_at_device(const json_t *o)
{
	bool nowhere = strcmp(text(o, "event"), "drop") == 0 && number(o, "ifindex") == 0;

	return is_text(o, "ifname") &&
	       (nowhere || (is_named(o, "ifname") && number(o, "ifindex") > 0));
}

static bool is_hop(const json_t *o)
{
	const char *event = text(o, "event");

	return is_text(o, "event") && number(o, "time_ns") >= 0 && number(o, "seq") > 0 &&
	       number(o, "cpu") >= 0 && number(o, "netns") > 0 &&
	       (is_text(o, "netns_name") || is_null(o, "netns_name")) && is_at_device(o) &&
	       is_among(o, "type", "request reply error") &&
	       (number(o, "family") == 4 || number(o, "family") == 6) && is_text(o, "src") &&
	       is_text(o, "dst") && (strcmp(event, "device") != 0 || is_device(o)) &&
	       (strcmp(event, "netfilter") != 0 || is_chain(o)) &&
	       (strcmp(event, "drop") != 0 || is_drop(o)) && has_right_options(o);
}

static bool is_outcome(const json_t *o)
{
	return is_named(o, "outcome") && (is_named(o, "cause") || is_null(o, "cause")) &&
	       is_named(o, "text") && number(o, "pings") >= 0 && number(o, "first_seq") >= 0;
}

static bool has_outcomes(const json_t *o)
{
	const json_t *list = json_object_get(o, "outcomes");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (!is_outcome(json_array_get(list, i)))
			return false;
	return json_is_array(list);
}

static bool is_summary(const json_t *o)
{
	return number(o, "sent") >= 0 && number(o, "received") >= 0 &&
	       (number(o, "received") == 0 ? is_null(o, "rtt_ns") : number(o, "rtt_ns") >= 0) &&
	       is_text(o, "outcome") && has_outcomes(o) && number(o, "lost_events") >= 0;
}

/* A value as in JSON, without the quotes of a string. */
static void put(const json_t *value)
{
	char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
	size_t len = dump ? strlen(dump) : 0;
	bool quoted = len >= 2 && *dump == '"';

	printf("%.*s", (int)(quoted ? len - 2 : len), quoted ? dump + 1 : dump ? dump : "");
	free(dump);
}

static void put_key(const char *before, const json_t *o, const char *key)
{
	fputs(before, stdout);
	put(json_object_get(o, key));
}

/* The namespace as the scenario calls it, and as tracepkt does if that is another name. */
static void put_netns(const json_t *o, const struct names *names)
{
	const char *called = text(o, "netns_name"), *name = NULL;

	for (int i = 0; i + 1 < names->n; i += 2)
		if (strtoll(names->list[i + 1], NULL, 10) == number(o, "netns"))
			name = names->list[i];
	if (name)
		fputs(name, stdout);
	else
		put_key("netns:", o, "netns");
	if (*called && (!name || strcmp(called, name) != 0)) {
		put_key("(called ", o, "netns_name");
		putchar(')');
	}
}

static void put_chain(const json_t *o)
{
	if (json_object_get(o, "table_family"))
		put_key(" ", o, "table_family");
	put_key(" ", o, "table");
	put_key(".", o, "chain");
	if (!is_hooks_chain(o))
		put_key("@", o, "hook");
	put_key(" ", o, "verdict");
}

/* Like put_key(), but "-" for null or "". */
static void put_key_or_dash(const char *before, const json_t *o, const char *key)
{
	if (is_named(o, key))
		put_key(before, o, key);
	else
		printf("%s-", before);
}

static void put_tunnel(const json_t *t)
{
	put_key_or_dash(" in ", t, "ifname");
	if (is_null(t, "family")) {
		fputs(" encapsulated", stdout);
		return;
	}
	put_key(" ", t, "src");
	put_key(" ", t, "dst");
	put_key(" ", t, "proto");
	if (json_object_get(t, "port")) /* a later fragment has none */
		put_key("/", t, "port");
}

static void put_error(const json_t *o)
{
	put_key(" icmp ", o, "icmp_type");
	put_key("/", o, "icmp_code");
	if (strcmp(text(o, "about"), "reply") == 0)
		fputs(" about-reply", stdout);
}

/* What a row says behind the addresses. */
static void put_details(const json_t *o)
{
	const char *event = text(o, "event");
	const json_t *tunnel = json_object_get(o, "tunnel");

	if (strcmp(event, "netfilter") == 0)
		put_chain(o);
	if (strcmp(event, "drop") == 0)
		put_key_or_dash(" ", o, "reason");
	if (tunnel)
		put_tunnel(tunnel);
	if (json_object_get(o, "fragment"))
		put_key(" fragment ", o, "fragment");
	if (strcmp(event, "device") == 0 && json_object_get(o, "icmp_type"))
		put_error(o);
}

static void put_row(const json_t *o, const struct names *names)
{
	const char *event = text(o, "event");

	put_key("row\t", o, "seq");
	put_key("\t", o, "event");
	put_key_or_dash("\t", o, "ifname");
	put_key_or_dash("\t", o, "netns_name");
	putchar('\t');
	put_netns(o, names);
	put_key_or_dash(" ", o, "ifname");
	if (strcmp(event, "device") == 0)
		put_key(" ", o, "dir");
	else
		fputs(strcmp(event, "drop") == 0 ? " drop" : " chain", stdout);
	put_key(" ", o, "type");
	put_key(" ", o, "src");
	put_key(" ", o, "dst");
	put_details(o);
	putchar('\n');
}

static void put_outcome(const json_t *o)
{
	put_key("outcome\t", o, "outcome");
	put_key_or_dash("\t", o, "cause");
	put_key("\t", o, "pings");
	put_key("\t", o, "text");
	putchar('\n');
}

static void put_summary(json_t *o)
{
	const json_t *outcomes = json_object_get(o, "outcomes");
	const char *key;
	json_t *value;

	fputs("summary", stdout);
	json_object_foreach(o, key, value)
	{
		printf("\t%s=", key);
		if (value == outcomes)
			printf("%zu", json_array_size(value));
		else
			put(value);
	}
	putchar('\n');
	for (size_t i = 0; i < json_array_size(outcomes); i++)
		put_outcome(json_array_get(outcomes, i));
}

/* One line of the file. Returns whether it was the summary. */
static bool take(json_t *o, const char *line, const struct names *names)
{
	static json_int_t last_time[MAX_PINGS];
	json_int_t seq = number(o, "seq");

	if (strcmp(text(o, "event"), "summary") == 0) {
		if (is_summary(o))
			put_summary(o);
		else
			printf("wrong\twrong summary: %s\n", line);
		return true;
	}
	if (!is_hop(o)) {
		printf("wrong\twrong object: %s\n", line);
		return false;
	}
	if (seq < MAX_PINGS) {
		if (number(o, "time_ns") < last_time[seq])
			printf("wrong\tnot in the order of time: %s\n", line);
		last_time[seq] = number(o, "time_ns");
	}
	if (is_among(o, "event", "device netfilter drop"))
		put_row(o, names);
	return false;
}

int main(int argc, char **argv)
{
	struct names names = {argv + 2, argc - 2};
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
	bool ended = false;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!f) {
		fputs("usage: rows FILE [NAME INODE]...\n", stderr);
		return 1;
	}
	while ((len = getline(&line, &size, f)) > 0) {
		json_t *o;

		line[strcspn(line, "\n")] = '\0';
		o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		if (ended)
			printf("wrong\tan object after the summary: %s\n", line);
		else if (!json_is_object(o))
			printf("wrong\tnot an object: %s\n", line);
		else
			ended = take(o, line, &names);
		json_decref(o);
	}
	if (!ended)
		puts("wrong\tno summary");
	free(line);
	fclose(f);
	return 0;
}
