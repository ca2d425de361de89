/*
 * Looks addresses up in /proc/kallsyms, one pass through the file for each: few are asked for, and
 * a table would keep some 10 MB. (libbcc's symbol cache would load LLVM, 60 MB, and keep a table.)
 */
#include "ksyms.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KALLSYMS    "/proc/kallsyms"
#define BLOCK_BYTES ((size_t)1 << 16)
#define CACHE_SIZE  256

/*
 * No function is that long: what is further away is behind the last one of the kernel or of a
 * module, whose ends the file does not tell.
 */
#define MAX_OFFSET (1U << 20)

/* An answer. */
struct entry {
	uint64_t address;
	bool known;
	struct ksym sym;
};

struct ksyms {
	const char *path;
	bool useless; /* no addresses in it: it is not read again */
	struct entry *cache[CACHE_SIZE];
	size_t n, oldest;
};

struct ksyms *ksyms_new(void)
{
	return ksyms_new_from(KALLSYMS);
}

struct ksyms *ksyms_new_from(const char *path)
{
	struct ksyms *k = calloc(1, sizeof(*k));

	if (k)
		k->path = path;
	return k;
}

void ksyms_free(struct ksyms *k)
{
	while (k && k->n)
		free(k->cache[--k->n]);
	free(k);
}

/* The value of a hexadecimal digit as the kernel prints them, or -1. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to a blank or the end, with ? for what is not printable; returns how many bytes it took. */
static size_t copy_word(char *to, size_t size, const char *text, size_t len)
{
	size_t n = 0, kept = 0;

	for (; n < len && text[n] != '\t' && text[n] != ' '; n++)
		if (kept + 1 < size)
			to[kept++] = text[n] > ' ' && text[n] <= '~' ? text[n] : '?';
	to[kept] = '\0';
	return n;
}

/* What is behind the type: name, and for what is no part of the kernel itself \t[module]. */
static void copy_names(struct ksym *to, const char *text, size_t len)
{
	size_t n = copy_word(to->name, sizeof(to->name), text, len), end;

	to->module[0] = '\0';
	while (n < len && text[n] != '[')
		n++;
	if (n == len)
		return;
	copy_word(to->module, sizeof(to->module), text + n + 1, len - n - 1);
	end = strcspn(to->module, "]");
	to->module[end] = '\0';
}

/* The address at the start of a line, and the length of its digits; more than 16 are none. */
static size_t read_address(const char *line, size_t len, uint64_t *address)
{
	size_t n = 0;
	int digit;

	*address = 0;
	while (n < len && n <= 16 && (digit = hex_value(line[n])) >= 0) {
		*address = *address << 4 | (unsigned int)digit;
		n++;
	}
	return n <= 16 ? n : 0;
}

/* "ffffffff81000000 T name\t[module]": is it a function? n is the length of the address. */
static bool is_function(const char *line, size_t len, size_t n)
{
	char type;

	if (!n || n + 3 >= len || line[n] != ' ' || line[n + 2] != ' ')
		return false;
	type = line[n + 1];
	return type == 'T' || type == 't' || type == 'W' || type == 'w';
}

size_t ksyms_scan_block(struct ksyms_scan *s, const char *text, size_t len)
{
	const char *line = text, *end, *best = NULL;
	size_t best_len = 0;

	while ((end = memchr(line, '\n', len - (size_t)(line - text)))) {
		size_t line_len = (size_t)(end - line);
		uint64_t address;
		size_t n = read_address(line, line_len, &address);

		/* of several at one address the first, as the kernel does for %pS */
		if (address > s->best && is_function(line, line_len, n)) {
			s->any = true;
			if (address <= s->address) {
				s->best = address;
				best = line + n + 3;
				best_len = (size_t)(end - best);
			}
		}
		line = end + 1;
	}
	if (best)
		copy_names(s->to, best, best_len);
	return (size_t)(line - text);
}

/* A line as long as the block, which kallsyms has none of, ends it too: no room is left to read. */
static void scan_file(struct ksyms_scan *s, int fd, char *block)
{
	size_t have = 0;

	for (;;) {
		ssize_t n = read(fd, block + have, BLOCK_BYTES - have);
		size_t done;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		have += (size_t)n;
		done = ksyms_scan_block(s, block, have);
		have -= done;
		/* the start of a line; valgrind takes a fortified memmove() for memcpy() */
		for (size_t i = 0; done && i < have; i++)
			block[i] = block[done + i];
	}
}

/* Reads the file for the address of an entry. */
static void look_up(struct ksyms *k, struct entry *e)
{
	struct ksyms_scan s = {.address = e->address, .to = &e->sym};
	char *block = malloc(BLOCK_BYTES);
	int fd = block ? open(k->path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		scan_file(&s, fd, block);
		k->useless = !s.any;
		close(fd);
	}
	free(block);
	e->known = s.best && e->address - s.best < MAX_OFFSET;
	e->sym.offset = e->known ? (uint32_t)(e->address - s.best) : 0;
}

/* A place for a new answer: the oldest, if the cache is full. NULL: no memory. */
static struct entry *new_entry(struct ksyms *k)
{
	struct entry *e;

	if (k->n < CACHE_SIZE) {
		e = calloc(1, sizeof(*e));
		if (e)
			k->cache[k->n++] = e;
		return e;
	}
	e = k->cache[k->oldest];
	k->oldest = (k->oldest + 1) % CACHE_SIZE;
	return e;
}

static const struct ksym *answer(const struct entry *e)
{
	return e->known ? &e->sym : NULL;
}

const struct ksym *ksyms_find(struct ksyms *k, uint64_t address)
{
	struct entry *e;

	for (size_t i = 0; i < k->n; i++)
		if (k->cache[i]->address == address)
			return answer(k->cache[i]);
	if (k->useless)
		return NULL;
	e = new_entry(k);
	if (!e)
		return NULL;
	e->address = address;
	look_up(k, e);
	return answer(e);
}

bool ksym_is(const struct ksym *s, const char *function)
{
	size_t len = strcspn(s->name, ".");

	return len == strlen(function) && strncmp(s->name, function, len) == 0;
}
