/* options: what is wrong is refused, with one line that says what. */
#include "options_support.h"
#include "suites.h"
#include "support.h"

static const struct {
	const char *line, *said;
} wrong[] = {
	/* no or too many targets */
	{"", "no TARGET given"},
	{"-n", "no TARGET given"},
	{"--", "no TARGET given"},
	{"a b", "'b' is too many"},
	{"a b c", "'b' is too many"},
	{"a -n b", "'b' is too many"},
	{"--dump-probes=d a b", "'b' is too many"},
	{"--dump-probes=d a", "--dump-probes=DIR only writes files, it takes no TARGET"},
	/* -4 and -6 */
	{"-4 -6 x", "-4 and -6 exclude each other"},
	{"-64 x", "-4 and -6 exclude each other"},
	{"-4 x -6", "-4 and -6 exclude each other"},
	/* unknown */
	{"-x y", "option -x is not known"},
	{"-nx y", "option -x is not known"},
	{"--quiet -xn y", "option -x is not known"},
	{"--foo y", "option --foo is not known"},
	{"y --foo", "option --foo is not known"},
	{"--foo=bar y", "option --foo=bar is not known"},
	{"--ver y", "option --ver is not known"}, /* verbose or version? */
	{"--numeric=1 y", "takes no value"},
	{"--help=1", "takes no value"},
	{"-5 y", "option -5 is not known"},
	{"-\033[2J y", "option -\\x1b is not known"},
	{"--\033[2J y", "option --\\x1b[2J is not known"},
	/* a value is missing */
	{"-c", "option -c needs a value"},
	{"y -c", "option -c needs a value"},
	{"y -nc", "option -c needs a value"},
	{"--count", "option --count needs a value"},
	{"-i", "option -i needs a value"},
	{"-W", "option -W needs a value"},
	{"-s", "option -s needs a value"},
	{"-t", "option -t needs a value"},
	{"-Q", "option -Q needs a value"},
	{"-m", "option -m needs a value"},
	{"-I", "option -I needs a value"},
	{"-N", "option -N needs a value"},
	{"-o", "option -o needs a value"},
	{"--probe-dir", "option --probe-dir needs a value"},
	{"--dump-probes", "option --dump-probes needs a value"},
	{"--types", "option --types needs a value"},
	{"--attach", "option --attach needs a value"},
	/* numbers */
	{"-c -1 y", "--count takes a whole number from 0 to 9223372036854775807, not '-1'"},
	{"-c +1 y", "not '+1'"},
	{"-c 1.5 y", "not '1.5'"},
	{"-c 1x y", "not '1x'"},
	{"-c x y", "not 'x'"},
	{"-c 0x y", "not '0x'"},
	{"-c 0x-1 y", "not '0x-1'"},
	{"-c 0xfg y", "not '0xfg'"},
	{"--count= y", "not ''"},
	{"-c 9223372036854775808 y", "not '9223372036854775808'"},
	{"-c 18446744073709551616 y", "not '18446744073709551616'"},
	{"-s 65528 y", "--size takes a whole number from 0 to 65527, not '65528'"},
	{"-s -1 y", "--size takes"},
	{"-t 0 y", "--ttl takes a whole number from 1 to 255, not '0'"},
	{"-t 256 y", "--ttl takes"},
	{"-Q 256 y", "--tos takes a whole number from 0 to 255, not '256'"},
	{"-Q -1 y", "--tos takes"},
	{"-m 4294967296 y", "--mark takes a whole number from 0 to 4294967295, not"},
	{"-m 0x100000000 y", "--mark takes"},
	{"-c 1\033[2J y", "not '1\\x1b[2J'"},
	/* seconds */
	{"-i -1 y", "--interval takes seconds from 0 to 86400, not '-1'"},
	{"-i 86400.1 y", "--interval takes"},
	{"-i 1s y", "not '1s'"},
	{"-i nan y", "not 'nan'"},
	{"-i inf y", "not 'inf'"},
	{"-i 1e999 y", "not '1e999'"},
	{"-i 1e1 y", "not '1e1'"},
	{"-i 0x10 y", "not '0x10'"},
	{"-i 1.2.3 y", "not '1.2.3'"},
	{"-i 1-2 y", "not '1-2'"},
	{"-i . y", "not '.'"},
	{"--interval= y", "not ''"},
	{"-W 0 y", "--timeout takes seconds from 0.001 to 86400, not '0'"},
	{"-W 0.0009 y", "--timeout takes"},
	{"-W 86401 y", "--timeout takes"},
	{"-W -1 y", "--timeout takes"},
	/* words */
	{"-o xml y", "--output takes one of table, json, not 'xml'"},
	{"-o JSON y", "--output takes"},
	{"--output= y", "--output takes"},
	{"-o tab y", "--output takes"},
	{"--types=dwarf y", "--types takes one of auto, btf, headers, kheaders, not 'dwarf'"},
	{"--types=header y", "--types takes"},
	{"--attach=kprobe y", "--attach takes one of auto, raw, tracepoint, not 'kprobe'"},
	/* the first fault ends it */
	{"-c x --foo", "--count takes"},
};

START_TEST(test_wrong)
{
	expect_wrong(wrong[_i].line, wrong[_i].said);
}
END_TEST

Suite *options_wrong_suite(void)
{
	Suite *s = suite_create("options_wrong");
	TCase *c = tcase_create("options_wrong");

	tcase_add_loop_test(c, test_wrong, 0, N_OF(wrong));
	suite_add_tcase(s, c);
	return s;
}
