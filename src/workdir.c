/*
 * The private directory. A run marks its directory with a file and holds a lock on it (flock on the
 * directory itself), which the kernel drops however the run ends; a marked directory whose lock can
 * be had is a leftover.
 */
#include "workdir.h"
#include "say.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX      "tracepkt-"
#define NEW_PREFIX  "tracepkt.new-" /* not locked yet */
#define MARKER      ".made-by-tracepkt"
#define RANDOM      "XXXXXX"
#define NEW_GRACE_S 60
#define MAX_NESTING 32

static const char *base_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir == '/' ? dir : "/tmp";
}

/*
 * Empties the directory fd, of the mark last; never follows a symbolic link out of it. Where
 * something stays, the mark does, too, and a later run tries again.
 */
static bool empty_directory(int fd, int nesting)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	bool empty = true;

	if (!d) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	while ((entry = readdir(d))) {
		int sub;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    (nesting == 0 && strcmp(entry->d_name, MARKER) == 0))
			continue;
		if (unlinkat(fd, entry->d_name, 0) == 0)
			continue;
		sub = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (sub >= 0 && nesting < MAX_NESTING)
			empty_directory(sub, nesting + 1);
		if (sub >= 0)
			close(sub);
		if (unlinkat(fd, entry->d_name, AT_REMOVEDIR))
			empty = false;
	}
	closedir(d);
	if (nesting == 0 && empty)
		unlinkat(fd, MARKER, 0);
	return empty;
}

/* Is this the name of a workdir, locked or new? */
static bool is_our_name(const char *name, bool *is_new)
{
	size_t len = strlen(name);

	*is_new = strncmp(name, NEW_PREFIX, strlen(NEW_PREFIX)) == 0;
	return (*is_new && len == strlen(NEW_PREFIX RANDOM)) ||
	       (strncmp(name, PREFIX, strlen(PREFIX)) == 0 && len == strlen(PREFIX RANDOM));
}

/* Ours by owner, mode and mark, and nobody holds its lock. */
static bool is_leftover(int fd, bool is_new)
{
	struct stat st, mark;
	bool marked = fstatat(fd, MARKER, &mark, AT_SYMLINK_NOFOLLOW) == 0 &&
		      S_ISREG(mark.st_mode) && mark.st_uid == geteuid() && mark.st_size == 0;

	if (fstat(fd, &st) || st.st_uid != geteuid() || (st.st_mode & 07777) != 0700)
		return false;
	if (is_new && st.st_mtime + NEW_GRACE_S > time(NULL))
		return false;
	return marked && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void remove_leftovers(int basefd)
{
	int copy = openat(basefd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!d) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((entry = readdir(d))) {
		bool is_new;
		int fd;

		if (!is_our_name(entry->d_name, &is_new))
			continue;
		fd = openat(basefd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (is_leftover(fd, is_new)) {
			empty_directory(fd, 0);
			unlinkat(basefd, entry->d_name, AT_REMOVEDIR);
		}
		close(fd);
	}
	closedir(d);
}

int workdir_open(struct workdir *w)
{
	const char *base = base_directory();
	int basefd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char made[PATH_MAX];
	int mark;

	w->fd = -1;
	if (basefd >= 0) {
		remove_leftovers(basefd);
		close(basefd);
	}
	if ((size_t)snprintf(made, sizeof(made), "%s/" NEW_PREFIX RANDOM, base) >= sizeof(made) ||
	    !mkdtemp(made)) {
		say_error("cannot make a directory in %s: %s; set TMPDIR to a directory with room",
			  base, strerror(errno));
		return -1;
	}
	/* Locked under a name that no other run looks at, then given the name that says so. */
	w->fd = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	snprintf(w->path, sizeof(w->path), "%s/" PREFIX "%s", base,
		 made + strlen(made) - strlen(RANDOM));
	mark = w->fd < 0 ? -1
			 : openat(w->fd, MARKER, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (mark < 0 || flock(w->fd, LOCK_EX | LOCK_NB) || rename(made, w->path)) {
		say_error("cannot set up %s: %s", made, strerror(errno));
		if (mark >= 0)
			close(mark);
		if (w->fd >= 0) {
			unlinkat(w->fd, MARKER, 0);
			close(w->fd);
		}
		w->fd = -1;
		rmdir(made);
		return -1;
	}
	close(mark);
	return 0;
}

static int make_parents(const struct workdir *w, const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		if ((size_t)(slash - path) >= sizeof(part)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (mkdirat(w->fd, part, 0700) && errno != EEXIST)
			return -1;
	}
	return 0;
}

int workdir_write(const struct workdir *w, const char *path, const char *text)
{
	int fd = make_parents(w, path);
	FILE *f;
	int failed;

	if (fd == 0)
		fd = openat(w->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			    0600);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		say_error("cannot write %s/%s: %s", w->path, path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	failed = fputs(text, f) == EOF;
	if (fclose(f) || failed) {
		say_error("cannot write %s/%s: %s", w->path, path, strerror(errno));
		return -1;
	}
	return 0;
}

void workdir_close(struct workdir *w)
{
	if (w->fd < 0)
		return;
	empty_directory(w->fd, 0);
	if (rmdir(w->path) && errno != ENOENT)
		say_error("cannot remove %s: %s", w->path, strerror(errno));
	close(w->fd);
	w->fd = -1;
}
