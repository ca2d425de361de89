/* Compiled probes in memory and as a file. */
#include "image.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_INSNS 65536 /* a program; far more than the kernel took before 5.2 */

static const char magic[16] = "tracepkt image1";

struct header {
	char magic[sizeof(magic)];
	uint32_t n_maps, n_programs, kernel_version;
	char license[IMAGE_NAME_BYTES];
};

/* Is this the first half of the instruction that loads a map's address? */
static bool names_map(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW) && i->src_reg == BPF_PSEUDO_MAP_FD;
}

static size_t width(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
}

/* Maps that are what type, sizes and flags say; others refer to more than that. */
static bool is_plain(const struct image_map *m)
{
	switch (m->type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_PROG_ARRAY: /* what is in there is put there anew */
		return true;
	default:
		return false;
	}
}

/* Only whole instructions, which load no address but that of a map, by its place. */
static bool is_whole(const struct image_program *p, uint32_t n_maps)
{
	size_t i;

	for (i = 0; i < p->n_insns; i += width(&p->insns[i])) {
		const struct bpf_insn *insn = &p->insns[i];

		if (width(insn) == 2 && insn->src_reg != 0 &&
		    (!names_map(insn) || (uint32_t)insn->imm >= n_maps))
			return false;
	}
	return p->n_insns && p->n_insns <= MAX_INSNS && i == p->n_insns;
}

/* A copy of the instructions with the maps' places for their descriptors; NULL if that cannot be.
 */
static struct bpf_insn *unbind(const struct image *im, const struct image_program *p)
{
	struct image_program copy = *p;

	copy.insns = malloc(p->n_insns * sizeof(*copy.insns));
	if (!copy.insns)
		return NULL;
	memcpy(copy.insns, p->insns, p->n_insns * sizeof(*copy.insns));
	for (size_t i = 0; i < p->n_insns; i += width(&copy.insns[i])) {
		uint32_t m = 0;

		if (!names_map(&copy.insns[i]))
			continue;
		while (m < im->n_maps && im->maps[m].fd != copy.insns[i].imm)
			m++;
		copy.insns[i].imm = (int32_t)m; /* of no map: n_maps */
	}
	if (is_whole(&copy, im->n_maps))
		return copy.insns;
	free(copy.insns);
	return NULL;
}

static int write_program(const struct image *im, const struct image_program *p, FILE *f)
{
	struct bpf_insn *insns = unbind(im, p);
	bool ok = insns && fwrite(p->name, sizeof(p->name), 1, f) == 1 &&
		  fwrite(&p->n_insns, sizeof(p->n_insns), 1, f) == 1 &&
		  fwrite(insns, sizeof(*insns), p->n_insns, f) == p->n_insns;

	free(insns);
	return ok ? 0 : -1;
}

int image_write(const struct image *im, FILE *f)
{
	struct header h = {.n_maps = im->n_maps,
			   .n_programs = im->n_programs,
			   .kernel_version = im->kernel_version};

	memcpy(h.magic, magic, sizeof(magic));
	memcpy(h.license, im->license, sizeof(h.license));
	if (fwrite(&h, sizeof(h), 1, f) != 1)
		return -1;
	for (uint32_t i = 0; i < im->n_maps; i++) {
		struct image_map m = im->maps[i];

		m.fd = -1;
		if (!is_plain(&m) || fwrite(&m, sizeof(m), 1, f) != 1)
			return -1;
	}
	for (uint32_t i = 0; i < im->n_programs; i++)
		if (write_program(im, &im->programs[i], f))
			return -1;
	return 0;
}

static bool is_name(const char *name)
{
	return memchr(name, '\0', IMAGE_NAME_BYTES) != NULL;
}

static int read_program(const struct image *im, struct image_program *p, FILE *f)
{
	if (fread(p->name, sizeof(p->name), 1, f) != 1 || !is_name(p->name) ||
	    fread(&p->n_insns, sizeof(p->n_insns), 1, f) != 1 || !p->n_insns ||
	    p->n_insns > MAX_INSNS)
		return -1;
	p->insns = malloc(p->n_insns * sizeof(*p->insns));
	if (!p->insns || fread(p->insns, sizeof(*p->insns), p->n_insns, f) != p->n_insns)
		return -1;
	return is_whole(p, im->n_maps) ? 0 : -1;
}

struct image *image_read(FILE *f)
{
	struct image *im = calloc(1, sizeof(*im));
	struct header h;

	if (!im)
		return NULL;
	if (fread(&h, sizeof(h), 1, f) != 1 || memcmp(h.magic, magic, sizeof(magic)) != 0 ||
	    h.n_maps > IMAGE_MAX_MAPS || h.n_programs > IMAGE_MAX_PROGRAMS || !is_name(h.license))
		goto wrong;
	im->n_maps = h.n_maps;
	im->kernel_version = h.kernel_version;
	memcpy(im->license, h.license, sizeof(im->license));
	for (uint32_t i = 0; i < h.n_maps; i++) {
		struct image_map *m = &im->maps[i];

		if (fread(m, sizeof(*m), 1, f) != 1 || !is_name(m->name) || !is_plain(m))
			goto wrong;
		m->fd = -1;
	}
	while (im->n_programs < h.n_programs)
		if (read_program(im, &im->programs[im->n_programs++], f))
			goto wrong;
	if (fgetc(f) == EOF && !ferror(f))
		return im;
wrong:
	image_free(im);
	return NULL;
}

static int make_map(struct image_map *m)
{
	m->fd = bcc_create_map((enum bpf_map_type)m->type, m->name, (int)m->key_size,
			       (int)m->value_size, (int)m->max_entries, (int)m->flags);
	return m->fd < 0 ? -1 : 0;
}

/* Descriptors for the places of the maps, which are made. */
static void bind(struct image *im)
{
	for (uint32_t i = 0; i < im->n_programs; i++) {
		struct image_program *p = &im->programs[i];

		for (size_t k = 0; k < p->n_insns; k += width(&p->insns[k]))
			if (names_map(&p->insns[k]))
				p->insns[k].imm = im->maps[p->insns[k].imm].fd;
	}
}

int image_make_maps(struct image *im)
{
	for (uint32_t i = 0; i < im->n_maps; i++)
		if (make_map(&im->maps[i]))
			return -1;
	bind(im);
	return 0;
}

const struct image_map *image_map(const struct image *im, const char *name)
{
	for (uint32_t i = 0; i < im->n_maps; i++)
		if (strcmp(im->maps[i].name, name) == 0)
			return &im->maps[i];
	return NULL;
}

int image_map_fd(const struct image *im, const char *name)
{
	const struct image_map *m = image_map(im, name);

	return m ? m->fd : -1;
}

static bool are_alike(const struct image_map *a, const struct image_map *b)
{
	return a->type == b->type && a->key_size == b->key_size && a->value_size == b->value_size &&
	       a->max_entries == b->max_entries && a->flags == b->flags;
}

/* Finds or makes, in im, the map of another image. */
static int join_map(struct image *im, struct image_map *m)
{
	const struct image_map *own = image_map(im, m->name);

	if (own) {
		m->fd = own->fd;
		return are_alike(own, m) ? 0 : -1;
	}
	if (im->n_maps == IMAGE_MAX_MAPS || make_map(m))
		return -1;
	im->maps[im->n_maps++] = *m;
	return 0;
}

int image_join(struct image *im, struct image *read)
{
	if (im->n_programs + read->n_programs > IMAGE_MAX_PROGRAMS)
		return -1;
	for (uint32_t i = 0; i < read->n_maps; i++)
		if (join_map(im, &read->maps[i]))
			return -1;
	bind(read);
	for (uint32_t i = 0; i < read->n_programs; i++)
		im->programs[im->n_programs++] = read->programs[i];
	read->n_programs = 0;
	return 0;
}

static void change_map(struct image_program *p, int from, int to)
{
	for (size_t k = 0; k < p->n_insns; k += width(&p->insns[k]))
		if (names_map(&p->insns[k]) && p->insns[k].imm == from)
			p->insns[k].imm = to;
}

bool image_share_map(struct image *im, const struct image *from, const char *name)
{
	const struct image_map *theirs = image_map(from, name), *own = image_map(im, name);

	if (!own || !theirs || own->fd < 0 || theirs->fd < 0 || !are_alike(own, theirs))
		return false;
	for (uint32_t i = 0; i < im->n_programs; i++)
		change_map(&im->programs[i], own->fd, theirs->fd);
	close(own->fd);
	im->maps[own - im->maps].fd = theirs->fd;
	return true;
}

int image_copy_program(const struct image *im, const char *name, const char *map, int fd,
		       struct image_program *copy)
{
	const struct image_program *p = image_program(im, name);
	int old = image_map_fd(im, map);

	if (!p)
		return -1;
	*copy = *p;
	copy->insns = malloc(p->n_insns * sizeof(*copy->insns));
	if (!copy->insns)
		return -1;
	memcpy(copy->insns, p->insns, p->n_insns * sizeof(*copy->insns));
	change_map(copy, old, fd);
	return 0;
}

bool image_has_map(const struct image *im, int fd)
{
	for (uint32_t i = 0; i < im->n_maps; i++)
		if (im->maps[i].fd == fd)
			return true;
	return false;
}

void image_close_maps(struct image *im, const struct image *other)
{
	for (uint32_t i = 0; i < im->n_maps; i++) {
		if (im->maps[i].fd >= 0 && !(other && image_has_map(other, im->maps[i].fd)))
			close(im->maps[i].fd);
		im->maps[i].fd = -1;
	}
}

const struct image_program *image_program(const struct image *im, const char *name)
{
	for (uint32_t i = 0; i < im->n_programs; i++)
		if (strcmp(im->programs[i].name, name) == 0)
			return &im->programs[i];
	return NULL;
}

void image_free(struct image *im)
{
	if (!im)
		return;
	for (uint32_t i = 0; i < im->n_programs; i++)
		free(im->programs[i].insns);
	free(im);
}
