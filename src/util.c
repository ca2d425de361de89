/* Helpers shared by several files. */
#include "util.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static ssize_t read_all(int fd, char *to, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, to + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

char *read_file_at(int dirfd, const char *path, size_t max, size_t *len)
{
	/* O_NONBLOCK: a FIFO of that name must not make us wait */
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL;
	struct stat st;
	ssize_t n;
	int saved;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st))
		goto out;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		goto out;
	}
	if (st.st_size < 0 || (size_t)st.st_size > max) {
		errno = EFBIG;
		goto out;
	}
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		goto out;
	n = read_all(fd, text, (size_t)st.st_size);
	if (n < 0) {
		saved = errno;
		free(text);
		text = NULL;
		errno = saved;
		goto out;
	}
	text[n] = '\0';
	if (len)
		*len = (size_t)n;
out:
	saved = errno;
	close(fd);
	errno = saved;
	return text;
}

int read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read_all(fd, line, size - 1);
	close(fd);
	if (n < 0)
		return -1;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

bool kernel_is_before(unsigned long major, unsigned long minor)
{
	unsigned long is[2];
	struct utsname un;
	char *at = un.release;

	uname(&un);
	is[0] = strtoul(at, &at, 10);
	is[1] = *at ? strtoul(at + 1, NULL, 10) : 0;
	return is[0] < major || (is[0] == major && is[1] < minor);
}

bool str_is(const char *s, const char *other)
{
	return s && strcmp(s, other) == 0;
}

bool str_starts(const char *s, const char *with)
{
	return s && strncmp(s, with, strlen(with)) == 0;
}

int strbuf_open(struct strbuf *b)
{
	b->text = NULL;
	b->f = open_memstream(&b->text, &b->len);
	if (!b->f) {
		say_error("out of memory");
		return -1;
	}
	return 0;
}

char *strbuf_finish(struct strbuf *b)
{
	int bad = ferror(b->f);

	if (fclose(b->f) || bad) {
		free(b->text);
		say_error("out of memory");
		return NULL;
	}
	return b->text;
}
