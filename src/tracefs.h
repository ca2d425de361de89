/* The record format of tracepoints, as tracefs describes it. */
#ifndef TRACEPKT_TRACEFS_H
#define TRACEPKT_TRACEFS_H

/* Where tracefs is mounted, or NULL. */
const char *tracefs_path(void);

/*
 * Offset of a field in the record of a tracepoint, in bytes; -1 if tracefs, the tracepoint or the
 * field is not there (nothing is said).
 */
int tracefs_field_offset(const char *category, const char *name, const char *field);

/* The same from the text of a format file. */
int tracefs_parse_offset(const char *format, const char *field);

#endif
