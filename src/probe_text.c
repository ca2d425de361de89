/* Assembles the text of the probes from embedded and from the user's files. */
#include "probe_text.h"
#include "util.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE_BYTES (1 << 20)
#define MAX_DEPTH      16
#define MAX_NAMES      64

struct assembly {
	const struct probe_file *files;
	const char *dir; /* the user's, or NULL */
	int dirfd;
	FILE *out;
	char *seen[MAX_NAMES]; /* names that are in the text already */
	size_t n_seen;
};

static const struct probe_file *find_embedded(const struct probe_file *files, const char *name)
{
	for (; files->name; files++)
		if (strcmp(files->name, name) == 0)
			return files;
	return NULL;
}

/* Fetches the text of name: *text to be freed, *from the user's file or not. 1, 0: no such file. */
static int fetch(const struct assembly *a, const char *name, char **text, bool *from_user)
{
	const struct probe_file *embedded = find_embedded(a->files, name);
	size_t len = 0;

	*from_user = false;
	if (a->dir) {
		*text = read_file_at(a->dirfd, name, MAX_FILE_BYTES, &len);
		if (*text && memchr(*text, '\0', len)) {
			free(*text);
			say_error("%s/%s is not text", a->dir, name);
			return -1;
		}
		if (*text) {
			*from_user = true;
			return 1;
		}
		if (errno != ENOENT) {
			say_error("cannot read %s/%s: %s", a->dir, name,
				  errno == EINVAL ? "not a regular file" : strerror(errno));
			return -1;
		}
	}
	if (!embedded)
		return 0;
	*text = strdup(embedded->text);
	if (!*text) {
		say_error("out of memory");
		return -1;
	}
	return 1;
}

/* As part of a C string; no line end can be in it then. */
static void put_quoted(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', out);
		fputc(*s == '\n' ? '?' : *s, out);
	}
}

static void put_line_directive(const struct assembly *a, unsigned int line, const char *name,
			       bool from_user)
{
	fprintf(a->out, "#line %u \"", line);
	put_quoted(a->out, from_user ? a->dir : "probes");
	fputc('/', a->out);
	put_quoted(a->out, name);
	fputs("\"\n", a->out);
}

/* The name in a line of the form #include "name", copied to name; false: another line. */
static bool quoted_include(const char *line, size_t len, char *name, size_t size)
{
	static const char word[] = "include";
	const char *end = line + len, *start;

	while (line < end && isblank((unsigned char)*line))
		line++;
	if (line == end || *line++ != '#')
		return false;
	while (line < end && isblank((unsigned char)*line))
		line++;
	if ((size_t)(end - line) < sizeof(word) - 1 || memcmp(line, word, sizeof(word) - 1) != 0)
		return false;
	line += sizeof(word) - 1;
	while (line < end && isblank((unsigned char)*line))
		line++;
	if (line == end || *line++ != '"')
		return false;
	start = line;
	while (line < end && *line != '"')
		line++;
	if (line == end || (size_t)(line - start) >= size)
		return false;
	memcpy(name, start, (size_t)(line - start));
	name[line - start] = '\0';
	return true;
}

static bool is_seen(const struct assembly *a, const char *name)
{
	for (size_t i = 0; i < a->n_seen; i++)
		if (strcmp(a->seen[i], name) == 0)
			return true;
	return false;
}

static int add_file(struct assembly *a, const char *name, const char *wanted_by, int depth);

static int add_text(struct assembly *a, const char *name, const char *text, bool from_user,
		    int depth)
{
	char included[256];

	put_line_directive(a, 1, name, from_user);
	for (unsigned int line = 1; *text; line++) {
		size_t len = strcspn(text, "\n");

		if (quoted_include(text, len, included, sizeof(included))) {
			if (add_file(a, included, name, depth + 1))
				return -1;
			put_line_directive(a, line + 1, name, from_user);
		} else {
			fwrite(text, 1, len, a->out);
			fputc('\n', a->out);
		}
		text += len + (text[len] == '\n');
	}
	return 0;
}

static int add_file(struct assembly *a, const char *name, const char *wanted_by, int depth)
{
	bool from_user;
	char *text;
	int ret;

	if (is_seen(a, name))
		return 0;
	if (depth > MAX_DEPTH || a->n_seen == MAX_NAMES) {
		say_error("too many probe files include each other, at %s", name);
		return -1;
	}
	if (!*name || strchr(name, '/')) {
		say_error("probe file %s includes \"%s\": name a file beside it", wanted_by, name);
		return -1;
	}
	ret = fetch(a, name, &text, &from_user);
	if (ret < 0)
		return -1;
	if (ret == 0) {
		say_error("probe file %s includes \"%s\", which does not exist", wanted_by, name);
		return -1;
	}
	a->seen[a->n_seen] = strdup(name);
	if (!a->seen[a->n_seen]) {
		say_error("out of memory");
		free(text);
		return -1;
	}
	a->n_seen++;
	ret = add_text(a, name, text, from_user, depth);
	free(text);
	return ret;
}

void probe_text_warn_of_strays(const struct probe_file *files, const char *dir, enum verbosity v)
{
	DIR *d = dir ? opendir(dir) : NULL;
	struct dirent *entry;

	if (!d)
		return;
	while ((entry = readdir(d))) {
		size_t len = strlen(entry->d_name);

		if (len > 2 && strcmp(entry->d_name + len - 2, ".c") == 0 &&
		    !find_embedded(files, entry->d_name))
			say_warning(v,
				    "%s/%s has the name of no probe file and is not used; "
				    "tracepkt --dump-probes=DIR shows the names",
				    dir, entry->d_name);
	}
	closedir(d);
}

char *probe_text_assemble(const struct probe_file *files, const char *const *wanted,
			  const char *dir)
{
	struct assembly a = {.files = files, .dir = dir, .dirfd = -1};
	struct strbuf text;
	char *result = NULL;
	int failed = 0;

	if (dir) {
		a.dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (a.dirfd < 0) {
			say_error("cannot open the probe directory %s: %s", dir, strerror(errno));
			return NULL;
		}
	}
	if (strbuf_open(&text) == 0) {
		a.out = text.f;
		for (; *wanted && !failed; wanted++)
			failed = add_file(&a, *wanted, *wanted, 0);
		result = strbuf_finish(&text);
		if (failed) {
			free(result);
			result = NULL;
		}
	}
	for (size_t i = 0; i < a.n_seen; i++)
		free(a.seen[i]);
	if (a.dirfd >= 0)
		close(a.dirfd);
	return result;
}

static int write_new_file(int dirfd, const char *dir, const struct probe_file *file)
{
	int fd = openat(dirfd, file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	int failed;

	if (fd >= 0 && !f)
		close(fd);
	if (!f) {
		say_error("cannot write %s/%s: %s%s", dir, file->name, strerror(errno),
			  errno == EEXIST ? "; name another directory" : "");
		return -1;
	}
	failed = fputs(file->text, f) == EOF;
	if (fclose(f) || failed) {
		say_error("cannot write %s/%s: %s", dir, file->name, strerror(errno));
		return -1;
	}
	return 0;
}

int probe_text_dump(const struct probe_file *files, const char *dir)
{
	int dirfd, failed = 0;

	if (mkdir(dir, 0755) && errno != EEXIST) {
		say_error("cannot make directory %s: %s", dir, strerror(errno));
		return -1;
	}
	dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0) {
		say_error("cannot open directory %s: %s", dir, strerror(errno));
		return -1;
	}
	for (const struct probe_file *f = files; f->name; f++)
		if (faccessat(dirfd, f->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
			say_error("%s/%s exists already; name another directory", dir, f->name);
			failed = -1;
		}
	for (const struct probe_file *f = files; f->name && !failed; f++)
		failed = write_new_file(dirfd, dir, f);
	close(dirfd);
	return failed;
}
