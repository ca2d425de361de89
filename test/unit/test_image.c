/* image: what was written is read again, and nothing else is. */
#include "image.h"
#include "image_support.h"
#include "suites.h"
#include "support.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_PSEUDO 15U /* the field for it has four bits */

static unsigned char *sample;
static size_t sample_size;

static void set_up(void)
{
	struct image *im = image_made();

	sample = image_bytes(im, &sample_size);
	image_free(im);
}

static void tear_down(void)
{
	free(sample);
}

static void put_u32(unsigned char *bytes, size_t at, uint32_t value)
{
	memcpy(bytes + at, &value, sizeof(value));
}

static void expect_no_image(const unsigned char *bytes, size_t size, const char *what)
{
	struct image *im = image_of_bytes(bytes, size);

	ck_assert_msg(!im, "%s is taken for an image", what);
}

/* Writes it, reads it, and asserts that wanted comes out. */
static void expect_kept(const struct image *made, const struct image *wanted)
{
	size_t size;
	unsigned char *bytes = image_bytes(made, &size);
	struct image *im = image_of_bytes(bytes, size);

	expect_same_image(im, wanted);
	for (uint32_t i = 0; i < im->n_maps; i++)
		ck_assert_int_eq(im->maps[i].fd, -1);
	image_free(im);
	free(bytes);
}

START_TEST(test_round_trip)
{
	struct image *made = image_made(), *again = image_made(), *kept = image_kept();

	expect_kept(made, kept);
	expect_same_image(made, again); /* writing changes nothing */
	for (uint32_t i = 0; i < made->n_maps; i++)
		ck_assert_int_eq(made->maps[i].fd, again->maps[i].fd);
	image_free(made);
	image_free(again);
	image_free(kept);
}
END_TEST

/* Descriptors of another process, whatever they are, mean nothing. */
START_TEST(test_fd_in_the_file)
{
	struct image *im;

	put_u32(sample, AT_MAP(1) + MAP_BYTES - 4, 1);
	im = image_of_bytes(sample, sample_size);
	ck_assert_ptr_nonnull(im);
	ck_assert_int_eq(im->maps[1].fd, -1);
	image_free(im);
}
END_TEST

/* The same image makes the same file: nothing of the descriptors is in it. */
START_TEST(test_same_bytes)
{
	struct image *im = image_made();
	unsigned char *bytes;
	size_t size;

	for (int i = 0; i < SAMPLE_MAPS; i++)
		im->maps[i].fd += 1000;
	im->programs[0].insns[1].imm += 1000;
	im->programs[0].insns[3].imm += 1000;
	im->programs[1].insns[2].imm += 1000;
	bytes = image_bytes(im, &size);
	ck_assert_uint_eq(size, sample_size);
	ck_assert_mem_eq(bytes, sample, size);
	free(bytes);
	image_free(im);
}
END_TEST

/* The other tests change bytes at places that they reckon. */
START_TEST(test_layout)
{
	ck_assert_uint_eq(sample_size, SAMPLE_BYTES);
	ck_assert_str_eq((char *)sample + AT_LICENSE, "GPL");
	ck_assert_str_eq((char *)sample + AT_MAP(1), "wanted");
	ck_assert_str_eq((char *)sample + AT_SAMPLE_FIRST, "on_first");
	ck_assert_str_eq((char *)sample + AT_SAMPLE_SECOND, "on_second");
	ck_assert_uint_eq(sample[AT_INSN(AT_SAMPLE_SECOND, SAMPLE_SECOND - 1)], BPF_JMP | BPF_EXIT);
}
END_TEST

/* As much as there is room for, with the longest names. */
START_TEST(test_full)
{
	struct image *im = image_empty();
	char name[IMAGE_NAME_BYTES];

	memset(im->license, 'L', IMAGE_NAME_BYTES - 1);
	for (int i = 0; i < IMAGE_MAX_MAPS; i++) {
		snprintf(name, sizeof(name), "%0*d", IMAGE_NAME_BYTES - 1, i);
		image_add_map(im, name, BPF_MAP_TYPE_HASH, 100 + i);
	}
	for (int i = 0; i < IMAGE_MAX_PROGRAMS; i++) {
		snprintf(name, sizeof(name), "%0*d", IMAGE_NAME_BYTES - 1, i);
		image_add_program(im, name, 1);
	}
	expect_kept(im, im);
	image_free(im);
}
END_TEST

/* Closed is what no other image uses, each once, and what is not made is left alone. */
START_TEST(test_close_maps)
{
	struct image *im = image_empty(), *other = image_empty();
	int own = open("/dev/null", O_RDONLY | O_CLOEXEC), shared = dup(own);

	image_add_map(im, "own", BPF_MAP_TYPE_ARRAY, own);
	image_add_map(im, "shared", BPF_MAP_TYPE_ARRAY, shared);
	image_add_map(im, "not made", BPF_MAP_TYPE_ARRAY, -1);
	image_add_map(other, "shared", BPF_MAP_TYPE_ARRAY, shared);
	ck_assert(image_has_map(im, own) && image_has_map(im, shared));
	ck_assert(!image_has_map(other, own));
	image_close_maps(im, other);
	ck_assert_int_eq(fcntl(own, F_GETFD), -1);
	ck_assert_int_ne(fcntl(shared, F_GETFD), -1);
	ck_assert(!image_has_map(im, own) && !image_has_map(im, shared));
	image_close_maps(other, NULL);
	ck_assert_int_eq(fcntl(shared, F_GETFD), -1);
	image_free(im);
	image_free(other);
}
END_TEST

START_TEST(test_nothing_in_it)
{
	struct image *im = image_empty();

	im->license[0] = '\0';
	expect_kept(im, im);
	image_free(im);
}
END_TEST

START_TEST(test_longest_program)
{
	struct image *im = image_empty();

	image_add_program(im, "long", SAMPLE_MAX_INSNS);
	expect_kept(im, im);
	image_free(im);
}
END_TEST

/* Maps that refer to others, to BTF, to a user, or to nothing that type and sizes could say. */
START_TEST(test_map_types)
{
	static const bool plain[BPF_MAP_TYPE_ARRAY_OF_MAPS + 32] = {
		[BPF_MAP_TYPE_HASH] = true,
		[BPF_MAP_TYPE_ARRAY] = true,
		[BPF_MAP_TYPE_PERCPU_HASH] = true,
		[BPF_MAP_TYPE_PERCPU_ARRAY] = true,
		[BPF_MAP_TYPE_LRU_HASH] = true,
		[BPF_MAP_TYPE_LRU_PERCPU_HASH] = true,
		[BPF_MAP_TYPE_PERF_EVENT_ARRAY] = true,
		[BPF_MAP_TYPE_PROG_ARRAY] = true,
	};

	for (uint32_t type = 0; type < N_OF(plain); type++) {
		struct image *made = image_made(), *read;
		FILE *f = fopen("/dev/null", "w");

		ck_assert_ptr_nonnull(f);
		made->maps[2].type = type;
		ck_assert_msg(image_write(made, f) == (plain[type] ? 0 : -1), "type %u", type);
		fclose(f);
		image_free(made);
		put_u32(sample, AT_MAP_TYPE(2), type);
		read = image_of_bytes(sample, sample_size);
		ck_assert_msg(!!read == plain[type], "type %u", type);
		image_free(read);
	}
}
END_TEST

static void unknown_fd(struct image *im)
{
	im->programs[0].insns[3].imm = SAMPLE_UNKNOWN_FD;
}

static void unknown_fd_in_the_last_program(struct image *im)
{
	im->programs[1].insns[2].imm = -1;
}

/* The place of a map is not its descriptor. */
static void place(struct image *im)
{
	im->programs[1].insns[2].imm = 1;
}

static void map_beyond_the_last(struct image *im)
{
	im->n_maps--;
}

static void no_instructions(struct image *im)
{
	im->programs[1].n_insns = 0;
}

static void too_many_instructions(struct image *im)
{
	image_add_program(im, "long", SAMPLE_MAX_INSNS + 1);
}

static void half_a_constant(struct image *im)
{
	im->programs[0].n_insns = 2;
}

/* What could not be made anew, and what image_read() would not take. */
static const struct {
	const char *what;
	void (*spoil)(struct image *);
} not_kept[] = {
	{"an unknown descriptor", unknown_fd},
	{"an unknown descriptor in the last program", unknown_fd_in_the_last_program},
	{"a place", place},
	{"a map beyond the last", map_beyond_the_last},
	{"a program without instructions", no_instructions},
	{"too many instructions", too_many_instructions},
	{"half a constant", half_a_constant},
};

START_TEST(test_not_kept)
{
	struct image *im = image_made();
	FILE *f = fopen("/dev/null", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(image_write(im, f), 0);
	not_kept[_i].spoil(im);
	ck_assert_msg(image_write(im, f) == -1, "%s is written", not_kept[_i].what);
	fclose(f);
	image_free(im);
}
END_TEST

/* Only constants and maps: an address in a map, BTF, a function, ... mean nothing later. */
START_TEST(test_pseudo_sources)
{
	for (unsigned int src = 0; src <= LAST_PSEUDO; src++) {
		bool known = src == 0 || src == BPF_PSEUDO_MAP_FD;
		struct image *made = image_made(), *read;
		FILE *f = fopen("/dev/null", "w");

		ck_assert_ptr_nonnull(f);
		made->programs[1].insns[2].src_reg = src & LAST_PSEUDO;
		ck_assert_msg(image_write(made, f) == (known ? 0 : -1), "%u is written", src);
		fclose(f);
		memcpy(sample + AT_INSN(AT_SAMPLE_SECOND, 2), &made->programs[1].insns[2],
		       AT_INSN_IMM); /* the place stays */
		read = image_of_bytes(sample, sample_size);
		ck_assert_msg(!!read == known, "%u is read", src);
		image_free(read);
		image_free(made);
	}
}
END_TEST

/* A file that ends where it should not, at every byte. */
START_TEST(test_truncated)
{
	for (size_t n = 0; n < sample_size; n++) {
		unsigned char *exact = malloc(n + 1);

		ck_assert_ptr_nonnull(exact);
		memcpy(exact, sample, n);
		expect_no_image(exact, n, "the start of an image");
		free(exact);
	}
}
END_TEST

START_TEST(test_trailing)
{
	unsigned char *longer = calloc(2, sample_size);

	ck_assert_ptr_nonnull(longer);
	memcpy(longer, sample, sample_size);
	expect_no_image(longer, sample_size + 1, "an image with a NUL behind it");
	memcpy(longer + sample_size, sample, sample_size);
	expect_no_image(longer, sample_size + 1, "an image with a byte behind it");
	expect_no_image(longer, 2 * sample_size, "two images");
	free(longer);
}
END_TEST

/* Each byte of the magic counts. */
START_TEST(test_magic)
{
	for (size_t i = 0; i < AT_N_MAPS; i++) {
		sample[i] ^= 1;
		expect_no_image(sample, sample_size, "another file");
		sample[i] ^= 1;
	}
	image_free(image_of_bytes(sample, sample_size));
}
END_TEST

#define AT_MAP_INSN (AT_INSN(AT_SAMPLE_FIRST, 3) + AT_INSN_IMM) /* names the first map */

static const struct {
	const char *what;
	size_t at;
	uint32_t value;
	bool good;
} numbers[] = {
	{"the last map", AT_MAP_INSN, SAMPLE_MAPS - 1, true},
	{"a map beyond the last", AT_MAP_INSN, SAMPLE_MAPS, false},
	{"map -1", AT_MAP_INSN, UINT32_MAX, false},
	{"the lowest number as a map", AT_MAP_INSN, 0x80000000, false},
	{"a map less", AT_N_MAPS, SAMPLE_MAPS - 1, false},
	{"a map more", AT_N_MAPS, SAMPLE_MAPS + 1, false},
	{"too many maps", AT_N_MAPS, IMAGE_MAX_MAPS + 1, false},
	{"UINT32_MAX maps", AT_N_MAPS, UINT32_MAX, false},
	{"a program less", AT_N_PROGRAMS, 1, false},
	{"a program more", AT_N_PROGRAMS, 3, false},
	{"too many programs", AT_N_PROGRAMS, IMAGE_MAX_PROGRAMS + 1, false},
	{"UINT32_MAX programs", AT_N_PROGRAMS, UINT32_MAX, false},
	{"no instructions", AT_N_INSNS(AT_SAMPLE_SECOND), 0, false},
	{"an instruction less", AT_N_INSNS(AT_SAMPLE_SECOND), SAMPLE_SECOND - 1, false},
	{"an instruction more", AT_N_INSNS(AT_SAMPLE_SECOND), SAMPLE_SECOND + 1, false},
	{"too many instructions", AT_N_INSNS(AT_SAMPLE_SECOND), SAMPLE_MAX_INSNS + 1, false},
	{"UINT32_MAX instructions", AT_N_INSNS(AT_SAMPLE_SECOND), UINT32_MAX, false},
	{"2^29 instructions", AT_N_INSNS(AT_SAMPLE_SECOND), 1U << 29, false},
};

START_TEST(test_numbers)
{
	struct image *im;

	put_u32(sample, numbers[_i].at, numbers[_i].value);
	im = image_of_bytes(sample, sample_size);
	ck_assert_msg(!!im == numbers[_i].good, "%s", numbers[_i].what);
	image_free(im);
}
END_TEST

/* One more than there is room for, with all that it needs to be read. */
START_TEST(test_one_map_too_many)
{
	struct image *im = image_empty();
	unsigned char *bytes, *longer;
	size_t size;

	for (int i = 0; i < IMAGE_MAX_MAPS; i++)
		image_add_map(im, "m", BPF_MAP_TYPE_ARRAY, 100 + i);
	bytes = image_bytes(im, &size);
	longer = realloc(bytes, size + MAP_BYTES);
	ck_assert_ptr_nonnull(longer);
	memcpy(longer + size, longer + AT_MAP(0), MAP_BYTES);
	put_u32(longer, AT_N_MAPS, IMAGE_MAX_MAPS + 1);
	expect_no_image(longer, size + MAP_BYTES, "one map too many");
	free(longer);
	image_free(im);
}
END_TEST

START_TEST(test_one_program_too_many)
{
	struct image *im = image_empty();
	unsigned char *bytes, *longer;
	size_t size;

	for (int i = 0; i < IMAGE_MAX_PROGRAMS; i++)
		image_add_program(im, "p", 1);
	bytes = image_bytes(im, &size);
	longer = realloc(bytes, size + PROGRAM_BYTES(1));
	ck_assert_ptr_nonnull(longer);
	memcpy(longer + size, longer + HEADER_BYTES, PROGRAM_BYTES(1));
	put_u32(longer, AT_N_PROGRAMS, IMAGE_MAX_PROGRAMS + 1);
	expect_no_image(longer, size + PROGRAM_BYTES(1), "one program too many");
	free(longer);
	image_free(im);
}
END_TEST

START_TEST(test_one_instruction_too_many)
{
	struct image *im = image_empty();
	unsigned char *bytes, *longer;
	size_t size;

	image_add_program(im, "p", SAMPLE_MAX_INSNS);
	bytes = image_bytes(im, &size);
	longer = realloc(bytes, size + INSN_BYTES);
	ck_assert_ptr_nonnull(longer);
	memcpy(longer + size, longer + size - INSN_BYTES, INSN_BYTES);
	put_u32(longer, AT_N_INSNS(HEADER_BYTES), SAMPLE_MAX_INSNS + 1);
	expect_no_image(longer, size + INSN_BYTES, "one instruction too many");
	free(longer);
	image_free(im);
}
END_TEST

/* The last instruction is the first half of one that loads a constant, or a map. */
START_TEST(test_half_at_the_end)
{
	struct bpf_insn half = {.code = BPF_LD | BPF_IMM | BPF_DW};
	unsigned char *last = sample + AT_INSN(AT_SAMPLE_SECOND, SAMPLE_SECOND - 1);

	memcpy(last, &half, sizeof(half));
	expect_no_image(sample, sample_size, "half a constant");
	half.src_reg = BPF_PSEUDO_MAP_FD;
	memcpy(last, &half, sizeof(half));
	expect_no_image(sample, sample_size, "half of a map's address");
}
END_TEST

static const size_t names[] = {AT_LICENSE, AT_MAP(0), AT_MAP(SAMPLE_MAPS - 1), AT_SAMPLE_FIRST,
			       AT_SAMPLE_SECOND};

/* A name that fills its place leaves none for its end. */
START_TEST(test_names_without_end)
{
	struct image *im;

	memset(sample + names[_i], 'x', IMAGE_NAME_BYTES - 1);
	im = image_of_bytes(sample, sample_size);
	ck_assert_ptr_nonnull(im);
	image_free(im);
	sample[names[_i] + IMAGE_NAME_BYTES - 1] = 'x';
	expect_no_image(sample, sample_size, "a name without an end");
}
END_TEST

/* A stream that takes or gives so many bytes, and then fails. */
struct broken {
	const unsigned char *bytes;
	size_t left;
};

static ssize_t read_broken(void *cookie, char *to, size_t size)
{
	struct broken *b = cookie;
	size_t n = size < b->left ? size : b->left;

	if (!n)
		return -1;
	memcpy(to, b->bytes, n);
	b->bytes += n;
	b->left -= n;
	return (ssize_t)n;
}

static ssize_t write_broken(void *cookie, const char *from, size_t size)
{
	struct broken *b = cookie;
	size_t n = size < b->left ? size : b->left;

	(void)from;
	b->left -= n;
	return (ssize_t)n;
}

/* All of it was read, but whether that is the end is not known. */
START_TEST(test_read_error)
{
	struct broken b = {sample, sample_size};
	FILE *f = fopencookie(&b, "r", (cookie_io_functions_t){.read = read_broken});

	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_null(image_read(f));
	ck_assert_uint_eq(b.left, 0);
	fclose(f);
}
END_TEST

/* Whichever byte has no room any more, it is noticed. */
START_TEST(test_write_error)
{
	struct image *im = image_made();

	for (size_t n = 0; n <= sample_size; n++) {
		struct broken b = {NULL, n};
		FILE *f = fopencookie(&b, "w", (cookie_io_functions_t){.write = write_broken});

		ck_assert_ptr_nonnull(f);
		setvbuf(f, NULL, _IONBF, 0);
		ck_assert_msg(image_write(im, f) == (n < sample_size ? -1 : 0), "%zu bytes", n);
		fclose(f);
	}
	image_free(im);
}
END_TEST

START_TEST(test_map_fd)
{
	struct image *im = image_made(), *read = image_of_bytes(sample, sample_size);

	strcpy(im->maps[SAMPLE_MAPS].name, "beyond");
	im->maps[SAMPLE_MAPS].fd = 5;
	ck_assert_int_eq(image_map_fd(im, "events"), 2);
	ck_assert_int_eq(image_map_fd(im, "wanted"), 71);
	ck_assert_int_eq(image_map_fd(im, "started"), 0);
	ck_assert_int_eq(image_map_fd(im, "event"), -1);
	ck_assert_int_eq(image_map_fd(im, "events2"), -1);
	ck_assert_int_eq(image_map_fd(im, ""), -1);
	ck_assert_int_eq(image_map_fd(im, "beyond"), -1);
	ck_assert_int_eq(image_map_fd(read, "wanted"), -1); /* not made */
	image_free(im);
	image_free(read);
}
END_TEST

START_TEST(test_program)
{
	struct image *im = image_made();

	strcpy(im->programs[2].name, "beyond");
	ck_assert_ptr_eq(image_program(im, "on_first"), &im->programs[0]);
	ck_assert_ptr_eq(image_program(im, "on_second"), &im->programs[1]);
	ck_assert_ptr_null(image_program(im, "on_"));
	ck_assert_ptr_null(image_program(im, "on_first2"));
	ck_assert_ptr_null(image_program(im, ""));
	ck_assert_ptr_null(image_program(im, "beyond"));
	image_free(im);
}
END_TEST

/* Without maps there is nothing for the kernel to do, and no instruction to change. */
START_TEST(test_no_maps_to_make)
{
	struct image *im = image_empty(), *same = image_empty();

	image_add_program(im, "p", 4);
	im->programs[0].insns[0] = (struct bpf_insn){.code = BPF_LD | BPF_IMM | BPF_DW, .imm = 3};
	image_add_program(same, "p", 4);
	same->programs[0].insns[0] = im->programs[0].insns[0];
	ck_assert_int_eq(image_make_maps(im), 0);
	expect_same_image(im, same);
	image_free(im);
	image_free(same);
}
END_TEST

START_TEST(test_free)
{
	int fd = open("/dev/null", O_RDONLY);
	struct image *im = image_empty();

	ck_assert_int_ge(fd, 0);
	image_add_map(im, "handed_on", BPF_MAP_TYPE_HASH, fd);
	image_free(im);
	ck_assert_int_eq(close(fd), 0);
	image_free(NULL);
}
END_TEST

/* Which instructions name which map, with a descriptor for each; the second image has its own ones.
 */
static struct image *with_maps(int first, int second)
{
	struct image *im = image_empty();
	const struct bpf_insn load = {.code = BPF_LD | BPF_IMM | BPF_DW,
				      .src_reg = BPF_PSEUDO_MAP_FD};

	image_add_map(im, "followed", BPF_MAP_TYPE_HASH, first);
	image_add_map(im, "other", BPF_MAP_TYPE_HASH, second);
	image_add_program(im, "program", 5);
	for (int i = 0; i < 2; i++) {
		im->programs[0].insns[2 * i] = load;
		im->programs[0].insns[2 * i].imm = i ? second : first;
		im->programs[0].insns[2 * i + 1] = (struct bpf_insn){0};
	}
	return im;
}

START_TEST(test_share_map)
{
	int own = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct image *from = with_maps(1001, 1002), *im = with_maps(own, 1004);

	ck_assert(!image_share_map(im, from, "none"));
	im->maps[0].value_size = 8;
	ck_assert(!image_share_map(im, from, "followed"));
	im->maps[0].value_size = 4;
	ck_assert(image_share_map(im, from, "followed"));
	ck_assert_int_eq(fcntl(own, F_GETFD), -1); /* nobody uses it any more */
	ck_assert_int_eq(image_map_fd(im, "followed"), 1001);
	ck_assert_int_eq(image_map_fd(im, "other"), 1004);
	ck_assert_int_eq(im->programs[0].insns[0].imm, 1001);
	ck_assert_int_eq(im->programs[0].insns[2].imm, 1004);
	image_free(from);
	image_free(im);
}
END_TEST

START_TEST(test_copy_program)
{
	struct image *im = with_maps(1001, 1002);
	struct image_program copy;

	ck_assert_int_eq(image_copy_program(im, "none", "followed", 1003, &copy), -1);
	ck_assert_int_eq(image_copy_program(im, "program", "followed", 1003, &copy), 0);
	ck_assert_str_eq(copy.name, "program");
	ck_assert_uint_eq(copy.n_insns, 5);
	ck_assert_int_eq(copy.insns[0].imm, 1003);
	ck_assert_int_eq(copy.insns[2].imm, 1002);
	ck_assert_int_eq(im->programs[0].insns[0].imm, 1001);
	free(copy.insns);
	image_free(im);
}
END_TEST

/* What was read has one map that the image has, too, and a program that names it. */
static struct image *read_part(void)
{
	struct image *part = with_maps(0, 0);

	part->n_maps = 1;
	part->programs[0].insns[2].src_reg = 0;
	part->programs[0].insns[2].imm = 77;
	snprintf(part->programs[0].name, sizeof(part->programs[0].name), "more");
	return part;
}

START_TEST(test_join)
{
	struct image *im = with_maps(1001, 1002), *part = read_part();

	ck_assert_int_eq(image_join(im, part), 0);
	ck_assert_uint_eq(im->n_maps, 2);
	ck_assert_uint_eq(im->n_programs, 2);
	ck_assert_int_eq(image_program(im, "more")->insns[0].imm, 1001);
	ck_assert_int_eq(image_program(im, "more")->insns[2].imm, 77);
	ck_assert_int_eq(image_program(im, "program")->insns[0].imm, 1001);
	image_free(part);
	image_free(im);
}
END_TEST

START_TEST(test_join_of_what_does_not_fit)
{
	struct image *im = with_maps(1001, 1002), *part = read_part();

	part->maps[0].max_entries++;
	ck_assert_int_eq(image_join(im, part), -1);
	part->maps[0].max_entries--;
	while (im->n_programs < IMAGE_MAX_PROGRAMS)
		image_add_program(im, "filler", 1);
	ck_assert_int_eq(image_join(im, part), -1);
	ck_assert_uint_eq(im->n_programs, IMAGE_MAX_PROGRAMS);
	image_free(part);
	image_free(im);
}
END_TEST

Suite *image_suite(void)
{
	Suite *s = suite_create("image");
	TCase *c = tcase_create("image");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_round_trip);
	tcase_add_test(c, test_fd_in_the_file);
	tcase_add_test(c, test_same_bytes);
	tcase_add_test(c, test_layout);
	tcase_add_test(c, test_full);
	tcase_add_test(c, test_close_maps);
	tcase_add_test(c, test_nothing_in_it);
	tcase_add_test(c, test_longest_program);
	tcase_add_test(c, test_map_types);
	tcase_add_test(c, test_share_map);
	tcase_add_test(c, test_copy_program);
	tcase_add_test(c, test_join);
	tcase_add_test(c, test_join_of_what_does_not_fit);
	tcase_add_loop_test(c, test_not_kept, 0, N_OF(not_kept));
	tcase_add_test(c, test_pseudo_sources);
	tcase_add_test(c, test_truncated);
	tcase_add_test(c, test_trailing);
	tcase_add_test(c, test_magic);
	tcase_add_loop_test(c, test_numbers, 0, N_OF(numbers));
	tcase_add_test(c, test_one_map_too_many);
	tcase_add_test(c, test_one_program_too_many);
	tcase_add_test(c, test_one_instruction_too_many);
	tcase_add_test(c, test_half_at_the_end);
	tcase_add_loop_test(c, test_names_without_end, 0, N_OF(names));
	tcase_add_test(c, test_read_error);
	tcase_add_test(c, test_write_error);
	tcase_add_test(c, test_map_fd);
	tcase_add_test(c, test_program);
	tcase_add_test(c, test_no_maps_to_make);
	tcase_add_test(c, test_free);
	suite_add_tcase(s, c);
	return s;
}
