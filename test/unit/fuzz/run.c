/*
 * Runs a fuzz target without libFuzzer: over each file of a directory of seeds, then over changed
 * copies of them. The changes come from a generator with a fixed start: each run is the same.
 */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#define MAX_SEEDS 64
#define MAX_BYTES 4096
#ifndef ROUNDS
#define ROUNDS 20000
#endif

static struct {
	uint8_t bytes[MAX_BYTES];
	size_t size;
} seeds[MAX_SEEDS];

static size_t n_seeds;

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13; /* xorshift32 of Marsaglia */
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_seeds(const char *dir)
{
	struct dirent **files;
	int n = scandir(dir, &files, NULL, by_name);

	for (int i = 0; i < n; i++) {
		char path[4096];
		FILE *f = NULL;

		snprintf(path, sizeof(path), "%s/%s", dir, files[i]->d_name);
		if (files[i]->d_name[0] != '.' && n_seeds < MAX_SEEDS)
			f = fopen(path, "rb");
		free(files[i]);
		if (!f)
			continue;
		seeds[n_seeds].size = fread(seeds[n_seeds].bytes, 1, MAX_BYTES, f);
		n_seeds++;
		fclose(f);
	}
	if (n >= 0)
		free(files);
}

/* Changes a few bytes, cuts, repeats, or puts two seeds together. Returns the new size. */
static size_t change(uint8_t *bytes, size_t size, uint32_t *state)
{
	for (uint32_t n = 1 + next(state) % 4; n; n--) {
		size_t at = size ? next(state) % size : 0, other = next(state) % n_seeds;
		size_t rest = size - at, room = MAX_BYTES - at;

		switch (next(state) % 6) {
		case 0:
			if (size)
				bytes[at] ^= (uint8_t)(1U << next(state) % 8);
			break;
		case 1:
			if (size)
				bytes[at] = (uint8_t)next(state);
			break;
		case 2:
			size = at;
			break;
		case 3: /* without the byte at */
			if (size) {
				memmove(bytes + at, bytes + at + 1, rest - 1);
				size--;
			}
			break;
		case 4: /* once more from at */
			if (size + rest <= MAX_BYTES) {
				memcpy(bytes + size, bytes + at, rest);
				size += rest;
			}
			break;
		default: /* another seed from at */
			if (seeds[other].size < room)
				room = seeds[other].size;
			memcpy(bytes + at, seeds[other].bytes, room);
			size = at + room;
		}
	}
	return size;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[MAX_BYTES];
	uint32_t state = 2463534242U;

	if (argc == 2)
		read_seeds(argv[1]);
	if (!n_seeds) {
		fprintf(stderr, "usage: %s DIRECTORY-OF-SEEDS\n", argv[0]);
		return 2;
	}
	for (size_t i = 0; i < n_seeds; i++)
		LLVMFuzzerTestOneInput(seeds[i].bytes, seeds[i].size);
	for (int i = 0; i < ROUNDS; i++) {
		size_t from = next(&state) % n_seeds, size = seeds[from].size;

		memcpy(bytes, seeds[from].bytes, size);
		size = change(bytes, size, &state);
		LLVMFuzzerTestOneInput(bytes, size);
	}
	return 0;
}
