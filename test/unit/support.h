/* What the tests share: catching what is printed, temporary directories, files in them. */
#ifndef TRACEPKT_TEST_SUPPORT_H
#define TRACEPKT_TEST_SUPPORT_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>

#define N_OF(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Redirects a standard stream into a temporary file. */
struct capture {
	FILE *stream, *file;
	int saved_fd;
};

void capture_start(struct capture *c, FILE *stream);

/* What was printed; the caller frees it. */
char *capture_stop(struct capture *c);

/* Is it exactly one line that starts "tracepkt: " and has nothing in it but printable text? */
bool is_one_message(const char *said);

/* Asserts that said is one message with part in it, and frees it. */
void expect_message(char *said, const char *part);

/* Asserts that nothing was said, and frees it. */
void expect_silence(char *said);

/* A new directory; the caller hands it to temp_dir_remove(). */
char *temp_dir_new(void);

/* Removes it with all that is in it, and frees the name. */
void temp_dir_remove(char *dir);

/* "dir/name"; the caller frees it. */
char *path_in(const char *dir, const char *name);

bool exists_in(const char *dir, const char *name);

void write_file_in(const char *dir, const char *name, const char *text);

/* The text of a file; the caller frees it. NULL if it cannot be opened. */
char *read_file_in(const char *dir, const char *name);

/* Reads all of a file from its start; the caller frees it. */
char *read_stream(FILE *f);

/* A small random generator with a fixed sequence. */
unsigned int next_random(unsigned int *state);

#endif
