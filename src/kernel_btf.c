/* Opens BTF and looks types up in it. */
#include "kernel_btf.h"
#include "compat.h"
#include "util.h"

#include <malloc.h>
#include <string.h>
#include <unistd.h>

#define VMLINUX_BTF "/sys/kernel/btf/vmlinux"

const char *const kernel_btf_modules[KERNEL_BTF_MODULES] = {"x_tables", "ip_tables", "ip6_tables",
							    "nf_tables"};

bool kernel_btf_exists(void)
{
	return access(VMLINUX_BTF, R_OK) == 0;
}

int kernel_btf_open(struct kernel_btf *k)
{
	memset(k, 0, sizeof(*k));
	k->vmlinux = compat_ptr(btf__parse(VMLINUX_BTF, NULL));
	if (!k->vmlinux)
		return -1;
	for (size_t i = 0; i < KERNEL_BTF_MODULES; i++) {
		struct btf *btf = compat_btf_load_module(kernel_btf_modules[i], k->vmlinux);

		if (btf)
			k->modules[k->n_modules++] = btf;
	}
	return 0;
}

void kernel_btf_close(struct kernel_btf *k)
{
	while (k->n_modules)
		btf__free(k->modules[--k->n_modules]);
	if (!k->vmlinux)
		return;
	btf__free(k->vmlinux);
	k->vmlinux = NULL;
#ifdef __GLIBC__
	malloc_trim(0); /* it was some 10 MB, on which little lies that stays */
#endif
}

const struct btf_type *kernel_btf_find(const struct kernel_btf *k, const char *name,
				       unsigned int kind, const struct btf **in)
{
	__s32 id = btf__find_by_name_kind(k->vmlinux, name, kind);

	*in = k->vmlinux;
	for (size_t i = 0; id <= 0 && i < k->n_modules; i++) {
		*in = k->modules[i];
		id = btf__find_by_name_kind(*in, name, kind);
	}
	return id > 0 ? btf__type_by_id(*in, (__u32)id) : NULL;
}
