/* Reads a C text for its identifiers: a lexer that knows comments, strings and directives. */
#include "ident.h"
#include "say.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096 /* a power of two */

struct ident {
	struct ident *next;
	const char *name; /* into the text, not terminated */
	size_t len;
	unsigned int use;
};

struct ident_table {
	char *text;
	struct ident *buckets[BUCKETS];
};

struct lexer {
	const char *at;
	bool line_start; /* only blanks since the line began */
};

static uint32_t hash(const char *s, size_t len)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return h & (BUCKETS - 1);
}

static struct ident *lookup(const struct ident_table *t, const char *name, size_t len)
{
	struct ident *i = t->buckets[hash(name, len)];

	while (i && (i->len != len || memcmp(i->name, name, len) != 0))
		i = i->next;
	return i;
}

static int add(struct ident_table *t, const char *name, size_t len, unsigned int use)
{
	struct ident *i = lookup(t, name, len);
	uint32_t b = hash(name, len);

	if (!i) {
		i = malloc(sizeof(*i));
		if (!i) {
			say_error("out of memory");
			return -1;
		}
		*i = (struct ident){t->buckets[b], name, len, 0};
		t->buckets[b] = i;
	}
	i->use |= use;
	return 0;
}

static void skip_to(struct lexer *l, const char *stop)
{
	const char *found = strstr(l->at, stop);

	l->at = found ? found + strlen(stop) : l->at + strlen(l->at);
}

static void skip_quoted(struct lexer *l, char quote)
{
	for (l->at++; *l->at && *l->at != quote && *l->at != '\n'; l->at++)
		if (*l->at == '\\' && l->at[1])
			l->at++;
	if (*l->at == quote)
		l->at++;
}

static bool starts_ident(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static size_t ident_length(const char *s)
{
	size_t n = 0;

	while (starts_ident(s[n]) || isdigit((unsigned char)s[n]))
		n++;
	return n;
}

static bool word_is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(s, word, len) == 0;
}

/* One step past what is neither identifier nor punctuation of interest; false: nothing skipped. */
static bool skip_filler(struct lexer *l)
{
	if (*l->at == '\n') {
		l->line_start = true;
		l->at++;
	} else if (isspace((unsigned char)*l->at)) {
		l->at++;
	} else if (strncmp(l->at, "/*", 2) == 0) {
		l->at += 2;
		skip_to(l, "*/");
	} else if (strncmp(l->at, "//", 2) == 0) {
		l->at += strcspn(l->at, "\n");
	} else if (*l->at == '"' || *l->at == '\'') {
		l->line_start = false;
		skip_quoted(l, *l->at);
	} else if (isdigit((unsigned char)*l->at)) { /* 0x1fUL, 1e5, .. */
		l->line_start = false;
		while (isalnum((unsigned char)*l->at) || *l->at == '_' || *l->at == '.')
			l->at++;
	} else {
		return false;
	}
	return true;
}

static unsigned int keyword_use(const char *s, size_t len)
{
	if (word_is(s, len, "struct"))
		return IDENT_STRUCT;
	if (word_is(s, len, "union"))
		return IDENT_UNION;
	if (word_is(s, len, "enum"))
		return IDENT_ENUM;
	return 0;
}

/* At a '#' that starts a line: takes the name that #define defines, skips #include and #line. */
static int read_directive(struct ident_table *t, struct lexer *l)
{
	size_t len;

	l->line_start = false;
	l->at++;
	l->at += strspn(l->at, " \t");
	len = ident_length(l->at);
	if (word_is(l->at, len, "include") || word_is(l->at, len, "line")) {
		l->at += strcspn(l->at, "\n");
		return 0;
	}
	if (word_is(l->at, len, "define")) {
		l->at += len;
		l->at += strspn(l->at, " \t");
		len = ident_length(l->at);
		if (len && add(t, l->at, len, IDENT_DEFINED))
			return -1;
	}
	l->at += len;
	return 0;
}

/* What is known of the place in the text, between two tokens. */
struct context {
	unsigned int keyword; /* IDENT_STRUCT, _UNION or _ENUM if that is what came before */
	struct ident *tag;    /* the identifier behind that keyword, if it came just before */
	bool of_enum;         /* an enum began: the next '{' opens its body */
	bool in_enum;         /* in that body */
	bool expects_name;    /* in that body, an enumerator comes next */
	bool in_typedef;      /* the name before the next ';' is a typedef's */
	int braces, parens;
	struct ident *last; /* identifier */
};

static void read_punctuation(struct context *c, char p)
{
	if (p == '{') {
		if (c->tag)
			c->tag->use |= IDENT_DEFINED;
		c->in_enum = c->expects_name = c->of_enum;
		c->braces++;
	} else if (p == '}') {
		c->in_enum = false;
		c->braces--;
	} else if (p == '(' || p == ')') {
		c->parens += p == '(' ? 1 : -1;
	} else if (p == ',' && c->parens == 0) {
		c->expects_name = c->in_enum;
	} else if (p == ';' && c->in_typedef && c->braces <= 0) {
		if (c->last)
			c->last->use |= IDENT_DEFINED;
		c->in_typedef = false;
	}
	c->tag = NULL;
	c->of_enum = false;
	c->keyword = 0;
}

static int read_ident(struct ident_table *t, struct context *c, const char *name, size_t len)
{
	unsigned int use = c->keyword ? c->keyword : IDENT_PLAIN;
	bool enumerator = c->in_enum && c->expects_name && c->parens == 0;

	if (add(t, name, len, enumerator ? use | IDENT_DEFINED : use))
		return -1;
	c->expects_name = false;
	c->last = lookup(t, name, len);
	c->tag = c->keyword ? c->last : NULL;
	if (!c->keyword)
		c->of_enum = false;
	c->keyword = 0;
	return 0;
}

/* Past __attribute__ and its parentheses, which may stand between a keyword and its tag. */
static void skip_attribute(struct lexer *l)
{
	int depth = 0;

	do {
		if (*l->at == '(')
			depth++;
		else if (*l->at == ')')
			depth--;
		else if (!isspace((unsigned char)*l->at) && depth == 0)
			return;
		l->at++;
	} while (*l->at && (depth || isspace((unsigned char)*l->at) || *l->at == '('));
}

static int read_word(struct ident_table *t, struct lexer *l, struct context *c)
{
	const char *word = l->at;
	size_t len = ident_length(word);

	l->at += len;
	if (word_is(word, len, "__attribute__")) {
		skip_attribute(l);
	} else if (word_is(word, len, "typedef")) {
		c->in_typedef = true;
	} else if (keyword_use(word, len)) {
		c->keyword = keyword_use(word, len);
		c->of_enum = c->keyword == IDENT_ENUM;
		c->tag = NULL;
	} else {
		return read_ident(t, c, word, len);
	}
	return 0;
}

static int read_text(struct ident_table *t)
{
	struct lexer l = {t->text, true};
	struct context c = {0};

	while (*l.at) {
		int ret = 0;

		if (skip_filler(&l))
			continue;
		if (*l.at == '#' && l.line_start) {
			ret = read_directive(t, &l);
		} else if (starts_ident(*l.at)) {
			l.line_start = false;
			ret = read_word(t, &l, &c);
		} else {
			l.line_start = false;
			read_punctuation(&c, *l.at++);
		}
		if (ret)
			return -1;
	}
	return 0;
}

struct ident_table *ident_table_new(const char *text)
{
	struct ident_table *t = calloc(1, sizeof(*t));

	if (t)
		t->text = strdup(text);
	if (!t || !t->text) {
		free(t);
		say_error("out of memory");
		return NULL;
	}
	if (read_text(t)) {
		ident_table_free(t);
		return NULL;
	}
	return t;
}

unsigned int ident_table_use(const struct ident_table *t, const char *name)
{
	const struct ident *i = lookup(t, name, strlen(name));

	return i ? i->use : 0;
}

void ident_table_free(struct ident_table *t)
{
	if (!t)
		return;
	for (size_t b = 0; b < BUCKETS; b++)
		while (t->buckets[b]) {
			struct ident *next = t->buckets[b]->next;

			free(t->buckets[b]);
			t->buckets[b] = next;
		}
	free(t->text);
	free(t);
}
