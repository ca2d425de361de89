/* Prints large structs in part. */
#include "btf_sparse.h"

#define MAX_DEPTH 8 /* of members without a name inside each other */

/* Does the text name this member, or one inside it if it has no name itself? */
static bool is_named(const struct btf *btf, const struct btf_member *m,
		     const struct ident_table *idents, int depth)
{
	const char *name = btf__name_by_offset(btf, m->name_off);
	const struct btf_type *inner = btf__type_by_id(btf, m->type);

	if (*name)
		return ident_table_use(idents, name) != 0;
	if (!inner || !btf_is_composite(inner) || depth == MAX_DEPTH)
		return false;
	for (__u32 i = 0; i < btf_vlen(inner); i++)
		if (is_named(btf, &btf_members(inner)[i], idents, depth + 1))
			return true;
	return false;
}

/* Does it come to lie where it belongs if there are as many bytes before it? */
static bool can_be_placed(const struct btf *btf, const struct btf_type *t, __u32 i)
{
	int align = btf__align_of(btf, btf_members(t)[i].type);

	return align > 0 && !btf_member_bitfield_size(t, i) &&
	       btf_member_bit_offset(t, i) % (8 * (__u32)align) == 0 &&
	       btf__resolve_size(btf, btf_members(t)[i].type) >= 0;
}

bool btf_sparse_applies(const struct btf *btf, const struct btf_type *t,
			const struct ident_table *idents)
{
	if (!btf_is_struct(t) || t->size < BTF_SPARSE_BYTES)
		return false;
	for (__u32 i = 0; i < btf_vlen(t); i++)
		if (is_named(btf, &btf_members(t)[i], idents, 0) && !can_be_placed(btf, t, i))
			return false;
	return true;
}

int btf_sparse_prepare(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		       const struct ident_table *idents)
{
	const struct btf_member *m = btf_members(t);
	int err = 0;

	for (__u32 i = 0; i < btf_vlen(t) && !err; i++)
		if (is_named(btf, &m[i], idents, 0))
			err = btf_dump__dump_type(dump, m[i].type);
	return err;
}

static void print_room(FILE *out, __u32 from, __u32 to)
{
	if (to > from)
		fprintf(out, "\tchar tp_room_%u[%u];\n", from, to - from);
}

int btf_sparse_print(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		     const struct ident_table *idents, FILE *out)
{
	const struct btf_member *m = btf_members(t);
	__u32 at = 0;

	fprintf(out, "struct %s {\n", btf__name_by_offset(btf, t->name_off));
	for (__u32 i = 0; i < btf_vlen(t); i++) {
		struct btf_dump_emit_type_decl_opts opts = {
			.sz = sizeof(opts),
			.field_name = btf__name_by_offset(btf, m[i].name_off),
			.indent_level = 1};
		__u32 offset = btf_member_bit_offset(t, i) / 8;
		int err;

		if (!is_named(btf, &m[i], idents, 0))
			continue;
		print_room(out, at, offset);
		fputc('\t', out);
		err = btf_dump__emit_type_decl(dump, m[i].type, &opts);
		fputs(";\n", out);
		if (err)
			return err;
		at = offset + (__u32)btf__resolve_size(btf, m[i].type);
	}
	print_room(out, at, t->size);
	fputs("};\n\n", out);
	return 0;
}
