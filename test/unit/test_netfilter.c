/* netfilter: what is built into a kernel; and the table of attach points that belongs to it. */
#include "netfilter.h"
#include "attach_points.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static const char builtin[] = "kernel/net/netfilter/nf_tables.ko\n"
			      "kernel/net/ipv4/netfilter/ip_tables.ko\n"
			      "kernel/net/ipv6/netfilter/not_ip6_tables.ko\n"
			      "kernel/net/netfilter/x_tables.ko.old\n"
			      "kernel/net/nf_tables_set/other.ko\n";

static const struct {
	const char *module;
	bool there;
} modules[] = {
	{"nf_tables", true},
	{"ip_tables", true},
	{"not_ip6_tables", true},
	{"other", true},
	/* part of a name, or something else behind it */
	{"ip6_tables", false},
	{"x_tables", false},
	{"tables", false},
	{"nf_tables_set", false},
	{"nf", false},
	{"", false},
};

START_TEST(test_is_builtin)
{
	ck_assert_int_eq(netfilter_is_builtin(builtin, modules[_i].module), modules[_i].there);
	ck_assert(!netfilter_is_builtin("", modules[_i].module));
}
END_TEST

/* Whatever this machine has: only groups that there are, and the same twice. */
START_TEST(test_present)
{
	unsigned int present = netfilter_present();

	ck_assert_uint_eq(present & ~(unsigned int)GROUPS_NETFILTER, 0);
	ck_assert_uint_eq(netfilter_present(), present);
}
END_TEST

/* Tracepoints are of devices, functions of netfilter; none of the latter is needed for a trace. */
START_TEST(test_groups)
{
	unsigned int groups = 0;

	for (size_t i = 0; i < n_attach_points; i++) {
		const struct attach_point *p = &attach_points[i];
		unsigned int group = p->group;

		ck_assert_msg(group == GROUP_DEVICES || group == GROUP_IPTABLES ||
				      group == GROUP_IP6TABLES || group == GROUP_NFTABLES,
			      "%s", p->name);
		ck_assert_msg((group == GROUP_DEVICES) == (p->category != NULL), "%s", p->name);
		if (group != GROUP_DEVICES)
			ck_assert_msg(p->need != POINT_NEEDED, "%s", p->name);
		ck_assert_str_ne(p->loss, "");
		ck_assert_str_eq(attach_point_name(p->probe), p->name);
		for (size_t k = 0; k < i; k++)
			ck_assert_int_ne(attach_points[k].probe, p->probe);
		groups |= group;
	}
	ck_assert_uint_eq(groups, GROUP_DEVICES | GROUPS_NETFILTER);
	ck_assert_ptr_null(attach_point_name(0));
	ck_assert_ptr_null(attach_point_name(255));
}
END_TEST

Suite *netfilter_suite(void)
{
	Suite *s = suite_create("netfilter");
	TCase *c = tcase_create("netfilter");

	tcase_add_loop_test(c, test_is_builtin, 0, N_OF(modules));
	tcase_add_test(c, test_present);
	tcase_add_test(c, test_groups);
	suite_add_tcase(s, c);
	return s;
}
