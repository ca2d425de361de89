/* Images for the tests. */
#include "image_support.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define IMM64  (BPF_LD | BPF_IMM | BPF_DW)
#define MAP(m) IMM64, .src_reg = BPF_PSEUDO_MAP_FD, .imm = (m)

static const struct bpf_insn exit_insn = {.code = BPF_JMP | BPF_EXIT};

static const struct image_map sample_maps[SAMPLE_MAPS] = {
	/* the descriptors are numbers that places have too */
	{"events", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 2, 0, 2},
	{"wanted", BPF_MAP_TYPE_ARRAY, 4, 40, 1, 0, 71},
	{"started", BPF_MAP_TYPE_LRU_HASH, 8, 16, 10240, BPF_F_NO_PREALLOC, 0},
};

static const struct bpf_insn sample_first[SAMPLE_FIRST] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 6, .src_reg = 1},
	{.dst_reg = 1, .code = MAP(2)},
	{.imm = 0},
	{.dst_reg = 2, .code = MAP(0)},
	{.imm = 0},
	{.code = BPF_JMP | BPF_EXIT},
};

static const struct bpf_insn sample_second[SAMPLE_SECOND] = {
	{.code = IMM64, .imm = 71}, /* a constant, not the map */
	{.imm = 5},
	{.dst_reg = 9, .code = MAP(1)},
	{.imm = 0},
	{.code = IMM64, .imm = -1},
	{.code = MAP(SAMPLE_UNKNOWN_FD)}, /* the upper half of a constant, whatever it looks like */
	{.code = BPF_JMP | BPF_EXIT},
};

struct image *image_empty(void)
{
	struct image *im = calloc(1, sizeof(*im));

	ck_assert_ptr_nonnull(im);
	strcpy(im->license, "GPL");
	im->kernel_version = SAMPLE_KERNEL;
	return im;
}

void image_add_map(struct image *im, const char *name, uint32_t type, int fd)
{
	struct image_map *m = &im->maps[im->n_maps++];

	ck_assert_uint_le(im->n_maps, IMAGE_MAX_MAPS);
	snprintf(m->name, sizeof(m->name), "%s", name);
	m->type = type;
	m->key_size = m->value_size = m->max_entries = 4;
	m->fd = fd;
}

void image_add_program(struct image *im, const char *name, uint32_t n_insns)
{
	struct image_program *p = &im->programs[im->n_programs++];

	ck_assert_uint_le(im->n_programs, IMAGE_MAX_PROGRAMS);
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->n_insns = n_insns;
	p->insns = calloc(n_insns + 1, sizeof(*p->insns));
	ck_assert_ptr_nonnull(p->insns);
	for (uint32_t i = 0; i < n_insns; i++)
		p->insns[i] = exit_insn;
}

struct image *image_kept(void)
{
	struct image *im = image_empty();

	im->n_maps = SAMPLE_MAPS;
	memcpy(im->maps, sample_maps, sizeof(sample_maps));
	for (int i = 0; i < SAMPLE_MAPS; i++)
		im->maps[i].fd = -1;
	image_add_program(im, "on_first", SAMPLE_FIRST);
	memcpy(im->programs[0].insns, sample_first, sizeof(sample_first));
	image_add_program(im, "on_second", SAMPLE_SECOND);
	memcpy(im->programs[1].insns, sample_second, sizeof(sample_second));
	return im;
}

struct image *image_made(void)
{
	struct image *im = image_kept();

	for (int i = 0; i < SAMPLE_MAPS; i++)
		im->maps[i].fd = sample_maps[i].fd;
	im->programs[0].insns[1].imm = sample_maps[2].fd;
	im->programs[0].insns[3].imm = sample_maps[0].fd;
	im->programs[1].insns[2].imm = sample_maps[1].fd;
	return im;
}

unsigned char *image_bytes(const struct image *im, size_t *size)
{
	char *bytes = NULL;
	FILE *f = open_memstream(&bytes, size);

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(image_write(im, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	return (unsigned char *)bytes;
}

struct image *image_of_bytes(const unsigned char *bytes, size_t size)
{
	/* not every C library opens no bytes at all */
	FILE *f = size ? fmemopen((void *)bytes, size, "r") : fopen("/dev/null", "r");
	struct image *im;

	ck_assert_ptr_nonnull(f);
	im = image_read(f);
	fclose(f);
	return im;
}

static void expect_same_map(const struct image_map *got, const struct image_map *wanted)
{
	ck_assert_str_eq(got->name, wanted->name);
	ck_assert_uint_eq(got->type, wanted->type);
	ck_assert_uint_eq(got->key_size, wanted->key_size);
	ck_assert_uint_eq(got->value_size, wanted->value_size);
	ck_assert_uint_eq(got->max_entries, wanted->max_entries);
	ck_assert_uint_eq(got->flags, wanted->flags);
}

void expect_same_image(const struct image *got, const struct image *wanted)
{
	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(got->n_maps, wanted->n_maps);
	for (uint32_t i = 0; i < wanted->n_maps; i++)
		expect_same_map(&got->maps[i], &wanted->maps[i]);
	ck_assert_uint_eq(got->n_programs, wanted->n_programs);
	for (uint32_t i = 0; i < wanted->n_programs; i++) {
		const struct image_program *g = &got->programs[i], *w = &wanted->programs[i];

		ck_assert_str_eq(g->name, w->name);
		ck_assert_uint_eq(g->n_insns, w->n_insns);
		ck_assert_mem_eq(g->insns, w->insns, w->n_insns * sizeof(*w->insns));
	}
	ck_assert_str_eq(got->license, wanted->license);
	ck_assert_uint_eq(got->kernel_version, wanted->kernel_version);
}
