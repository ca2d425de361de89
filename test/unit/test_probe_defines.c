/* probe_defines: the constants that the probes are compiled with. */
#include "probe_defines.h"
#include "suites.h"
#include "support.h"

#include <string.h>
#include <sys/socket.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ID      "-DTP_ID=0x3412" /* as a load from the packet has it */
#define COOKIE  "-DTP_COOKIE=0xf807060504030201ULL"
#define MASK(n) mask_le[n]
#else
#define ID      "-DTP_ID=0x1234"
#define COOKIE  "-DTP_COOKIE=0x01020304050607f8ULL"
#define MASK(n) mask_be[n]
#endif

/* Indexed by bytes of cookie in the packet. */
static const char *const mask_le[] __attribute__((unused)) = {
	"0000000000000000", "00000000000000ff", "000000000000ffff",
	"0000000000ffffff", "00000000ffffffff", "000000ffffffffff",
	"0000ffffffffffff", "00ffffffffffffff", "ffffffffffffffff",
};
static const char *const mask_be[] __attribute__((unused)) = {
	"0000000000000000", "ff00000000000000", "ffff000000000000",
	"ffffff0000000000", "ffffffff00000000", "ffffffffff000000",
	"ffffffffffff0000", "ffffffffffffff00", "ffffffffffffffff",
};

static const unsigned int sizes[] = {0, 1, 3, 7, 8, 9, 56, 65507};

START_TEST(test_fill)
{
	struct ping_identity who = {.family = AF_INET,
				    .id = 0x1234,
				    .cookie = "\x01\x02\x03\x04\x05\x06\x07\xf8",
				    .size = sizes[_i]};
	struct probe_defines d;
	char mask[64];

	memset(&d, 0xa5, sizeof(d));
	probe_defines_fill(&d, &who);
	snprintf(mask, sizeof(mask), "-DTP_COOKIE_MASK=0x%sULL",
		 MASK(sizes[_i] < 8 ? sizes[_i] : 8));
	ck_assert_str_eq(d.list[0], ID);
	ck_assert_str_eq(d.list[1], COOKIE);
	ck_assert_str_eq(d.list[2], mask);
	ck_assert_ptr_null(d.list[3]);
}
END_TEST

START_TEST(test_leading_zeros)
{
	struct ping_identity who = {.family = AF_INET6, .id = 0, .size = 8};
	struct probe_defines d;

	probe_defines_fill(&d, &who);
	ck_assert_str_eq(d.list[0], "-DTP_ID=0x0000");
	ck_assert_str_eq(d.list[1], "-DTP_COOKIE=0x0000000000000000ULL");
}
END_TEST

Suite *probe_defines_suite(void)
{
	Suite *s = suite_create("probe_defines");
	TCase *c = tcase_create("probe_defines");

	tcase_add_loop_test(c, test_fill, 0, N_OF(sizes));
	tcase_add_test(c, test_leading_zeros);
	suite_add_tcase(s, c);
	return s;
}
