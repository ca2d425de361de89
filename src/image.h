/*
 * Compiled probes: maps and programs, as libbcc makes them of a text, in a form that outlives the
 * compiler and can be kept in a file.
 */
#ifndef TRACEPKT_IMAGE_H
#define TRACEPKT_IMAGE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define IMAGE_MAX_MAPS     32
#define IMAGE_MAX_PROGRAMS 64
#define IMAGE_NAME_BYTES   64

struct image_map {
	char name[IMAGE_NAME_BYTES];
	uint32_t type; /* enum bpf_map_type */
	uint32_t key_size, value_size, max_entries, flags;
	int32_t fd; /* -1: not made yet */
};

struct image_program {
	char name[IMAGE_NAME_BYTES]; /* of the C function */
	struct bpf_insn *insns;
	uint32_t n_insns;
};

struct image {
	struct image_map maps[IMAGE_MAX_MAPS];
	struct image_program programs[IMAGE_MAX_PROGRAMS];
	uint32_t n_maps, n_programs;
	char license[IMAGE_NAME_BYTES];
	uint32_t kernel_version; /* that programs of type kprobe must name before 5.0 */
};

/*
 * Writes an image whose maps are made: instructions then name maps by their place in the image. -1
 * if it cannot be kept: it uses maps of a kind or origin that a later run could not make anew.
 */
int image_write(const struct image *im, FILE *f);

/* Reads what image_write() wrote, to the end of f; NULL if it is anything else. */
struct image *image_read(FILE *f);

/* Makes the maps of an image that was read, and has the instructions name them. 0, or -1 with errno
 * set. */
int image_make_maps(struct image *im);

/*
 * Has an image whose maps are made use the map of that name of another one instead of its own,
 * which is closed. False: one of them has none, or they are not alike.
 */
bool image_share_map(struct image *im, const struct image *from, const char *name);

/* The descriptor of a map, -1 if there is none of that name. */
int image_map_fd(const struct image *im, const char *name);

/* NULL if there is none of that name. */
const struct image_map *image_map(const struct image *im, const char *name);
const struct image_program *image_program(const struct image *im, const char *name);

/*
 * A copy of a program that uses the map with this descriptor where the program uses the one of that
 * name; the caller frees copy->insns. 0, or -1: there is no such program, or no memory.
 */
int image_copy_program(const struct image *im, const char *name, const char *map, int fd,
		       struct image_program *copy);

/*
 * Takes the programs of an image that was read into one whose maps are made, from which they get
 * those of the same name; others are made. 0; -1: the two do not fit together, or errno is set, and
 * neither is of use any more.
 */
int image_join(struct image *im, struct image *read);

/* Is this the descriptor of one of its maps? */
bool image_has_map(const struct image *im, int fd);

/* Closes the maps that are made, but for those shared with another image (may be NULL). */
void image_close_maps(struct image *im, const struct image *other);

/* Not the maps' descriptors, which may have been handed on. */
void image_free(struct image *im);

#endif
