/* Keeps names of skb drop reasons, and reads them from a tracepoint's format and from headers. */
#include "reason_list.h"
#include "util.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_ident_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t ident_length(const char *s)
{
	size_t len = 0;

	while (is_ident_char(s[len]))
		len++;
	return isdigit((unsigned char)*s) ? 0 : len;
}

static bool ends_with(const char *s, const char *with)
{
	size_t len = strlen(s), n = strlen(with);

	return len >= n && strcmp(s + len - n, with) == 0;
}

/*
 * Enumerators that only count or mark: SKB_DROP_REASON_MAX, _SUBSYS_MASK, OVS_DROP_MAX,
 * __QDISC_DROP_REASON (include/net/dropreason-core.h, dropreason-qdisc.h, net/openvswitch/drop.h of
 * 7.2).
 */
static bool is_mark(const char *name)
{
	return !*name || strcmp(name, "MAX") == 0 || str_starts(name, "SUBSYS_") ||
	       ends_with(name, "_DROP_MAX") || ends_with(name, "_DROP_REASON");
}

static bool is_no_drop(const char *name)
{
	return strcmp(name, "SKB_NOT_DROPPED_YET") == 0 || strcmp(name, "SKB_CONSUMED") == 0;
}

const struct reason *reason_list_find(const struct reason_list *l, uint32_t number)
{
	const struct reason *r = l->first;

	while (r && r->number != number)
		r = r->next;
	return r;
}

bool reason_list_is_drop(const struct reason_list *l, uint32_t number)
{
	const struct reason *same = reason_list_find(l, number);
	uint32_t least = UINT32_MAX;

	if (same || !l->first)
		return !same || same->is_drop;
	for (const struct reason *r = l->first; r; r = r->next)
		if (r->number < least)
			least = r->number;
	return number > least;
}

const struct reason *reason_list_add_text(struct reason_list *l, uint32_t number, const char *text)
{
	struct reason *r = l->n < REASON_LIST_MAX ? malloc(sizeof(*r)) : NULL;

	if (!r)
		return NULL;
	r->number = number;
	r->is_drop = reason_list_is_drop(l, number);
	snprintf(r->name, sizeof(r->name), "%s", text);
	r->next = l->first;
	l->first = r;
	l->n++;
	return r;
}

int reason_list_add(struct reason_list *l, uint32_t number, const char *name, size_t len)
{
	static const char prefix[] = "SKB_DROP_REASON_";
	char copy[REASON_NAME_BYTES + sizeof(prefix)];
	const char *bare = copy;
	const struct reason *added;

	snprintf(copy, sizeof(copy), "%.*s", len < sizeof(copy) ? (int)len : (int)sizeof(copy),
		 name);
	if (ident_length(copy) != strlen(copy) || reason_list_find(l, number))
		return 0;
	bare += strspn(bare, "_");
	if (str_starts(bare, prefix))
		bare += strlen(prefix);
	if (is_mark(bare))
		return 0;
	added = reason_list_add_text(l, number, bare);
	if (!added)
		return -1;
	l->first->is_drop = !is_no_drop(bare);
	return 1;
}

void reason_list_clear(struct reason_list *l)
{
	while (l->first) {
		struct reason *r = l->first;

		l->first = r->next;
		free(r);
	}
	l->n = 0;
}

/* A number as C has them, without a sign. */
static bool read_number(const char **at, uint32_t *number)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	n = strtoull(*at, &end, 0);
	end += strspn(end, "uUlL");
	if (n > UINT32_MAX)
		return false;
	*number = (uint32_t)n;
	*at = end;
	return true;
}

/* Takes c and the blanks around it. */
static bool take(const char **at, char c)
{
	const char *s = *at + strspn(*at, " \t\n");

	if (*s != c)
		return false;
	s++;
	*at = s + strspn(s, " \t\n");
	return true;
}

/* One entry behind its brace: 2, "NOT_SPECIFIED" }. What is none is passed over. */
static int add_entry(struct reason_list *l, const char **at)
{
	const char *s = *at, *name;
	uint32_t number;
	size_t len;

	*at += strcspn(*at, "}");
	*at += **at == '}';
	if (!read_number(&s, &number) || !take(&s, ',') || *s != '"')
		return 0;
	name = s + 1;
	len = ident_length(name);
	s = name + len;
	if (*s++ != '"' || !take(&s, '}'))
		return 0;
	return reason_list_add(l, number, name, len);
}

int reason_list_add_format(struct reason_list *l, const char *format)
{
	static const char start[] = "__print_symbolic(REC->reason";
	const char *at = strstr(format, start);
	int n = 0, added = 0;

	if (!at)
		return 0;
	at += strlen(start);
	while (added >= 0 && take(&at, ',') && take(&at, '{')) {
		added = add_entry(l, &at);
		n += added;
	}
	return added < 0 ? -1 : n;
}

/* Behind blanks, comments and lines of the preprocessor. */
static const char *skip_blanks(const char *s)
{
	for (;;) {
		const char *end = NULL;

		s += strspn(s, " \t\n");
		if (str_starts(s, "/*"))
			end = strstr(s + 2, "*/");
		else if (!str_starts(s, "//") && *s != '#')
			return s;
		s = end ? end + 2 : s + strcspn(s, "\n");
	}
}

/* An enumerator in the text of a header. */
struct enumerator {
	const char *at; /* behind it */
	const char *name;
	size_t len;
	uint64_t number, next; /* of it, and the one behind; above UINT32_MAX: cannot be told */
};

#define NUMBER_UNKNOWN UINT64_MAX

/* In front of the first enumerator; false if the header does not define the enum. */
static bool find_enum(struct enumerator *e, const char *header, const char *name)
{
	while ((header = strstr(header, "enum "))) {
		header += strlen("enum ");
		if (!str_starts(header, name))
			continue;
		header = skip_blanks(header + strlen(name));
		if (*header != '{')
			continue;
		*e = (struct enumerator){.at = header + 1, .next = 0};
		return true;
	}
	return false;
}

/* SKB_DROP_REASON_SUBSYS_QDISC << SKB_DROP_REASON_SUBSYS_SHIFT */
static bool is_subsystem(const char *value)
{
	size_t len = ident_length(value);

	value = skip_blanks(value + len);
	return len && str_starts(value, "<<") &&
	       str_starts(skip_blanks(value + 2), "SKB_DROP_REASON_SUBSYS_SHIFT");
}

/* What stands between "=" and the next enumerator. */
static uint64_t read_value(const char *s, const char *end, uint32_t base)
{
	uint32_t number;

	if (is_subsystem(s))
		return base;
	return read_number(&s, &number) && skip_blanks(s) == end ? number : NUMBER_UNKNOWN;
}

/* Goes to the next one; base is the value of those that are a subsystem's. False: no more. */
static bool next_enumerator(struct enumerator *e, uint32_t base)
{
	const char *s;

	e->name = skip_blanks(e->at);
	e->len = ident_length(e->name);
	if (!e->len)
		return false;
	s = skip_blanks(e->name + e->len);
	e->at = s + strcspn(s, ",}");
	if (*s == '=')
		e->number = read_value(skip_blanks(s + 1), e->at, base);
	else
		e->number = s == e->at ? e->next : NUMBER_UNKNOWN;
	e->next = e->number <= UINT32_MAX ? e->number + 1 : NUMBER_UNKNOWN;
	e->at += *e->at == ',';
	return true;
}

int reason_list_add_header(struct reason_list *l, const char *header, const char *name,
			   uint32_t base)
{
	struct enumerator e;
	int n = 0, added = 0;

	if (!find_enum(&e, header, name))
		return 0;
	while (added >= 0 && next_enumerator(&e, base)) {
		added = e.number <= UINT32_MAX && e.number >= base
				? reason_list_add(l, (uint32_t)e.number, e.name, e.len)
				: 0;
		n += added;
	}
	return added < 0 ? -1 : n;
}

bool reason_header_value(const char *header, const char *name, const char *enumerator,
			 uint32_t *number)
{
	struct enumerator e;

	if (!find_enum(&e, header, name))
		return false;
	while (next_enumerator(&e, 0)) {
		if (e.len != strlen(enumerator) || strncmp(e.name, enumerator, e.len) != 0)
			continue;
		*number = (uint32_t)e.number;
		return e.number <= UINT32_MAX;
	}
	return false;
}
