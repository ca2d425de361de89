/* The BPF C text: embedded files, the user's files in their place, all put together. */
#ifndef TRACEPKT_PROBE_TEXT_H
#define TRACEPKT_PROBE_TEXT_H

#include "say.h"

#include <stddef.h>

/* One file of probes/, embedded by cmake/EmbedFiles.cmake. */
struct probe_file {
	const char *name; /* without a directory */
	const char *text; /* NUL-terminated */
};

/* In the order of their names; ends with a NULL name. */
extern const struct probe_file probe_files[];

/*
 * Puts the files named in wanted (NULL at the end) together into one text, each #include "file"
 * replaced by the file itself the first time and by nothing later, with #line directives that keep
 * clang's messages on the user's file and line. A file in dir (may be NULL) replaces the embedded
 * one of its name. The caller frees the text. NULL: said.
 */
char *probe_text_assemble(const struct probe_file *files, const char *const *wanted,
			  const char *dir);

/* A file in dir that replaces nothing most likely has a misspelt name: warns of each. */
void probe_text_warn_of_strays(const struct probe_file *files, const char *dir, enum verbosity v);

/* Writes the embedded files to dir, which is made if need be. No file is overwritten. 0 or -1. */
int probe_text_dump(const struct probe_file *files, const char *dir);

#endif
