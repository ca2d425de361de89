/* icmp_text: words for ICMP errors. */
#include "icmp_text.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static const struct {
	int family;
	uint8_t type, code;
	uint32_t info;
	const char *text;
} errors[] = {
	{4, 3, 0, 0, "network unreachable"},
	{4, 3, 1, 0, "host unreachable"},
	{4, 3, 2, 0, "protocol unreachable"},
	{4, 3, 3, 0, "port unreachable"},
	{4, 3, 4, 1400, "fragmentation needed (mtu 1400)"},
	{4, 3, 4, 0xabcd05dc, "fragmentation needed (mtu 1500)"},
	{4, 3, 4, 65535, "fragmentation needed (mtu 65535)"},
	{4, 3, 4, 0, "fragmentation needed"},
	{4, 3, 4, 0xabcd0000, "fragmentation needed"},
	{4, 3, 5, 0, "source route failed"},
	{4, 3, 6, 0, "network unknown"},
	{4, 3, 7, 0, "host unknown"},
	{4, 3, 8, 0, "source host isolated"},
	{4, 3, 9, 0, "network prohibited"},
	{4, 3, 10, 0, "host prohibited"},
	{4, 3, 11, 0, "network unreachable for this type of service"},
	{4, 3, 12, 0, "host unreachable for this type of service"},
	{4, 3, 13, 0, "communication administratively prohibited"},
	{4, 3, 14, 0, "host precedence violation"},
	{4, 3, 15, 0, "precedence cutoff"},
	{4, 3, 16, 0, "ICMP type 3 code 16"},
	{4, 3, 77, 1, "ICMP type 3 code 77"},
	{4, 4, 0, 0, "source quench"},
	{4, 4, 1, 0, "ICMP type 4 code 1"},
	{4, 5, 0, 0xc0000201, "redirect for the network (to 192.0.2.1)"},
	{4, 5, 1, 0xc0000201, "redirect for the host (to 192.0.2.1)"},
	{4, 5, 2, 0xc0000201, "redirect for the type of service and network (to 192.0.2.1)"},
	{4, 5, 3, 0xffffffff, "redirect for the type of service and host (to 255.255.255.255)"},
	{4, 5, 4, 0xc0000201, "ICMP type 5 code 4"},
	{4, 11, 0, 0, "time to live exceeded"},
	{4, 11, 0, 0x110000, "time to live exceeded"},
	{4, 11, 1, 0, "fragment reassembly time exceeded"},
	{4, 11, 2, 0, "ICMP type 11 code 2"},
	{4, 12, 0, 0xc000000, "parameter problem (byte 12)"},
	{4, 12, 0, 0xffffffff, "parameter problem (byte 255)"},
	{4, 12, 1, 0, "parameter problem (required option missing)"},
	{4, 12, 2, 0, "parameter problem (bad length)"},
	{4, 12, 3, 0, "ICMP type 12 code 3"},
	{4, 0, 0, 0, "ICMP type 0 code 0"},
	{4, 1, 0, 0, "ICMP type 1 code 0"},
	{4, 137, 0, 0, "ICMP type 137 code 0"},
	{4, 255, 255, 0, "ICMP type 255 code 255"},
	{6, 1, 0, 0, "no route to destination"},
	{6, 1, 1, 0, "communication administratively prohibited"},
	{6, 1, 2, 0, "beyond scope of source address"},
	{6, 1, 3, 0, "address unreachable"},
	{6, 1, 4, 0, "port unreachable"},
	{6, 1, 5, 0, "source address failed ingress/egress policy"},
	{6, 1, 6, 0, "reject route to destination"},
	{6, 1, 7, 0, "error in source routing header"},
	{6, 1, 8, 0, "headers too long"},
	{6, 1, 9, 0, "ICMPv6 type 1 code 9"},
	{6, 2, 0, 1280, "packet too big (mtu 1280)"},
	{6, 2, 1, 0xffffffff, "packet too big (mtu 4294967295)"},
	{6, 3, 0, 0, "hop limit exceeded"},
	{6, 3, 1, 0, "fragment reassembly time exceeded"},
	{6, 3, 2, 0, "ICMPv6 type 3 code 2"},
	{6, 4, 0, 40, "erroneous header field (byte 40)"},
	{6, 4, 0, 0xffffffff, "erroneous header field (byte 4294967295)"},
	{6, 4, 1, 40, "unrecognized next header"},
	{6, 4, 2, 40, "unrecognized option"},
	{6, 4, 3, 0, "first fragment has incomplete header chain"},
	{6, 4, 4, 0, "ICMPv6 type 4 code 4"},
	{6, 137, 0, 0, "redirect"},
	{6, 5, 0, 0, "ICMPv6 type 5 code 0"},
	{6, 11, 0, 0, "ICMPv6 type 11 code 0"},
	{6, 255, 255, 0, "ICMPv6 type 255 code 255"},
};

START_TEST(test_text)
{
	char buf[ICMP_TEXT_BYTES];

	ck_assert_str_eq(icmp_error_text(errors[_i].family, errors[_i].type, errors[_i].code,
					 errors[_i].info, buf, sizeof(buf)),
			 errors[_i].text);
}
END_TEST

/* None is cut, whatever comes in. */
START_TEST(test_room)
{
	for (int family = 4; family <= 6; family += 2)
		for (unsigned int i = 0; i < 65536; i++) {
			char buf[ICMP_TEXT_BYTES];
			const char *text = icmp_error_text(family, (uint8_t)(i >> 8), (uint8_t)i,
							   UINT32_MAX, buf, sizeof(buf));

			ck_assert_uint_lt(strlen(text), ICMP_TEXT_BYTES - 1);
			ck_assert_uint_gt(strlen(text), 0);
		}
}
END_TEST

/* A buffer that is too small is not overrun. */
START_TEST(test_small_buffer)
{
	char buf[5] = "....";

	ck_assert_str_eq(icmp_error_text(4, 3, 77, 0, buf, 4), "ICM");
	ck_assert_str_eq(icmp_error_text(4, 5, 0, 0, buf, 4), "red");
	ck_assert_str_eq(icmp_error_text(6, 2, 0, 1280, buf, 4), "pac");
	ck_assert_int_eq(buf[4], '\0');
}
END_TEST

Suite *icmp_text_suite(void)
{
	Suite *s = suite_create("icmp_text");
	TCase *c = tcase_create("icmp_text");

	tcase_add_loop_test(c, test_text, 0, N_OF(errors));
	tcase_add_test(c, test_room);
	tcase_add_test(c, test_small_buffer);
	suite_add_tcase(s, c);
	return s;
}
