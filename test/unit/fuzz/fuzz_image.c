/*
 * image_read: files of compiled probes. The kernel is played by bcc_create_map() below: what was
 * read can be given maps, be written again, and is then read as the same.
 */
#include "fuzz.h"
#include "image.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define FIRST_FD 1000

static const struct image *making;
static uint32_t n_made;

/* In the place of libbcc's: a descriptor for any map but one of no entries. */
int bcc_create_map(enum bpf_map_type type, const char *name, int key_size, int value_size,
		   int max_entries, int flags)
{
	const struct image_map *m = &making->maps[n_made];

	REQUIRE(n_made < making->n_maps);
	REQUIRE(m->type == type && strcmp(m->name, name) == 0 && m->fd == -1);
	REQUIRE(m->key_size == (uint32_t)key_size && m->value_size == (uint32_t)value_size);
	REQUIRE(m->max_entries == (uint32_t)max_entries && m->flags == (uint32_t)flags);
	if (!max_entries) {
		errno = EINVAL;
		return -1;
	}
	return FIRST_FD + (int)n_made++;
}

static void check(const struct image *im)
{
	REQUIRE(im->n_maps <= IMAGE_MAX_MAPS && im->n_programs <= IMAGE_MAX_PROGRAMS);
	REQUIRE(memchr(im->license, '\0', IMAGE_NAME_BYTES));
	for (uint32_t i = 0; i < im->n_maps; i++) {
		REQUIRE(memchr(im->maps[i].name, '\0', IMAGE_NAME_BYTES));
		REQUIRE(im->maps[i].fd == -1);
	}
	for (uint32_t i = 0; i < im->n_programs; i++) {
		const struct image_program *p = &im->programs[i];

		REQUIRE(memchr(p->name, '\0', IMAGE_NAME_BYTES));
		REQUIRE(p->insns && p->n_insns);
		REQUIRE(image_program(im, p->name));
	}
}

static struct image *read_bytes(const uint8_t *data, size_t size)
{
	uint8_t *exact = fuzz_bytes(data, size);
	FILE *f = size ? fmemopen(exact, size, "r") : fopen("/dev/null", "r");
	struct image *im;

	REQUIRE(f);
	im = image_read(f);
	fclose(f);
	free(exact);
	return im;
}

static uint8_t *write_bytes(const struct image *im, size_t *size)
{
	char *bytes = NULL;
	FILE *f = open_memstream(&bytes, size);

	REQUIRE(f);
	REQUIRE(image_write(im, f) == 0);
	REQUIRE(fclose(f) == 0);
	return (uint8_t *)bytes;
}

static void check_same(const struct image *a, const struct image *b)
{
	REQUIRE(b && a->n_maps == b->n_maps && a->n_programs == b->n_programs);
	REQUIRE(memcmp(a->maps, b->maps, sizeof(a->maps)) == 0);
	REQUIRE(memcmp(a->license, b->license, sizeof(a->license)) == 0);
	REQUIRE(a->kernel_version == b->kernel_version);
	for (uint32_t i = 0; i < a->n_programs; i++) {
		const struct image_program *p = &a->programs[i], *q = &b->programs[i];

		REQUIRE(memcmp(p->name, q->name, sizeof(p->name)) == 0);
		REQUIRE(p->n_insns == q->n_insns);
		REQUIRE(memcmp(p->insns, q->insns, p->n_insns * sizeof(*p->insns)) == 0);
	}
}

/* Makes the maps, if none is without entries. */
static bool make_maps(struct image *im)
{
	bool possible = true;

	for (uint32_t i = 0; i < im->n_maps; i++)
		possible = possible && im->maps[i].max_entries;
	making = im;
	n_made = 0;
	REQUIRE(image_make_maps(im) == (possible ? 0 : -1));
	REQUIRE(!possible || n_made == im->n_maps);
	for (uint32_t i = 0; possible && i < im->n_maps; i++) {
		REQUIRE(im->maps[i].fd == FIRST_FD + (int)i);
		REQUIRE(image_map_fd(im, im->maps[i].name) >= FIRST_FD);
	}
	return possible;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image *im = read_bytes(data, size), *same, *again;
	uint8_t *bytes;

	if (!im)
		return 0;
	check(im);
	if (make_maps(im)) {
		same = read_bytes(data, size);
		bytes = write_bytes(im, &size);
		again = read_bytes(bytes, size);
		check_same(same, again);
		free(bytes);
		image_free(again);
		image_free(same);
	}
	image_free(im);
	return 0;
}
