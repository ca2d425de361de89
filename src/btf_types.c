/* Prints the kernel types that a probe text names, through libbpf's btf_dump. */
#include "btf_types.h"
#include "btf_sparse.h"
#include "compat.h"
#include "ident.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void print_piece(void *out, const char *fmt, va_list args)
{
	vfprintf(out, fmt, args);
}

static bool is_uapi_bpf(const char *name)
{
	for (const char *const *n = uapi_bpf_names; *n; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

/* Enumerators of bpf.h may be newer in libbcc's copy than in the one that we were built with. */
static bool is_bpf_enumerator(const char *name)
{
	return strncmp(name, "BPF_", 4) == 0 || strncmp(name, "__BPF", 5) == 0 ||
	       strncmp(name, "__MAX_BPF", 9) == 0 || strncmp(name, "MAX_BPF", 7) == 0;
}

/* Does the text name this type by keyword, and not define it itself? */
static bool names_tag(const struct ident_table *idents, const char *name, unsigned int keyword)
{
	unsigned int use = ident_table_use(idents, name);

	return (use & keyword) && !(use & IDENT_DEFINED) && !is_uapi_bpf(name);
}

static bool names_plain(const struct ident_table *idents, const char *name)
{
	unsigned int use = ident_table_use(idents, name);

	return (use & IDENT_PLAIN) && !(use & IDENT_DEFINED) && !is_uapi_bpf(name) &&
	       !is_bpf_enumerator(name);
}

static bool names_enumerator(const struct btf *btf, const struct btf_type *t,
			     const struct ident_table *idents)
{
	for (unsigned int i = 0; i < btf_vlen(t); i++)
		if (names_plain(idents, compat_btf_enumerator_name(btf, t, i)))
			return true;
	return false;
}

static bool is_wanted(const struct btf *btf, const struct btf_type *t,
		      const struct ident_table *idents)
{
	const char *name = btf__name_by_offset(btf, t->name_off);

	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return names_tag(idents, name, IDENT_STRUCT);
	case BTF_KIND_UNION:
		return names_tag(idents, name, IDENT_UNION);
	case BTF_KIND_ENUM:
	case COMPAT_KIND_ENUM64:
		return names_tag(idents, name, IDENT_ENUM) || names_enumerator(btf, t, idents);
	case BTF_KIND_TYPEDEF:
		return names_plain(idents, name);
	default:
		return false;
	}
}

static void print_rename(FILE *out, const char *name, bool on)
{
	if (on) /* it may be a macro in libbcc's copy */
		fprintf(out,
			"#pragma push_macro(\"%s\")\n"
			"#undef %s\n"
			"#define %s kernel_%s\n",
			name, name, name, name);
	else
		fprintf(out, "#undef %s\n#pragma pop_macro(\"%s\")\n", name, name);
}

/* Names of bpf.h that the printed types (their identifiers) have, too. */
static void print_renames(const struct btf *btf, const struct ident_table *printed, FILE *out,
			  bool on)
{
	__u32 n_types = compat_btf_type_count(btf);

	for (const char *const *n = uapi_bpf_names; *n; n++)
		if (!is_bpf_enumerator(*n) && ident_table_use(printed, *n))
			print_rename(out, *n, on);
	for (__u32 id = 1; id < n_types; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		for (unsigned int i = 0; compat_btf_is_enum(t) && i < btf_vlen(t); i++) {
			const char *name = compat_btf_enumerator_name(btf, t, i);

			if (is_bpf_enumerator(name) && ident_table_use(printed, name))
				print_rename(out, name, on);
		}
	}
}

/* Prints text, which is types of btf, under names that do not clash with bpf.h. */
static int print_renamed(const struct btf *btf, const char *text, FILE *out)
{
	struct ident_table *printed = ident_table_new(text);

	if (!printed)
		return -1;
	print_renames(btf, printed, out, true);
	fputs(text, out);
	print_renames(btf, printed, out, false);
	ident_table_free(printed);
	return 0;
}

/*
 * What the compiler makes of the text must be what the kernel has, or every offset is off. Members
 * that the text does not name take the compiler's time for nothing.
 */
static void print_layout_checks(const struct btf *btf, const struct btf_type *t,
				const struct ident_table *idents, FILE *out)
{
	const char *name = btf__name_by_offset(btf, t->name_off);
	const struct btf_member *m = btf_members(t);

	fprintf(out, "_Static_assert(sizeof(struct %s) == %u, \"BTF of struct %s\");\n", name,
		t->size, name);
	for (__u32 i = 0; i < btf_vlen(t); i++) {
		const char *member = btf__name_by_offset(btf, m[i].name_off);

		if (ident_table_use(idents, member) && !btf_member_bitfield_size(t, i))
			fprintf(out,
				"_Static_assert(__builtin_offsetof(struct %s, %s) == %u, "
				"\"BTF of %s in struct %s\");\n",
				name, member, btf_member_bit_offset(t, i) / 8, member, name);
	}
}

/* Names of structs that were printed, to know the second of a name, which btf_dump renames. */
struct printed {
	const char *names[256];
	size_t n;
};

static bool is_first(struct printed *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->names[i], name) == 0)
			return false;
	if (p->n == ARRAY_SIZE(p->names))
		return false;
	p->names[p->n++] = name;
	return true;
}

/* Where types are printed to, and what they are printed for. */
struct printer {
	const struct btf *btf;
	const struct ident_table *idents;
	struct btf_dump *dump;
	struct strbuf *to;
	struct printed seen;
	const struct btf_type *sparse[64]; /* to be printed in part: btf_sparse.h */
	size_t n_sparse;
	__u32 *wanted; /* ids of all */
	size_t n_wanted;
};

static int print_type(struct printer *p, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(p->btf, id);
	int err = btf_dump__dump_type(p->dump, id);

	if (!err && btf_is_struct(t) &&
	    is_first(&p->seen, btf__name_by_offset(p->btf, t->name_off)))
		print_layout_checks(p->btf, t, p->idents, p->to->f);
	return err;
}

/* Was it printed, as a part of something else? */
static bool is_defined(const struct printer *p, const char *name)
{
	char line[256];

	if (fflush(p->to->f) || !p->to->text)
		return false;
	snprintf(line, sizeof(line), "\nstruct %s {", name);
	return strstr(p->to->text, line) || strstr(p->to->text, line + 1) == p->to->text;
}

static int print_sparse_type(struct printer *p, const struct btf_type *t)
{
	int err = 0;

	if (!is_defined(p, btf__name_by_offset(p->btf, t->name_off)))
		err = btf_sparse_print(p->btf, p->dump, t, p->idents, p->to->f);
	if (!err)
		print_layout_checks(p->btf, t, p->idents, p->to->f);
	return err;
}

/* After all else, so that what was printed whole with others is not printed in part, too. */
static int print_sparse_types(struct printer *p)
{
	int err = 0;

	for (size_t i = 0; i < p->n_sparse && !err; i++)
		err = btf_sparse_prepare(p->btf, p->dump, p->sparse[i], p->idents);
	for (size_t i = 0; i < p->n_sparse && !err; i++)
		err = print_sparse_type(p, p->sparse[i]);
	return err;
}

/* btf_dump renames the second struct of a name, and counts only those that it prints itself. */
static bool has_namesake(const struct printer *p, size_t i)
{
	const struct btf_type *t = btf__type_by_id(p->btf, p->wanted[i]), *other;

	for (size_t k = 0; k < p->n_wanted; k++) {
		other = btf__type_by_id(p->btf, p->wanted[k]);
		if (k != i && btf_is_composite(other) &&
		    strcmp(btf__name_by_offset(p->btf, t->name_off),
			   btf__name_by_offset(p->btf, other->name_off)) == 0)
			return true;
	}
	return false;
}

static int print_wanted(struct printer *p)
{
	int err = 0;

	for (size_t i = 0; i < p->n_wanted && !err; i++) {
		const struct btf_type *t = btf__type_by_id(p->btf, p->wanted[i]);

		if (p->n_sparse < ARRAY_SIZE(p->sparse) &&
		    btf_sparse_applies(p->btf, t, p->idents) && !has_namesake(p, i))
			p->sparse[p->n_sparse++] = t;
		else
			err = print_type(p, p->wanted[i]);
	}
	return err ? err : print_sparse_types(p);
}

/* Finds what the text names among the types from first_id on. */
static int find_wanted(struct printer *p, __u32 first_id)
{
	__u32 n_types = compat_btf_type_count(p->btf);
	size_t room = 0;

	for (__u32 id = first_id; id < n_types; id++) {
		if (!is_wanted(p->btf, btf__type_by_id(p->btf, id), p->idents))
			continue;
		if (p->n_wanted == room) {
			__u32 *more = realloc(p->wanted, (room += 256) * sizeof(*more));

			if (!more)
				return -ENOMEM;
			p->wanted = more;
		}
		p->wanted[p->n_wanted++] = id;
	}
	return 0;
}

/* Prints what the text names among the types from first_id on. */
static int print_named(const struct btf *btf, __u32 first_id, const char *text, struct strbuf *to)
{
	struct ident_table *idents = ident_table_new(text);
	struct printer p = {.btf = btf, .idents = idents, .to = to};
	int err;

	if (!idents)
		return -1;
	p.dump = compat_btf_dump_new(btf, print_piece, to->f);
	if (!p.dump) {
		say_error("cannot read the kernel's BTF: %s", strerror(errno));
		ident_table_free(idents);
		return -1;
	}
	err = find_wanted(&p, first_id);
	if (!err)
		err = print_wanted(&p);
	if (err)
		say_error("cannot print the kernel's types from BTF: %s", strerror(-err));
	free(p.wanted);
	btf_dump__free(p.dump);
	ident_table_free(idents);
	return err ? -1 : 0;
}

/* The same as a string that the caller frees; NULL: said. */
static char *named_types(const struct btf *btf, __u32 first_id, const char *text)
{
	struct strbuf types;
	char *printed;
	int failed;

	if (strbuf_open(&types))
		return NULL;
	failed = print_named(btf, first_id, text, &types);
	printed = strbuf_finish(&types);
	if (!failed)
		return printed;
	free(printed);
	return NULL;
}

int btf_types_print(const struct btf *btf, const char *text, FILE *out)
{
	char *types = named_types(btf, 1, text);
	int ret = types ? print_renamed(btf, types, out) : -1;

	free(types);
	return ret;
}

/*
 * The length of the declaration at the start of text: one line that ends with a semicolon, or all
 * up to the line that closes its brace.
 */
static size_t declaration_length(const char *text)
{
	size_t len = strcspn(text, "\n");
	const char *close;

	if (len && text[len - 1] == ';')
		return len;
	close = strstr(text, "\n}");
	if (!close)
		return strlen(text);
	return (size_t)(close - text) + 1 + strcspn(close + 1, "\n");
}

/* Does have hold this declaration, or one that begins with the same line, for what has a name? */
static bool is_there(const char *have, const char *declaration, size_t len)
{
	size_t first = strcspn(declaration, "\n") + 1;
	const char *at = have;
	bool unnamed =
		strncmp(declaration, "enum {", 6) == 0 || strncmp(declaration, "typedef ", 8) == 0;

	if (first > len || unnamed)
		first = len;
	while ((at = strstr(at, "\n")))
		if (strncmp(++at, declaration, first) == 0)
			return true;
	return false;
}

int btf_types_print_module(const struct btf *module, __u32 n_base, const char *text,
			   const char *have, FILE *out)
{
	char *types = named_types(module, n_base, text), *fresh;
	struct strbuf b;
	int ret;

	if (!types || strbuf_open(&b)) {
		free(types);
		return -1;
	}
	for (const char *at = types; *at;) {
		size_t len = declaration_length(at);

		if (len && !is_there(have, at, len))
			fprintf(b.f, "%.*s\n\n", (int)len, at);
		at += len;
		at += strspn(at, "\n");
	}
	free(types);
	fresh = strbuf_finish(&b);
	ret = fresh ? print_renamed(module, fresh, out) : -1;
	free(fresh);
	return ret;
}
