/* Prints large structs in part. */
#include "btf_sparse.h"
#include "compat.h"

#include <string.h>

#define MAX_DEPTH 8 /* of what has no name inside each other */

static bool has_name(const struct btf *btf, const struct btf_type *t)
{
	return *btf__name_by_offset(btf, t->name_off) != '\0';
}

static bool names_enumerator(const struct btf *btf, const struct btf_type *t,
			     const struct ident_table *idents)
{
	for (__u32 i = 0; i < btf_vlen(t); i++)
		if (ident_table_use(idents, compat_btf_enumerator_name(btf, t, i)))
			return true;
	return false;
}

/*
 * Does the text name this member, or if it has no name one inside it, or an enumerator of the enum
 * without a name that it is of?
 */
static bool is_named(const struct btf *btf, const struct btf_member *m,
		     const struct ident_table *idents, int depth)
{
	const char *name = btf__name_by_offset(btf, m->name_off);
	const struct btf_type *inner = btf__type_by_id(btf, m->type);

	if (*name && ident_table_use(idents, name))
		return true;
	if (!inner || has_name(btf, inner) || depth == MAX_DEPTH)
		return false;
	if (compat_btf_is_enum(inner))
		return names_enumerator(btf, inner, idents);
	if (!btf_is_composite(inner))
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
	       t->size % (__u32)align == 0 && btf__resolve_size(btf, btf_members(t)[i].type) >= 0;
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

static int prepare_type(const struct btf *btf, struct btf_dump *dump, __u32 id, int depth);

static int prepare_all_of(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
			  int depth)
{
	int err = 0;

	if (btf_is_func_proto(t)) {
		err = prepare_type(btf, dump, t->type, depth + 1);
		for (__u32 i = 0; i < btf_vlen(t) && !err; i++)
			err = prepare_type(btf, dump, btf_params(t)[i].type, depth + 1);
	} else if (btf_is_composite(t) && !has_name(btf, t)) {
		for (__u32 i = 0; i < btf_vlen(t) && !err; i++)
			err = prepare_type(btf, dump, btf_members(t)[i].type, depth + 1);
	}
	return err;
}

/* btf_dump leaves out typedefs that it sees no need for yet behind a pointer. */
static int prepare_type(const struct btf *btf, struct btf_dump *dump, __u32 id, int depth)
{
	const struct btf_type *t = id ? btf__type_by_id(btf, id) : NULL;

	if (!t || depth == 2 * MAX_DEPTH)
		return 0;
	switch (btf_kind(t)) {
	case BTF_KIND_TYPEDEF:
		return btf_dump__dump_type(dump, id);
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case COMPAT_KIND_TYPE_TAG:
		return prepare_type(btf, dump, t->type, depth + 1);
	case BTF_KIND_ARRAY:
		return prepare_type(btf, dump, btf_array(t)->type, depth + 1);
	default:
		return prepare_all_of(btf, dump, t, depth);
	}
}

int btf_sparse_prepare(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		       const struct ident_table *idents)
{
	const struct btf_member *m = btf_members(t);
	int err = 0;

	for (__u32 i = 0; i < btf_vlen(t) && !err; i++) {
		if (!is_named(btf, &m[i], idents, 0))
			continue;
		err = prepare_type(btf, dump, m[i].type, 0);
		if (!err)
			err = btf_dump__dump_type(dump, m[i].type);
	}
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
		struct btf_dump_emit_type_decl_opts opts;
		__u32 offset = btf_member_bit_offset(t, i) / 8;
		int err;

		if (!is_named(btf, &m[i], idents, 0))
			continue;
		/* libbpf looks at what is between the fields, too */
		memset(&opts, 0, sizeof(opts));
		opts.sz = sizeof(opts);
		opts.field_name = btf__name_by_offset(btf, m[i].name_off);
		opts.indent_level = 1;
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
