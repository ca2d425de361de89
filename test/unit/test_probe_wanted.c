/* probe_wanted: the ping's identity as the probes compare it. */
#include "probe_wanted.h"
#include "suites.h"
#include "support.h"

#include <string.h>
#include <sys/socket.h>

static const unsigned int sizes[] = {0, 1, 3, 7, 8, 9, 56, 65507};

START_TEST(test_fill)
{
	struct ping_identity who = {.family = AF_INET,
				    .id = 0x1234,
				    .cookie = "\x01\x02\x03\x04\x05\x06\x07\xf8",
				    .size = sizes[_i]};
	struct event_wanted w;
	const unsigned char *mask = (const unsigned char *)&w.cookie_mask;

	memset(&w, 0xa5, sizeof(w));
	probe_wanted_fill(&w, &who, 0x123456789abcdef0);
	/* byte for byte as in the packet, whatever the byte order of this machine */
	ck_assert_mem_eq(&w.id, "\x12\x34", 2);
	ck_assert_mem_eq(&w.cookie, who.cookie, 8);
	for (unsigned int i = 0; i < 8; i++)
		ck_assert_uint_eq(mask[i], i < sizes[_i] ? 0xff : 0);
	ck_assert_uint_eq(w.socket, 0x123456789abcdef0);
	ck_assert_uint_eq(w.size, sizes[_i]);
	ck_assert_uint_eq(w.seq, 0);
}
END_TEST

Suite *probe_wanted_suite(void)
{
	Suite *s = suite_create("probe_wanted");
	TCase *c = tcase_create("probe_wanted");

	tcase_add_loop_test(c, test_fill, 0, N_OF(sizes));
	suite_add_tcase(s, c);
	return s;
}
