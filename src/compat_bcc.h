/* The forms of bcc_func_load() that libbcc had; CMake finds out which one is there. */
#ifndef TRACEPKT_COMPAT_BCC_H
#define TRACEPKT_COMPAT_BCC_H

#include <bcc/bcc_common.h>
#include <bcc/libbpf.h>

/* Returns a file descriptor, or a negative value with errno set. log may be NULL with level 0. */
static inline int compat_bcc_func_load(void *module, int type, const char *name,
				       const struct bpf_insn *insns, int size, const char *license,
				       unsigned int version, int log_level, char *log,
				       unsigned int log_size)
{
#if defined(HAVE_BCC_FUNC_LOAD_12) /* 0.25 and later: attach_type at the end */
	return bcc_func_load(module, type, name, insns, size, license, version, log_level, log,
			     log_size, NULL, -1);
#elif defined(HAVE_BCC_FUNC_LOAD_11) /* 0.11 to 0.24: a device at the end */
	return bcc_func_load(module, type, name, insns, size, license, version, log_level, log,
			     log_size, NULL);
#else
#error "no known form of bcc_func_load()"
#endif
}

#endif
