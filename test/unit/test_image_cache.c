/* image_cache: kept is what belongs to the key, and only what nobody else can have touched. */
#include "image_cache.h"
#include "image_support.h"
#include "suites.h"
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEY "Linux 6.1\nint x;\n"

static char *tmp, *dir;
static struct image *made, *kept;

static void set_up(void)
{
	tmp = temp_dir_new();
	dir = path_in(tmp, "kept");
	made = image_made();
	kept = image_kept();
}

static void tear_down(void)
{
	image_free(made);
	image_free(kept);
	free(dir);
	temp_dir_remove(tmp);
}

static void put(const char *key)
{
	ck_assert_int_eq(image_cache_put(dir, key, made), 0);
}

static void expect_kept(const char *key)
{
	struct image *im = image_cache_get(dir, key);

	ck_assert_msg(im, "nothing kept for '%s'", key);
	expect_same_image(im, kept);
	for (uint32_t i = 0; i < im->n_maps; i++)
		ck_assert_int_eq(im->maps[i].fd, -1);
	image_free(im);
}

static void expect_nothing(const char *key)
{
	struct image *im = image_cache_get(dir, key);

	ck_assert_msg(!im, "something kept for '%s'", key);
}

/* How many entries dir has; name: of one of them. */
static int list(char name[NAME_MAX + 1])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			strcpy(name, entry->d_name);
			n++;
		}
	closedir(d);
	return n;
}

static int count(void)
{
	char name[NAME_MAX + 1];

	return list(name);
}

/* The path of the file for a key, which is put into an empty directory for that; the caller frees
 * it. */
static char *put_only(const char *key)
{
	char name[NAME_MAX + 1];

	put(key);
	ck_assert_int_eq(list(name), 1);
	return path_in(dir, name);
}

START_TEST(test_put_and_get)
{
	char name[NAME_MAX + 1];

	expect_nothing(KEY);
	ck_assert(!exists_in(tmp, "kept")); /* looking makes no directory */
	put(KEY);
	expect_kept(KEY);
	expect_kept(KEY);
	expect_nothing(KEY "x");
	expect_nothing("");
	ck_assert_int_eq(list(name), 1);
	ck_assert_ptr_null(strstr(name, ".new"));
}
END_TEST

START_TEST(test_keys_side_by_side)
{
	put("a");
	made->kernel_version++;
	put("b");
	made->kernel_version--;
	put("");
	ck_assert_int_eq(count(), 3);
	expect_kept("a");
	expect_kept("");
	kept->kernel_version++;
	expect_kept("b");
}
END_TEST

START_TEST(test_long_key)
{
	char *key = malloc(1 << 18);

	ck_assert_ptr_nonnull(key);
	memset(key, 'k', (1 << 18) - 1);
	key[(1 << 18) - 1] = '\0';
	put(key);
	expect_kept(key);
	key[(1 << 18) - 2] = 'l';
	expect_nothing(key);
	free(key);
}
END_TEST

/* The later one stands in the place of the earlier. */
START_TEST(test_put_again)
{
	put(KEY);
	made->kernel_version++;
	kept->kernel_version++;
	put(KEY);
	ck_assert_int_eq(count(), 1);
	expect_kept(KEY);
}
END_TEST

static const struct {
	const char *in_file, *asked;
} keys[] = {
	{"kernel 1", "kernel 2"},
	{"kernel 1", "kernel 10"},
	{"kernel 10", "kernel 1"},
	{"kernel", ""},
	{"", "kernel"},
	{"Kernel", "kernel"},
};

/* A file that has the name for one key and holds another, as if their hashes were the same. */
START_TEST(test_equal_names)
{
	char *asked = put_only(keys[_i].asked), *held;

	ck_assert_int_eq(unlink(asked), 0);
	held = put_only(keys[_i].in_file);
	ck_assert_str_ne(asked, held);
	ck_assert_int_eq(rename(held, asked), 0);
	expect_nothing(keys[_i].asked);
	expect_nothing(keys[_i].in_file);
	ck_assert_int_eq(rename(asked, held), 0);
	expect_kept(keys[_i].in_file);
	free(asked);
	free(held);
}
END_TEST

/* Whatever the mask: we can read it, others cannot. */
START_TEST(test_modes)
{
	static const mode_t masks[] = {0, 0022, 0077};

	for (int i = 0; i < N_OF(masks); i++) {
		mode_t old = umask(masks[i]);
		char *file = put_only(KEY);
		struct stat st;

		umask(old);
		ck_assert_int_eq(stat(dir, &st), 0);
		ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
		ck_assert_int_eq(stat(file, &st), 0);
		ck_assert_uint_eq(st.st_mode, S_IFREG | 0600);
		expect_kept(KEY);
		ck_assert_int_eq(unlink(file), 0);
		ck_assert_int_eq(rmdir(dir), 0);
		free(file);
	}
}
END_TEST

static const struct {
	mode_t mode;
	bool good;
} modes[] = {
	{0700, true},  {0755, false}, {0777, false}, {0770, false}, {0701, false},  {0702, false},
	{0704, false}, {0710, false}, {0720, false}, {0740, false}, {01777, false},
};

START_TEST(test_directory_modes)
{
	free(put_only(KEY));
	ck_assert_int_eq(chmod(dir, modes[_i].mode), 0);
	if (modes[_i].good)
		expect_kept(KEY);
	else
		expect_nothing(KEY);
	ck_assert_int_eq(image_cache_put(dir, KEY "2", made), modes[_i].good ? 0 : -1);
	ck_assert_int_eq(count(), modes[_i].good ? 2 : 1);
}
END_TEST

START_TEST(test_file_modes)
{
	char *file = put_only(KEY);

	ck_assert_int_eq(chmod(file, modes[_i].mode), 0);
	if (modes[_i].good)
		expect_kept(KEY);
	else
		expect_nothing(KEY);
	put(KEY); /* puts that right */
	expect_kept(KEY);
	free(file);
}
END_TEST

/* Only root can give files away. */
START_TEST(test_other_owner)
{
	char *file = put_only(KEY);

	if (geteuid() == 0) {
		ck_assert_int_eq(chown(file, 65534, 65534), 0);
		expect_nothing(KEY);
		ck_assert_int_eq(chown(file, 0, 0), 0);
		expect_kept(KEY);
		ck_assert_int_eq(chown(dir, 65534, 65534), 0);
		expect_nothing(KEY);
		ck_assert_int_eq(image_cache_put(dir, KEY "2", made), -1);
		ck_assert_int_eq(count(), 1);
	}
	free(file);
}
END_TEST

START_TEST(test_directory_is_a_link)
{
	char *real = path_in(tmp, "real");

	put(KEY);
	ck_assert_int_eq(rename(dir, real), 0);
	ck_assert_int_eq(symlink("real", dir), 0);
	expect_nothing(KEY);
	ck_assert_int_eq(image_cache_put(dir, KEY "2", made), -1);
	ck_assert_int_eq(count(), 1);
	ck_assert_int_eq(unlink(dir), 0);
	ck_assert_int_eq(symlink("not-there", dir), 0);
	ck_assert_int_eq(image_cache_put(dir, KEY, made), -1);
	ck_assert(!exists_in(tmp, "not-there"));
	free(real);
}
END_TEST

START_TEST(test_file_is_a_link)
{
	char *file = put_only(KEY), *real = path_in(tmp, "real");

	ck_assert_int_eq(rename(file, real), 0);
	ck_assert_int_eq(symlink("../real", file), 0);
	expect_nothing(KEY);
	put(KEY); /* in the place of the link, not through it */
	ck_assert_int_eq(rename(real, file), 0);
	expect_kept(KEY);
	free(file);
	free(real);
}
END_TEST

/* Nobody ever writes into it: reading must not wait for that. */
START_TEST(test_file_is_a_fifo)
{
	char *file = put_only(KEY);

	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
	alarm(20);
	expect_nothing(KEY);
	put(KEY);
	alarm(0);
	expect_kept(KEY);
	free(file);
}
END_TEST

/* Not even if all that it takes comes out of it. */
START_TEST(test_full_fifo)
{
	char *file = put_only(KEY), *real = path_in(tmp, "real"), bytes[4096];
	int reader, writer, from;
	ssize_t n;

	ck_assert_int_eq(rename(file, real), 0);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
	from = open(real, O_RDONLY);
	reader = open(file, O_RDONLY | O_NONBLOCK); /* keeps what is in it */
	writer = open(file, O_WRONLY | O_NONBLOCK);
	n = read(from, bytes, sizeof(bytes));
	ck_assert_int_gt(n, SAMPLE_BYTES);
	ck_assert_int_eq(write(writer, bytes, (size_t)n), n);
	close(from);
	close(writer);
	expect_nothing(KEY);
	ck_assert_int_eq(read(reader, bytes, sizeof(bytes)), n);
	close(reader);
	free(file);
	free(real);
}
END_TEST

/* It cannot be replaced, and what was to replace it is gone. */
START_TEST(test_file_is_a_directory)
{
	char *file = put_only(KEY);

	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	expect_nothing(KEY);
	ck_assert_int_eq(image_cache_put(dir, KEY, made), -1);
	ck_assert_int_eq(count(), 1);
	free(file);
}
END_TEST

START_TEST(test_cut_file)
{
	char *file = put_only(KEY);
	struct stat st;

	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_int_eq(st.st_size, strlen(KEY) + 1 + SAMPLE_BYTES);
	for (off_t n = st.st_size - 1; n >= 0; n--) {
		ck_assert_int_eq(truncate(file, n), 0);
		expect_nothing(KEY);
	}
	put(KEY);
	expect_kept(KEY);
	ck_assert_int_eq(truncate(file, st.st_size + 1), 0);
	expect_nothing(KEY);
	free(file);
}
END_TEST

START_TEST(test_impossible_directories)
{
	static const char *const names[] = {"no/kept", "file", "file/kept", "fifo"};
	char *fifo = path_in(tmp, "fifo"), *text;

	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	write_file_in(tmp, "file", "x");
	for (int i = 0; i < N_OF(names); i++) {
		char *path = path_in(tmp, names[i]);

		ck_assert_int_eq(image_cache_put(path, KEY, made), -1);
		ck_assert_ptr_null(image_cache_get(path, KEY));
		free(path);
	}
	text = read_file_in(tmp, "file");
	ck_assert_str_eq(text, "x");
	free(text);
	free(fifo);
	ck_assert(!exists_in(tmp, "no"));
}
END_TEST

START_TEST(test_long_directory)
{
	char *path = malloc(PATH_MAX + 100);

	ck_assert_ptr_nonnull(path);
	strcpy(path, tmp);
	/* at the end there is room for the directory, but not for a file in it as well */
	for (size_t len = PATH_MAX - 40; len < PATH_MAX + 99; len++) {
		memset(path + strlen(tmp), '/', len - strlen(tmp));
		path[len] = '\0';
		path[len - 1] = 'k';
		if (image_cache_put(path, KEY, made) == 0) {
			struct image *im = image_cache_get(path, KEY);

			ck_assert_ptr_nonnull(im);
			image_free(im);
		}
	}
	free(path);
}
END_TEST

/* What image_write() refuses leaves no trace, and what was there stays. */
START_TEST(test_not_writable_image)
{
	put(KEY);
	made->programs[0].insns[1].imm = SAMPLE_UNKNOWN_FD;
	ck_assert_int_eq(image_cache_put(dir, KEY, made), -1);
	ck_assert_int_eq(image_cache_put(dir, KEY "2", made), -1);
	ck_assert_int_eq(count(), 1);
	expect_kept(KEY);
}
END_TEST

/* A disk that is full: the limit of a file's size does the same. */
START_TEST(test_no_room)
{
	struct rlimit old, limit;
	void (*on_xfsz)(int) = signal(SIGXFSZ, SIG_IGN);
	int again, another;

	put(KEY);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = SAMPLE_BYTES / 2;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	again = image_cache_put(dir, KEY, made); /* libcheck writes files too: no assertion here */
	another = image_cache_put(dir, KEY "2", made);
	setrlimit(RLIMIT_FSIZE, &old);
	ck_assert_int_eq(again, -1);
	ck_assert_int_eq(another, -1);
	signal(SIGXFSZ, on_xfsz);
	ck_assert_int_eq(count(), 1);
	expect_kept(KEY);
}
END_TEST

static void set_time(const char *file, time_t s, long ns)
{
	struct timespec times[2] = {{.tv_sec = s, .tv_nsec = ns}, {.tv_sec = s, .tv_nsec = ns}};

	ck_assert_int_eq(utimensat(AT_FDCWD, file, times, 0), 0);
}

static void numbered_key(char key[16], int i)
{
	snprintf(key, 16, "key %d", i);
}

/* Puts keys 0 to n - 1; the files get older with their number, by seconds or nanoseconds. */
static void put_many(int n, time_t seconds, long ns)
{
	char key[16], *path;

	for (int i = 0; i < n; i++) {
		char *other = dir;

		/* each in a directory of its own first, where its name can be seen */
		dir = path_in(tmp, "one");
		numbered_key(key, i);
		path = put_only(key);
		set_time(path, 1000000 + (n - i) * seconds, (n - i) * ns);
		free(dir);
		dir = other;
		mkdir(dir, 0700);
		other = path_in(dir, strrchr(path, '/') + 1);
		ck_assert_int_eq(rename(path, other), 0);
		free(other);
		free(path);
	}
}

static void expect_keys(int from, int to)
{
	char key[16];

	for (int i = from; i < to; i++) {
		numbered_key(key, i);
		expect_kept(key);
	}
}

START_TEST(test_up_to_the_limit)
{
	put_many(IMAGE_CACHE_MAX - 1, 1, 0);
	put("the last");
	ck_assert_int_eq(count(), IMAGE_CACHE_MAX);
	expect_keys(0, IMAGE_CACHE_MAX - 1);
	expect_kept("the last");
}
END_TEST

/* The oldest has to go, which may be so by nanoseconds only. */
START_TEST(test_beyond_the_limit)
{
	char key[16];

	put_many(IMAGE_CACHE_MAX, _i ? 0 : 1, _i ? 1 : 0);
	for (int i = 1; i <= 5; i++) {
		numbered_key(key, 1000 + i);
		put(key);
		ck_assert_int_eq(count(), IMAGE_CACHE_MAX);
		expect_keys(0, IMAGE_CACHE_MAX - i);
		numbered_key(key, IMAGE_CACHE_MAX - i);
		expect_nothing(key);
		expect_keys(1001, 1001 + i);
	}
}
END_TEST

/* A key that is there already needs no room. */
START_TEST(test_put_again_at_the_limit)
{
	put_many(IMAGE_CACHE_MAX, 1, 0);
	put("key 5");
	ck_assert_int_eq(count(), IMAGE_CACHE_MAX);
	expect_keys(0, IMAGE_CACHE_MAX);
}
END_TEST

/* What is no file is not ours: not counted, not removed. */
START_TEST(test_prune_only_files)
{
	char *sub, *link, *target;

	put_many(IMAGE_CACHE_MAX - 1, 1, 0);
	sub = path_in(dir, "directory");
	link = path_in(dir, "link");
	target = path_in(tmp, "target");
	write_file_in(tmp, "target", "x");
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	ck_assert_int_eq(symlink("../target", link), 0);
	set_time(sub, 1, 0);
	set_time(target, 1, 0);
	put("one");
	ck_assert_int_eq(count(), IMAGE_CACHE_MAX + 2);
	put("two");
	ck_assert_int_eq(count(), IMAGE_CACHE_MAX + 2);
	ck_assert(exists_in(dir, "directory") && exists_in(dir, "link") &&
		  exists_in(tmp, "target"));
	expect_keys(0, IMAGE_CACHE_MAX - 2);
	expect_kept("one");
	expect_kept("two");
	free(sub);
	free(link);
	free(target);
}
END_TEST

/* What a run that was killed while it wrote has left is as old as any, and goes in its turn. */
START_TEST(test_left_by_a_killed_run)
{
	char *left;

	put_many(IMAGE_CACHE_MAX - 1, 1, 0);
	write_file_in(dir, ".new-abcdef", "half");
	left = path_in(dir, ".new-abcdef");
	set_time(left, 1, 0);
	free(left);
	put("another");
	ck_assert(!exists_in(dir, ".new-abcdef"));
	expect_keys(0, IMAGE_CACHE_MAX - 1);
	expect_kept("another");
}
END_TEST

static int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Neither what succeeds nor what fails leaves a descriptor open. */
START_TEST(test_no_open_files)
{
	char *file = put_only(KEY), *sub = path_in(file, "sub");
	int before = count_fds();

	expect_kept(KEY);
	put(KEY);
	expect_nothing("another");
	expect_nothing("");
	ck_assert_int_eq(truncate(file, 5), 0);
	expect_nothing(KEY);
	ck_assert_int_eq(chmod(file, 0644), 0);
	expect_nothing(KEY);
	ck_assert_int_eq(image_cache_put(sub, KEY, made), -1);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	expect_nothing(KEY);
	ck_assert_int_eq(image_cache_put(dir, KEY, made), -1);
	ck_assert_int_eq(chmod(dir, 0700), 0);
	made->maps[0].type = BPF_MAP_TYPE_HASH_OF_MAPS;
	ck_assert_int_eq(image_cache_put(dir, KEY, made), -1);
	ck_assert_int_eq(count_fds(), before);
	free(file);
	free(sub);
}
END_TEST

START_TEST(test_is_empty)
{
	char *sub = path_in(dir, "sub");
	int before = count_fds();

	ck_assert(image_cache_is_empty(dir));
	ck_assert(image_cache_is_empty(sub));
	free(put_only(KEY));
	ck_assert(!image_cache_is_empty(dir));
	ck_assert_int_eq(chmod(dir, 0755), 0); /* what lies there does not count */
	ck_assert(image_cache_is_empty(dir));
	ck_assert_int_eq(chmod(dir, 0700), 0);
	ck_assert_int_eq(count_fds(), before);
	free(sub);
}
END_TEST

Suite *image_cache_suite(void)
{
	Suite *s = suite_create("image_cache");
	TCase *c = tcase_create("image_cache");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_put_and_get);
	tcase_add_test(c, test_is_empty);
	tcase_add_test(c, test_keys_side_by_side);
	tcase_add_test(c, test_long_key);
	tcase_add_test(c, test_put_again);
	tcase_add_loop_test(c, test_equal_names, 0, N_OF(keys));
	tcase_add_test(c, test_modes);
	tcase_add_loop_test(c, test_directory_modes, 0, N_OF(modes));
	tcase_add_loop_test(c, test_file_modes, 0, N_OF(modes));
	tcase_add_test(c, test_other_owner);
	tcase_add_test(c, test_directory_is_a_link);
	tcase_add_test(c, test_file_is_a_link);
	tcase_add_test(c, test_file_is_a_fifo);
	tcase_add_test(c, test_full_fifo);
	tcase_add_test(c, test_file_is_a_directory);
	tcase_add_test(c, test_cut_file);
	tcase_add_test(c, test_impossible_directories);
	tcase_add_test(c, test_long_directory);
	tcase_add_test(c, test_not_writable_image);
	tcase_add_test(c, test_no_room);
	tcase_add_test(c, test_up_to_the_limit);
	tcase_add_loop_test(c, test_beyond_the_limit, 0, 2);
	tcase_add_test(c, test_put_again_at_the_limit);
	tcase_add_test(c, test_prune_only_files);
	tcase_add_test(c, test_left_by_a_killed_run);
	tcase_add_test(c, test_no_open_files);
	suite_add_tcase(s, c);
	return s;
}
