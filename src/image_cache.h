/*
 * Compiled probes, kept until the next boot for the next run: a file each in IMAGE_CACHE_DIR. A
 * file holds all that its image was made from, the key, and serves only for exactly that.
 */
#ifndef TRACEPKT_IMAGE_CACHE_H
#define TRACEPKT_IMAGE_CACHE_H

#include "image.h"

#define IMAGE_CACHE_DIR "/run/tracepkt"
#define IMAGE_CACHE_MAX 64 /* files; beyond that the oldest go */

/*
 * The image that was kept for a key, its maps not made; NULL if there is none. Nothing is said:
 * what is not as it should be, or not safe from others than this user, does not count.
 */
struct image *image_cache_get(const char *dir, const char *key);

/* Is there surely none, for whatever key? */
bool image_cache_is_empty(const char *dir);

/* Keeps an image whose maps are made. 0, or -1 if that is not possible, which is no harm. */
int image_cache_put(const char *dir, const char *key, const struct image *im);

#endif
