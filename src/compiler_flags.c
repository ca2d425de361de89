/* Puts together what clang is called with. */
#include "compiler_flags.h"
#include "attach_points.h"
#include "tracefs.h"
#include "util.h"

#include <stdio.h>

static const struct {
	const char *category, *tracepoint, *field, *define;
} fields[RECORD_FIELDS] = {
	{"skb", "kfree_skb", "location", "TP_LOCATION"},
	{"skb", "kfree_skb", "reason", "TP_REASON"},
	{"net", "net_dev_xmit", "rc", "TP_RC"},
};

static const char *const always[] = {
	"-g0",
	/* libbcc optimises what clang hands over itself (run_pass_manager() in bpf_module.cc) */
	"-Xclang",
	"-disable-llvm-passes",
	/* what both tell LLVM's passes costs them more time than it is worth here */
	"-fno-strict-aliasing",
	"-Xclang",
	"-disable-lifetime-markers",
	"-Wno-unused-function",
	/* since 6.19 the kernel embeds tagged structs without a member name (ns_common, for one) */
	"-fms-extensions",
	"-Wno-microsoft-anon-tag",
};

void record_offsets_find(struct record_offsets *o)
{
	for (size_t i = 0; i < RECORD_FIELDS; i++)
		o->field[i] = tracefs_field_offset(fields[i].category, fields[i].tracepoint,
						   fields[i].field);
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].category)
			o->skb[i] = tracefs_field_offset(attach_points[i].category,
							 attach_points[i].name, "skbaddr");
}

static void add_flag(struct compiler_flags *f, const char *flag)
{
	f->list[f->n++] = flag;
}

static void add_offsets(struct compiler_flags *f, const struct record_offsets *o)
{
	char(*to)[sizeof(f->offsets[0])] = f->offsets;

	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].category && o->skb[i] >= 0) {
			snprintf(*to, sizeof(*to), "-DTP_SKBADDR_%s=%d", attach_points[i].name,
				 o->skb[i]);
			add_flag(f, *to++);
		}
	for (size_t i = 0; i < RECORD_FIELDS; i++)
		if (o->field[i] >= 0) {
			snprintf(*to, sizeof(*to), "-D%s=%d", fields[i].define, o->field[i]);
			add_flag(f, *to++);
		}
}

void compiler_flags_make(struct compiler_flags *f, const struct probe_unit *unit,
			 const struct record_offsets *o)
{
	f->n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		add_flag(f, always[i]);
	for (unsigned int i = 0; i < unit->n_defines; i++)
		add_flag(f, unit->defines[i]);
	if (o)
		add_offsets(f, o);
	else
		add_flag(f, "-DTP_RAW");
}
