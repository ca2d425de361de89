/* The image of the unit that is being worked on. */
#ifndef TRACEPKT_LOADER_IMAGE_H
#define TRACEPKT_LOADER_IMAGE_H

#include "loader_work.h"

/* Begins to load libbcc if an image is likely to be compiled. */
void loader_image_expect(struct work *w);

/*
 * Sets w->image: kept from an earlier run, or compiled now. w->key, under which loader_image_keep()
 * keeps it, is that of the unit with all of its flags. 0, or -1: the reply says why.
 */
int loader_image_get(struct work *w);

/* Does it load from the kernel's structures? As it was compiled, in this run or an earlier one. */
bool loader_image_has_loads(const struct work *w);

/* What the kernel has taken is for the next run, too. */
void loader_image_keep(struct work *w);

#endif
