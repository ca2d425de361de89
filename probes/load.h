/*
 * Reads members of the kernel's structures: by the helper bpf_probe_read_kernel(), or, where
 * kernel and types allow it, by plain loads.
 *
 * bpf_rdonly_cast() (kernel/bpf/verifier.c, 6.2) says which structure an address is of; the
 * verifier then takes loads from it, and the JIT sees to it that one from an address that is not
 * there brings 0. A helper call takes ten times as long. User space asks the kernel whether it has
 * that and defines TP_RDONLY_CAST, and TP_BTF_<structure>: their numbers in BTF (kernel_loads.c).
 */
#ifndef TRACEPKT_LOAD_H
#define TRACEPKT_LOAD_H

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/*
 * Reads a member of a kernel structure: READ_FIELD(&mark, sk_buff, skb, mark). An address in the
 * form &skb->mark would do in most places, but libbcc 0.26 rewrites some of these wrongly (seen
 * with net->ns.inum on 7.2, where struct ns_common has members without a name).
 */
#define READ_FIELD(to, type, from, field)          \
	bpf_probe_read_kernel((to), sizeof(*(to)), \
			      (const char *)(from) + offsetof(struct type, field))

#ifdef TP_RDONLY_CAST

static const char *(*tp_rdonly_cast)(const void *, __u32) = (void *)TP_RDONLY_CAST;

/* The address, to be used in LOAD() and LOAD_BYTE(). The structure's name is that of TP_BTF_. */
#define CAST(type, from) tp_rdonly_cast((const void *)(from), TP_BTF_##type)

/* Volatile, for the verifier refuses loads that the compiler has put together or cut up. */
#define LOAD(type, cast, field)                                         \
	(*(const volatile typeof(((struct type *)0)->field) *)((cast) + \
							       offsetof(struct type, field)))

#define LOAD_BYTE(cast, offset) (*(const volatile __u8 *)((cast) + (offset)))
#define LOAD_WORD(cast, offset) (*(const volatile unsigned long *)((cast) + (offset)))

#endif

#endif
