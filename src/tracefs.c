/* Reads format files of tracefs. */
#include "tracefs.h"
#include "util.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *tracefs_path(void)
{
	/* libbcc, which attaches, prefers them in this order (src/cc/libbpf.c) */
	static const char *const paths[] = {"/sys/kernel/debug/tracing", "/sys/kernel/tracing"};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char events[64];

		snprintf(events, sizeof(events), "%s/events", paths[i]);
		if (access(events, R_OK) == 0)
			return paths[i];
	}
	return NULL;
}

/* Is the declaration in front of ';' that of the field: "void * skbaddr", "char name[16]"? */
static bool declares(const char *decl, size_t len, const char *field)
{
	size_t n = strlen(field);

	for (size_t i = 0; i + n <= len; i++) {
		bool starts =
			i == 0 || !(isalnum((unsigned char)decl[i - 1]) || decl[i - 1] == '_');
		bool ends = i + n == len || decl[i + n] == '[';

		if (starts && ends && strncmp(decl + i, field, n) == 0)
			return true;
	}
	return false;
}

int tracefs_parse_offset(const char *format, const char *field)
{
	/* field:void * skbaddr;	offset:8;	size:8;	signed:0; */
	while ((format = strstr(format, "field:"))) {
		const char *decl = format + strlen("field:");
		size_t len = strcspn(decl, ";\n");
		const char *offset = decl + len;

		format = decl;
		if (!declares(decl, len, field))
			continue;
		offset += strspn(offset, "; \t");
		if (strncmp(offset, "offset:", 7) == 0 && isdigit((unsigned char)offset[7])) {
			long n = strtol(offset + 7, NULL, 10);

			return n < 4096 ? (int)n : -1;
		}
	}
	return -1;
}

int tracefs_field_offset(const char *category, const char *name, const char *field)
{
	const char *root = tracefs_path();
	char path[256], text[8192];
	int fd, offset = -1;
	ssize_t n;

	if (!root)
		return -1;
	snprintf(path, sizeof(path), "%s/events/%s/%s/format", root, category, name);
	fd = open(path, O_RDONLY | O_CLOEXEC); /* of size 0 to stat(2), so not read_file_at() */
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	if (n > 0) {
		text[n] = '\0';
		offset = tracefs_parse_offset(text, field);
	}
	close(fd);
	return offset;
}
