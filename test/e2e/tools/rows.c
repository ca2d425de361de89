/*
 * Checks what `tracepkt -o json` printed, and makes of it what the shell can compare, in lines of
 * fields with tabs between them:
 *   wrong MESSAGE
 *   row SEQ EVENT IFNAME NETNS-NAME ROW      ROW as in expect_rows
 *   summary KEY=VALUE...
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

static bool is_hop(const json_t *o)
{
	const char *event = text(o, "event");

	return is_text(o, "event") && number(o, "time_ns") >= 0 && number(o, "seq") > 0 &&
	       number(o, "cpu") >= 0 && number(o, "netns") > 0 &&
	       (is_text(o, "netns_name") || is_null(o, "netns_name")) && is_named(o, "ifname") &&
	       number(o, "ifindex") > 0 && is_among(o, "type", "request reply error") &&
	       (number(o, "family") == 4 || number(o, "family") == 6) && is_text(o, "src") &&
	       is_text(o, "dst") && (strcmp(event, "device") != 0 || is_device(o)) &&
	       (strcmp(event, "netfilter") != 0 || is_chain(o));
}

static bool is_summary(const json_t *o)
{
	return number(o, "sent") >= 0 && number(o, "received") >= 0 &&
	       (number(o, "received") == 0 ? is_null(o, "rtt_ns") : number(o, "rtt_ns") >= 0) &&
	       is_text(o, "outcome") && number(o, "lost_events") >= 0;
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

static void put_row(const json_t *o, const struct names *names)
{
	bool device = strcmp(text(o, "event"), "device") == 0;

	put_key("row\t", o, "seq");
	put_key("\t", o, "event");
	put_key("\t", o, "ifname");
	if (is_named(o, "netns_name"))
		put_key("\t", o, "netns_name");
	else
		fputs("\t-", stdout);
	putchar('\t');
	put_netns(o, names);
	put_key(" ", o, "ifname");
	if (device)
		put_key(" ", o, "dir");
	else
		fputs(" chain", stdout);
	put_key(" ", o, "type");
	put_key(" ", o, "src");
	put_key(" ", o, "dst");
	if (!device)
		put_chain(o);
	putchar('\n');
}

static void put_summary(json_t *o)
{
	const char *key;
	json_t *value;

	fputs("summary", stdout);
	json_object_foreach(o, key, value)
	{
		printf("\t%s=", key);
		put(value);
	}
	putchar('\n');
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
	if (is_among(o, "event", "device netfilter"))
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
