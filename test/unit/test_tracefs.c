/* tracefs: offsets of fields from format files. */
#include "tracefs.h"
#include "suites.h"
#include "support.h"

#define COMMON                                                                         \
	"format:\n"                                                                    \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"         \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"         \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

/* As Linux 6.18 has them; 4.18 and 6.1 say the same of these fields. */
static const char net_dev_queue[] =
	"name: net_dev_queue\nID: 2304\n" COMMON
	"\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned int len;\toffset:16;\tsize:4;\tsigned:0;\n"
	"\tfield:__data_loc char[] name;\toffset:20;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"dev=%s skbaddr=%p len=%u\", __get_str(name), REC->skbaddr, REC->len\n";

static const char napi_gro_receive_entry[] =
	"name: napi_gro_receive_entry\nID: 2300\n" COMMON
	"\tfield:__data_loc char[] name;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned int napi_id;\toffset:12;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 queue_mapping;\toffset:16;\tsize:2;\tsigned:0;\n"
	"\tfield:const void * skbaddr;\toffset:24;\tsize:8;\tsigned:0;\n"
	"\tfield:bool vlan_tagged;\toffset:32;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 vlan_proto;\toffset:34;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 protocol;\toffset:38;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned int len;\toffset:52;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned int data_len;\toffset:56;\tsize:4;\tsigned:0;\n"
	"\tfield:bool mac_header_valid;\toffset:64;\tsize:1;\tsigned:0;\n"
	"\tfield:int mac_header;\toffset:68;\tsize:4;\tsigned:1;\n\n"
	"print fmt: \"dev=%s napi_id=%#x skbaddr=%p\", __get_str(name), REC->napi_id, "
	"REC->skbaddr\n";

static const char kfree_skb[] =
	"name: kfree_skb\nID: 2310\n" COMMON
	"\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:void * location;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned short protocol;\toffset:32;\tsize:2;\tsigned:0;\n"
	"\tfield:enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"skbaddr=%p reason: %s\", REC->skbaddr, __print_symbolic(REC->reason, "
	"{ 2, \"NOT_SPECIFIED\" })\n";

static const struct {
	const char *format, *field;
	int offset;
} cases[] = {
	{net_dev_queue, "skbaddr", 8},
	{net_dev_queue, "len", 16},
	{net_dev_queue, "name", 20},
	{net_dev_queue, "common_type", 0},
	{net_dev_queue, "common_pid", 4},
	{net_dev_queue, "skb", -1},
	{net_dev_queue, "addr", -1},
	{net_dev_queue, "skbaddr2", -1},
	{net_dev_queue, "dev", -1},
	{net_dev_queue, "net_dev_queue", -1},
	{napi_gro_receive_entry, "skbaddr", 24},
	{napi_gro_receive_entry, "len", 52},
	{napi_gro_receive_entry, "data_len", 56},
	{napi_gro_receive_entry, "mac_header", 68},
	{napi_gro_receive_entry, "protocol", 38},
	{kfree_skb, "skbaddr", 8},
	{kfree_skb, "location", 16},
	{kfree_skb, "reason", 36},
	{kfree_skb, "skb_drop_reason", -1},
	/* other forms of declaration */
	{"\tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;\n", "comm", 12},
	{"\tfield:void *skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n", "skbaddr", 8},
	{"field:u32 a;offset:3;size:4;", "a", 3},
	{"\tfield:u32 a; offset:4095;", "a", 4095},
	/* what makes no sense */
	{"", "a", -1},
	{"field:", "a", -1},
	{"field:a", "a", -1},
	{"field:u32 a;", "a", -1},
	{"field:u32 a;\toffset:", "a", -1},
	{"field:u32 a;\toffset:x;", "a", -1},
	{"field:u32 a;\toffset:-8;", "a", -1},
	{"field:u32 a;\toffset:4096;", "a", -1},
	{"field:u32 a;\toffset:4294967304;", "a", -1},
	{"field:u32 a;\toffset:99999999999999999999;", "a", -1},
	{"field:u32 a\n\toffset:8;", "a", -1},
	{"u32 a;\toffset:8;", "a", -1},
	/* a broken line is passed over */
	{"field:u32 a;\tsize:4;\nfield:u32 a;\toffset:16;", "a", 16},
};

START_TEST(test_offset)
{
	ck_assert_msg(tracefs_parse_offset(cases[_i].format, cases[_i].field) == cases[_i].offset,
		      "%s gave %d in\n%s", cases[_i].field,
		      tracefs_parse_offset(cases[_i].format, cases[_i].field), cases[_i].format);
}
END_TEST

START_TEST(test_no_such_tracepoint)
{
	ck_assert_int_eq(tracefs_field_offset("no", "such", "thing"), -1);
}
END_TEST

Suite *tracefs_suite(void)
{
	Suite *s = suite_create("tracefs");
	TCase *c = tcase_create("tracefs");

	tcase_add_loop_test(c, test_offset, 0, N_OF(cases));
	tcase_add_test(c, test_no_such_tracepoint);
	suite_add_tcase(s, c);
	return s;
}
