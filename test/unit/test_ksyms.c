/* ksyms: functions of the kernel from files like /proc/kallsyms. */
#include "ksyms.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Not sorted: modules and BPF programs come behind, and lower. */
static const char kernel[] = "0000000000000000 A fixed_percpu_data\n"
			     "ffffffff81000000 T _stext\n"
			     "ffffffff81000000 T _text\n"
			     "ffffffff81000100 t ip_rcv_core.isra.0\n"
			     "ffffffff81000200 T ip_rcv\n"
			     "ffffffff81000280 W weak_one\n"
			     "ffffffff81000300 w weak_two\n"
			     "ffffffff81000380 D some_data\n"
			     "ffffffff81000390 r other_data\n"
			     "ffffffff81800000 T _etext\n"
			     "ffffffffc0400000 t nft_do_chain\t[nf_tables]\n"
			     "ffffffffc0400080 d nft_data\t[nf_tables]\n"
			     "ffffffffc0200000 t veth_xmit [veth]\n"
			     "ffffffffc0300000 t bpf_prog_6deef7357e7b4530_probe\t[bpf]\n"
			     "ffffffff81000240 t late\n";

static const struct {
	uint64_t address;
	const char *name; /* NULL: none */
	uint32_t offset;
	const char *module;
} cases[] = {
	{0xffffffff81000200, "ip_rcv", 0, ""},
	{0xffffffff8100021b, "ip_rcv", 0x1b, ""},
	{0xffffffff8100023f, "ip_rcv", 0x3f, ""},
	{0xffffffff81000240, "late", 0, ""},
	{0xffffffff81000101, "ip_rcv_core.isra.0", 1, ""},
	{0xffffffff81000000, "_stext", 0, ""}, /* of two the first */
	{0xffffffff81000281, "weak_one", 1, ""},
	{0xffffffff81000301, "weak_two", 1, ""},
	{0xffffffff81000391, "weak_two", 0x91, ""}, /* data is no function */
	{0xffffffffc0400079, "nft_do_chain", 0x79, "nf_tables"},
	{0xffffffffc0400090, "nft_do_chain", 0x90, "nf_tables"},
	{0xffffffffc0200010, "veth_xmit", 0x10, "veth"},
	{0xffffffffc0300020, "bpf_prog_6deef7357e7b4530_probe", 0x20, "bpf"},
	{0xffffffff818fffff, "_etext", 0xfffff, ""},
	{0xffffffff81900000, NULL, 0, ""}, /* too far away */
	{0xffffffffffffffff, NULL, 0, ""},
	{0xffffffff80ffffff, NULL, 0, ""},
	{1, NULL, 0, ""},
	{0, NULL, 0, ""},
};

static const struct ksym *find_in(struct ksyms **k, const char *text, uint64_t address)
{
	char *dir = temp_dir_new(), *path = path_in(dir, "kallsyms");
	const struct ksym *s;

	write_file_in(dir, "kallsyms", text);
	*k = ksyms_new_from(path);
	ck_assert_ptr_nonnull(*k);
	s = ksyms_find(*k, address);
	free(path);
	temp_dir_remove(dir);
	return s;
}

START_TEST(test_find)
{
	struct ksyms *k;
	const struct ksym *s = find_in(&k, kernel, cases[_i].address);

	ck_assert_msg(!s == !cases[_i].name, "found %s", s ? s->name : "nothing");
	if (s) {
		ck_assert_str_eq(s->name, cases[_i].name);
		ck_assert_uint_eq(s->offset, cases[_i].offset);
		ck_assert_str_eq(s->module, cases[_i].module);
	}
	ksyms_free(k);
}
END_TEST

/* Files that say nothing of the address 0x1010. */
static const char *const useless[] = {
	"",
	"\n",
	"\n\n\n",
	"0000000000000000 T _text\n0000000000000000 t ip_rcv\n",
	"0000000000001000 T no_end_of_line",
	"0000000000001000 T\n",
	"0000000000001000 T \n",
	"0000000000001000\n",
	"0000000000001000 T",
	"0000000000001000  T x\n",
	"0000000000001000 TT x\n",
	"00000000000001000 T too_many_digits\n",
	"000000000000100X T no_digit\n",
	" 0000000000001000 T x\n",
	"-000000000001000 T x\n",
	"(null) T x\n",
};

START_TEST(test_useless)
{
	struct ksyms *k;

	ck_assert_ptr_null(find_in(&k, useless[_i], 0x1010));
	ck_assert_ptr_null(ksyms_find(k, 0x1010));
	ck_assert_ptr_null(ksyms_find(k, 0x1011));
	ksyms_free(k);
}
END_TEST

/* Where there are no addresses, nobody looks again. */
START_TEST(test_useless_for_good)
{
	char *dir = temp_dir_new(), *path = path_in(dir, "kallsyms");
	struct ksyms *k = ksyms_new_from(path);

	write_file_in(dir, "kallsyms", "0000000000000000 t hidden\n");
	ck_assert_ptr_null(ksyms_find(k, 0x1000));
	write_file_in(dir, "kallsyms", "1000 t shown\n");
	ck_assert_ptr_null(ksyms_find(k, 0x1001));
	ksyms_free(k);
	free(path);
	temp_dir_remove(dir);
}
END_TEST

START_TEST(test_no_file)
{
	struct ksyms *k = ksyms_new_from("/no/such/file");

	ck_assert_ptr_null(ksyms_find(k, 0x1010));
	ck_assert_ptr_null(ksyms_find(k, 0x1010));
	ksyms_free(k);
	ksyms_free(NULL);
}
END_TEST

START_TEST(test_names_from_outside)
{
	struct ksyms *k;
	const struct ksym *s = find_in(&k, "1000 t a\x1b[0m\x7f\xc3\xa4\t[m\x01]\n", 0x1001);

	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->name, "a?[0m???");
	ck_assert_str_eq(s->module, "m?");
	ksyms_free(k);
}
END_TEST

START_TEST(test_long_names)
{
	char line[1024], name[512], module[256];
	const struct ksym *s;
	struct ksyms *k;

	memset(name, 'n', sizeof(name));
	memset(module, 'm', sizeof(module));
	name[sizeof(name) - 1] = module[sizeof(module) - 1] = '\0';
	snprintf(line, sizeof(line), "1000 t %s\t[%s]\n", name, module);
	s = find_in(&k, line, 0x1001);
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(strlen(s->name), KSYM_NAME_BYTES - 1);
	ck_assert_uint_eq(strspn(s->name, "n"), KSYM_NAME_BYTES - 1);
	ck_assert_uint_eq(strlen(s->module), KSYM_MODULE_BYTES - 1);
	ck_assert_uint_eq(strspn(s->module, "m"), KSYM_MODULE_BYTES - 1);
	ksyms_free(k);
}
END_TEST

#define MANY  10000 /* lines of up to 34 bytes: several blocks */
#define BLOCK 65536

static char *many_symbols(void)
{
	char *text = malloc(MANY * 40), *to = text;

	ck_assert_ptr_nonnull(text);
	for (unsigned int i = 0; i < MANY; i++) /* downwards */
		to += sprintf(to, "%016x t function_%u\n", (MANY - i) * 0x100, MANY - i);
	return text;
}

static void expect_symbol_of_line(const char *text, const char *line)
{
	unsigned int address, number;
	struct ksyms *k;
	const struct ksym *s;
	char name[32];

	ck_assert_int_eq(sscanf(line, "%x t function_%u", &address, &number), 2);
	s = find_in(&k, text, address + 5);
	snprintf(name, sizeof(name), "function_%u", number);
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->name, name);
	ck_assert_uint_eq(s->offset, 5);
	ksyms_free(k);
}

static const char *line_start(const char *at)
{
	while (at[-1] != '\n')
		at--;
	return at;
}

/* Lines that the end of a block cuts, and those around them. */
START_TEST(test_blocks)
{
	char *text = many_symbols();
	const char *at = text;
	int n = 0;

	for (; strlen(at) > BLOCK; n++) {
		at = line_start(at + BLOCK);
		expect_symbol_of_line(text, line_start(at - 1));
		expect_symbol_of_line(text, at);
		expect_symbol_of_line(text, strchr(at, '\n') + 1);
	}
	ck_assert_int_ge(n, 4);
	free(text);
}
END_TEST

/* A line that fills more than a block ends the search; what was found before it counts. */
START_TEST(test_endless_line)
{
	size_t size = 1 << 18;
	char *text = malloc(size + 1);
	const struct ksym *s;
	struct ksyms *k;

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', size);
	text[size] = '\0';
	memcpy(text, "1000 t first\n", strlen("1000 t first\n"));
	s = find_in(&k, text, 0x1001);
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->name, "first");
	ksyms_free(k);
	free(text);
}
END_TEST

/* What was asked before is not read again; what is new is, and takes the place of the oldest. */
START_TEST(test_cache)
{
	char *dir = temp_dir_new(), *path = path_in(dir, "kallsyms");
	struct ksyms *k = ksyms_new_from(path);

	write_file_in(dir, "kallsyms", "1000 t before\n");
	for (unsigned int i = 0; i < 256; i++)
		ck_assert_str_eq(ksyms_find(k, 0x1000 + i)->name, "before");
	ck_assert_ptr_null(ksyms_find(k, 0x10)); /* instead of 0x1000 */
	write_file_in(dir, "kallsyms", "1000 t after\n10 t low\n");
	ck_assert_str_eq(ksyms_find(k, 0x1001)->name, "before");
	ck_assert_str_eq(ksyms_find(k, 0x10ff)->name, "before");
	ck_assert_ptr_null(ksyms_find(k, 0x10));
	ck_assert_str_eq(ksyms_find(k, 0x1000)->name, "after"); /* instead of 0x1001 */
	ck_assert_str_eq(ksyms_find(k, 0x1002)->name, "before");
	ck_assert_str_eq(ksyms_find(k, 0x1001)->name, "after");
	ck_assert_uint_eq(ksyms_find(k, 0x1001)->offset, 1);
	ksyms_free(k);
	free(path);
	temp_dir_remove(dir);
}
END_TEST

static const struct {
	const char *name, *function;
	bool is;
} functions[] = {
	{"ip_rcv", "ip_rcv", true},
	{"ip_rcv.isra.0", "ip_rcv", true},
	{"ip_rcv.part.0", "ip_rcv", true},
	{"ip_rcv.constprop.0.isra.0", "ip_rcv", true},
	{"ip_rcv.cold", "ip_rcv", true},
	{"ip_rcv_core", "ip_rcv", false},
	{"ip_rcv_core.isra.0", "ip_rcv", false},
	{"ip_rc", "ip_rcv", false},
	{"ip_rcv", "ip_rcv_core", false},
	{"__ip_rcv", "ip_rcv", false},
	{"", "ip_rcv", false},
	{".cold", "ip_rcv", false},
};

START_TEST(test_is)
{
	struct ksym s = {.offset = 0};

	strcpy(s.name, functions[_i].name);
	ck_assert_int_eq(ksym_is(&s, functions[_i].function), functions[_i].is);
}
END_TEST

/* Whether it shows addresses or not. */
START_TEST(test_running_kernel)
{
	struct ksyms *k = ksyms_new();
	const struct ksym *s;
	char line[256], name[129];
	unsigned long long address = 0;
	FILE *f = fopen("/proc/kallsyms", "r");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%llx T %128s", &address, name) == 2 &&
		    strcmp(name, "ip_rcv") == 0)
			break;
		else
			address = 0;
	if (f)
		fclose(f);
	s = ksyms_find(k, address ? address + 1 : 0x10);
	ck_assert_int_eq(s != NULL, address != 0);
	if (s) {
		ck_assert(ksym_is(s, "ip_rcv"));
		ck_assert_uint_eq(s->offset, 1);
		ck_assert_str_eq(s->module, "");
	}
	ksyms_free(k);
}
END_TEST

Suite *ksyms_suite(void)
{
	Suite *s = suite_create("ksyms");
	TCase *c = tcase_create("ksyms");

	tcase_add_loop_test(c, test_find, 0, N_OF(cases));
	tcase_add_loop_test(c, test_useless, 0, N_OF(useless));
	tcase_add_test(c, test_useless_for_good);
	tcase_add_test(c, test_no_file);
	tcase_add_test(c, test_names_from_outside);
	tcase_add_test(c, test_long_names);
	tcase_add_test(c, test_blocks);
	tcase_add_test(c, test_endless_line);
	tcase_add_test(c, test_cache);
	tcase_add_loop_test(c, test_is, 0, N_OF(functions));
	tcase_add_test(c, test_running_kernel);
	suite_add_tcase(s, c);
	return s;
}
