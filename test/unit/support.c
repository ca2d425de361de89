/* Helpers of the tests. */
#include "support.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void capture_start(struct capture *c, FILE *stream)
{
	fflush(stream);
	c->stream = stream;
	c->file = tmpfile();
	ck_assert_ptr_nonnull(c->file);
	c->saved_fd = dup(fileno(stream));
	ck_assert_int_ge(c->saved_fd, 0);
	ck_assert_int_ge(dup2(fileno(c->file), fileno(stream)), 0);
}

char *capture_stop(struct capture *c)
{
	char *text;

	fflush(c->stream);
	dup2(c->saved_fd, fileno(c->stream));
	close(c->saved_fd);
	text = read_stream(c->file);
	fclose(c->file);
	return text;
}

char *read_stream(FILE *f)
{
	long size;
	char *text;

	fflush(f);
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	ck_assert_int_ge(size, 0);
	rewind(f);
	text = malloc((size_t)size + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(fread(text, 1, (size_t)size, f), (size_t)size);
	text[size] = '\0';
	return text;
}

bool is_one_message(const char *said)
{
	static const char start[] = "tracepkt: ";
	size_t len = strlen(said);

	if (len <= strlen(start) + 1 || strncmp(said, start, strlen(start)) != 0 ||
	    said[len - 1] != '\n')
		return false;
	for (size_t i = 0; i + 1 < len; i++)
		if ((unsigned char)said[i] < 0x20 || said[i] == 0x7f)
			return false;
	return true;
}

void expect_message(char *said, const char *part)
{
	ck_assert_msg(is_one_message(said), "not one message: '%s'", said);
	ck_assert_msg(strstr(said, part), "no '%s' in '%s'", part, said);
	free(said);
}

void expect_silence(char *said)
{
	ck_assert_str_eq(said, "");
	free(said);
}

char *temp_dir_new(void)
{
	const char *base = getenv("TMPDIR");
	char *dir = path_in(base && *base == '/' ? base : "/tmp", "unit-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(dir));
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void temp_dir_remove(char *dir)
{
	ck_assert_int_eq(nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	free(dir);
}

char *path_in(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path = malloc(size);

	ck_assert_ptr_nonnull(path);
	snprintf(path, size, "%s/%s", dir, name);
	return path;
}

bool exists_in(const char *dir, const char *name)
{
	char *path = path_in(dir, name);
	struct stat st;
	bool there = lstat(path, &st) == 0;

	free(path);
	return there;
}

void write_file_in(const char *dir, const char *name, const char *text)
{
	char *path = path_in(dir, name);
	FILE *f = fopen(path, "w");

	ck_assert_msg(f, "%s: %s", path, strerror(errno));
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	free(path);
}

char *read_file_in(const char *dir, const char *name)
{
	char *path = path_in(dir, name);
	FILE *f = fopen(path, "r");
	char *text = NULL;

	free(path);
	if (f) {
		text = read_stream(f);
		fclose(f);
	}
	return text;
}

unsigned int next_random(unsigned int *state)
{
	*state ^= *state << 13; /* xorshift32 of Marsaglia */
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}
