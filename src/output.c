/* Writes lines by the page. */
#include "output.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FULL        65536
#define PATIENCE_MS 1000 /* of a reader, when we are told to stop */

int output_open(struct output *o, int fd, int signal_fd)
{
	struct stat st;

	*o = (struct output){.fd = fd, .signal_fd = signal_fd};
	o->is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	o->stage = open_memstream(&o->text, &o->size);
	if (o->stage)
		return 0;
	say_error("out of memory");
	return -1;
}

bool output_is_full(const struct output *o)
{
	return ftello(o->stage) >= FULL;
}

static int poll_again(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready;

	do {
		ready = poll(fds, n, timeout);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

/*
 * Until a page can be written without blocking. False: a signal came, and the reader has not read
 * for a while since. Whatever else is wrong, the write will tell.
 */
static bool wait_for_room(const struct output *o, bool interrupted)
{
	struct pollfd fds[] = {{o->fd, POLLOUT, 0}, {o->signal_fd, POLLIN, 0}};

	if (!interrupted && poll_again(fds, ARRAY_SIZE(fds), -1) < 0)
		return true;
	return fds[0].revents || poll_again(fds, 1, PATIENCE_MS) != 0;
}

/* Whole lines, as far as they go into what a pipe takes at once. */
static size_t page_of(const char *text, size_t len)
{
	const char *end;

	if (len <= PIPE_BUF)
		return len;
	end = memrchr(text, '\n', PIPE_BUF);
	return end ? (size_t)(end + 1 - text) : PIPE_BUF;
}

static enum output_result write_all(const struct output *o, bool interrupted)
{
	size_t done = 0;

	while (done < o->size) {
		size_t len = o->size - done;
		ssize_t n;

		if (!o->is_file && !wait_for_room(o, interrupted))
			return OUTPUT_STUCK;
		n = write(o->fd, o->text + done, o->is_file ? len : page_of(o->text + done, len));
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return OUTPUT_FAILED;
		if (n > 0)
			done += (size_t)n;
	}
	return OUTPUT_DONE;
}

enum output_result output_flush(struct output *o, bool interrupted)
{
	enum output_result result = OUTPUT_FAILED;
	int error;

	if (ftello(o->stage) == 0)
		return OUTPUT_DONE;
	if (fflush(o->stage) == 0 && !ferror(o->stage))
		result = write_all(o, interrupted);
	error = errno;
	rewind(o->stage);
	errno = error;
	return result;
}

void output_close(struct output *o)
{
	if (o->stage)
		fclose(o->stage);
	free(o->text);
	*o = (struct output){.fd = -1, .signal_fd = -1};
}
