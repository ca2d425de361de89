/* The identifiers of a C text and how it uses them, in a hash table. */
#ifndef TRACEPKT_IDENT_H
#define TRACEPKT_IDENT_H

#include <stddef.h>

enum ident_use {
	IDENT_PLAIN = 1,  /* stands alone: a typedef, an enumerator, a variable */
	IDENT_STRUCT = 2, /* behind the keyword struct */
	IDENT_UNION = 4,
	IDENT_ENUM = 8,
	IDENT_DEFINED = 16 /* the text defines it: a tag with a body, an enumerator, a macro */
};

struct ident_table;

/* Reads text, skipping comments, strings and #include lines. NULL: out of memory (said). */
struct ident_table *ident_table_new(const char *text);

/* A set of enum ident_use, 0 if the text does not have the name. */
unsigned int ident_table_use(const struct ident_table *t, const char *name);

void ident_table_free(struct ident_table *t);

#endif
