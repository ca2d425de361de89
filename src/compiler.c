/* Loads libbcc, compiles, takes the result out of it. */
#include "compiler.h"
#include "util.h"

#include <bcc/bcc_common.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libbcc.so.0" /* its name in every version so far */

#define FUNCTIONS(X)                       \
	X(bpf_module_create_c_from_string) \
	X(bpf_module_license)              \
	X(bpf_module_kern_version)         \
	X(bpf_num_functions)               \
	X(bpf_function_name)               \
	X(bpf_function_start_id)           \
	X(bpf_function_size_id)            \
	X(bpf_num_tables)                  \
	X(bpf_table_name)                  \
	X(bpf_table_fd_id)                 \
	X(bpf_table_type_id)               \
	X(bpf_table_key_size_id)           \
	X(bpf_table_leaf_size_id)          \
	X(bpf_table_max_entries_id)        \
	X(bpf_table_flags_id)

struct library {
	bool complete;
#define MEMBER(name) typeof(name)(*name); // NOLINT(bugprone-macro-parentheses)
	FUNCTIONS(MEMBER)
#undef MEMBER
	char why[256]; /* it is not complete */
};

/*
 * LLVM's instcombine goes over each function again until nothing changes any more, which is a
 * twentieth of all the time and changes nothing in our programs; from LLVM 18 on it goes once. Its
 * options are for the whole process, and the C API is the way to them; where libbcc keeps LLVM to
 * itself, or LLVM does not know the option, nothing happens.
 */
static void set_llvm_options(void *handle)
{
	static const char *const argv[] = {"tracepkt", "-instcombine-max-iterations=1"};
	void (*parse)(int argc, const char *const *argv, const char *overview);

	*(void **)&parse = dlsym(handle, "LLVMParseCommandLineOptions");
	if (parse)
		parse(ARRAY_SIZE(argv), argv, NULL);
}

static void *open_library(void *to)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	struct library *l = to;

	l->complete = handle != NULL;
#define FIND(name) l->complete = l->complete && (*(void **)&l->name = dlsym(handle, #name)) != NULL;
	FUNCTIONS(FIND)
#undef FIND
	if (l->complete)
		set_llvm_options(handle);
	else
		snprintf(l->why, sizeof(l->why), "%s", dlerror());
	return NULL;
}

struct compiler {
	struct library library;
	pthread_t thread; /* that opens it */
	bool by_thread;
};

struct compiler *compiler_open(void)
{
	struct compiler *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->by_thread = pthread_create(&c->thread, NULL, open_library, &c->library) == 0;
	if (!c->by_thread)
		open_library(&c->library);
	return c;
}

void compiler_wait(struct compiler *c)
{
	if (c->by_thread)
		pthread_join(c->thread, NULL);
	c->by_thread = false;
}

static bool copy_name(char to[IMAGE_NAME_BYTES], const char *name)
{
	return snprintf(to, IMAGE_NAME_BYTES, "%s", name ? name : "") < IMAGE_NAME_BYTES;
}

static bool take_maps(const struct library *l, void *module, struct image *im)
{
	size_t n = l->bpf_num_tables(module);

	if (n > IMAGE_MAX_MAPS)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct image_map *m = &im->maps[im->n_maps++];

		if (!copy_name(m->name, l->bpf_table_name(module, i)))
			return false;
		m->type = (uint32_t)l->bpf_table_type_id(module, i);
		m->key_size = (uint32_t)l->bpf_table_key_size_id(module, i);
		m->value_size = (uint32_t)l->bpf_table_leaf_size_id(module, i);
		m->max_entries = (uint32_t)l->bpf_table_max_entries_id(module, i);
		m->flags = (uint32_t)l->bpf_table_flags_id(module, i);
		m->fd = l->bpf_table_fd_id(module, i);
	}
	return true;
}

static bool take_programs(const struct library *l, void *module, struct image *im)
{
	size_t n = l->bpf_num_functions(module);

	if (n > IMAGE_MAX_PROGRAMS)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct image_program *p = &im->programs[im->n_programs++];
		size_t size = l->bpf_function_size_id(module, i);

		p->insns = malloc(size ? size : 1);
		if (!p->insns || !copy_name(p->name, l->bpf_function_name(module, i)))
			return false;
		memcpy(p->insns, l->bpf_function_start_id(module, i), size);
		p->n_insns = (uint32_t)(size / sizeof(*p->insns));
	}
	return true;
}

struct image *compiler_run(struct compiler *c, const char *text, const char *flags[], int n_flags,
			   enum compiler_error *error)
{
	const struct library *l = &c->library;
	struct image *im;
	void *module;

	compiler_wait(c);
	*error = COMPILER_NO_LIBRARY;
	if (!l->complete) {
		fprintf(stderr, "%s\n", l->why);
		return NULL;
	}
	*error = COMPILER_WRONG_TEXT;
	module = l->bpf_module_create_c_from_string(text, 0, flags, n_flags, true, NULL);
	if (!module)
		return NULL;
	*error = COMPILER_NO_MEMORY;
	im = calloc(1, sizeof(*im));
	if (!im)
		return NULL;
	im->kernel_version = l->bpf_module_kern_version(module);
	if (copy_name(im->license, l->bpf_module_license(module)) && take_maps(l, module, im) &&
	    take_programs(l, module, im))
		return im;
	image_free(im);
	return NULL;
}
