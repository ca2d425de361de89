/* Images in files. */
#include "image_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX    ".image"
#define NEW       ".new-XXXXXX"
#define NAME_SIZE (16 + sizeof(SUFFIX))

/* FNV-1a; only the name hangs on it, the key is compared whole. */
static void name_of(char name[NAME_SIZE], const char *key)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3;
	snprintf(name, NAME_SIZE, "%016llx" SUFFIX, (unsigned long long)hash);
}

/* Nobody else may have put anything there. */
static bool is_ours_alone(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & 077);
}

static int open_directory(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !is_ours_alone(&st))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool has_key(FILE *f, const char *key)
{
	size_t size = strlen(key) + 1;
	char *found = malloc(size);
	bool same = found && fread(found, size, 1, f) == 1 && memcmp(found, key, size) == 0;

	free(found);
	return same;
}

struct image *image_cache_get(const char *dir, const char *key)
{
	int dirfd = open_directory(dir), fd;
	struct image *im = NULL;
	char name[NAME_SIZE];
	struct stat st;
	FILE *f = NULL;

	if (dirfd < 0)
		return NULL;
	name_of(name, key);
	fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && is_ours_alone(&st))
		f = fdopen(fd, "r");
	if (f && has_key(f, key))
		im = image_read(f);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	close(dirfd);
	return im;
}

bool image_cache_is_empty(const char *dir)
{
	int fd = open_directory(dir);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool empty = true;

	if (!d && fd >= 0)
		close(fd);
	while (d && empty && (entry = readdir(d)))
		empty = *entry->d_name == '.';
	if (d)
		closedir(d);
	return empty;
}

static bool older(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec < b->st_mtim.tv_sec
						      : a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* Removes the oldest file if there are too many. Returns whether it did. */
static bool remove_oldest(int dir)
{
	char oldest[NAME_MAX + 1] = "";
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct stat st, least;
	struct dirent *entry;
	size_t n = 0;

	if (!d && copy >= 0)
		close(copy);
	while (d && (entry = readdir(d))) {
		if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
			continue;
		if (n++ && !older(&st, &least))
			continue;
		least = st;
		snprintf(oldest, sizeof(oldest), "%s", entry->d_name);
	}
	if (d)
		closedir(d);
	return n > IMAGE_CACHE_MAX && unlinkat(dir, oldest, 0) == 0;
}

/* Writes the file and gives it its name. */
static int write_file(const char *dir, const char *key, const struct image *im)
{
	char path[PATH_MAX], made[PATH_MAX], name[NAME_SIZE];
	int fd, failed;
	FILE *f;

	name_of(name, key);
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path) ||
	    (size_t)snprintf(made, sizeof(made), "%s/" NEW, dir) >= sizeof(made))
		return -1;
	fd = mkostemp(made, O_CLOEXEC); /* mode 0600 */
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		if (fd >= 0) {
			close(fd);
			unlink(made);
		}
		return -1;
	}
	failed = fwrite(key, strlen(key) + 1, 1, f) != 1 || image_write(im, f);
	if (fclose(f) || failed || rename(made, path)) {
		unlink(made);
		return -1;
	}
	return 0;
}

int image_cache_put(const char *dir, const char *key, const struct image *im)
{
	int fd, ret;

	mkdir(dir, 0700);
	fd = open_directory(dir);
	if (fd < 0)
		return -1;
	ret = write_file(dir, key, im);
	while (ret == 0 && remove_oldest(fd))
		;
	close(fd);
	return ret;
}
