/* Finds bpf_rdonly_cast() and tries it. */
#include "kernel_loads.h"
#include "util.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* include/uapi/linux/bpf.h of 5.13, in case the headers are older */
#define PSEUDO_KFUNC_CALL 2

const char *const kernel_loads_structs[KERNEL_LOADS_STRUCTS] = {"sk_buff", "iphdr", "ipv6hdr"};

static uint32_t id_of(const struct kernel_btf *k, const char *name, unsigned int kind)
{
	__s32 id = btf__find_by_name_kind(k->vmlinux, name, kind);

	return id > 0 ? (uint32_t)id : 0;
}

struct kernel_loads kernel_loads_find(const struct kernel_btf *k)
{
	struct kernel_loads l = {.rdonly_cast = id_of(k, "bpf_rdonly_cast", BTF_KIND_FUNC)};

	if (l.rdonly_cast <= __BPF_FUNC_MAX_ID)
		return (struct kernel_loads){0};
	for (size_t i = 0; i < KERNEL_LOADS_STRUCTS; i++) {
		l.structs[i] = id_of(k, kernel_loads_structs[i], BTF_KIND_STRUCT);
		if (!l.structs[i])
			return (struct kernel_loads){0};
	}
	return l;
}

bool kernel_loads_work(const struct kernel_loads *l)
{
	/* raw tracepoints: what is in the context is a number, to which the cast gives a type */
	struct bpf_insn insns[] = {
		{BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_1, 0, 0},
		{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, (__s32)l->structs[0]},
		{BPF_JMP | BPF_CALL, 0, 0, 0, (__s32)l->rdonly_cast},
		{BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_0, BPF_REG_0, 0, 0}, /* sk_buff.next */
		{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
		{BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
	};
	union bpf_attr attr;
	int fd;

	if (!l->rdonly_cast)
		return false;
	kernel_loads_mark_calls(insns, ARRAY_SIZE(insns), l->rdonly_cast);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = ARRAY_SIZE(insns);
	attr.license = (uintptr_t) "GPL";
	/* libbcc would print what the verifier has to say to a refusal */
	fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The first call from *at on of that number and kind, where *at is put; NULL: there is none. */
static const struct bpf_insn *next_call(const struct bpf_insn *insns, size_t n, size_t *at,
					__u8 src_reg, uint32_t number)
{
	for (; *at < n; ++*at) {
		const struct bpf_insn *insn = &insns[*at];

		if (insn->code == (BPF_LD | BPF_IMM | BPF_DW))
			++*at; /* the second half holds nothing but a number */
		else if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == src_reg &&
			 insn->imm == (__s32)number)
			return insn;
	}
	return NULL;
}

void kernel_loads_mark_calls(struct bpf_insn *insns, size_t n, uint32_t rdonly_cast)
{
	for (size_t i = 0; next_call(insns, n, &i, 0, rdonly_cast); i++)
		insns[i].src_reg = PSEUDO_KFUNC_CALL;
}

bool kernel_loads_has_calls(const struct bpf_insn *insns, size_t n, uint32_t rdonly_cast)
{
	size_t at = 0;

	return next_call(insns, n, &at, PSEUDO_KFUNC_CALL, rdonly_cast) != NULL;
}
