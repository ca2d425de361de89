/*
 * Attaches an empty program to raw tracepoints, and to the entry and the return of functions, and
 * keeps it there until the end of its standard input: the least that attaching costs. Usage:
 * bench_empty TRACEPOINT|kprobe:FUNCTION...
 */
#include <bcc/libbpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int load(enum bpf_prog_type type)
{
	static const struct bpf_insn empty[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bcc_prog_load(type, "empty", empty, sizeof(empty), "GPL", 0, 0, NULL, 0);
}

static int attach(const char *where)
{
	static const char function[] = "kprobe:";
	int program;

	if (strncmp(where, function, sizeof(function) - 1) != 0) {
		program = load(BPF_PROG_TYPE_RAW_TRACEPOINT);
		return program < 0 ? -1 : bpf_attach_raw_tracepoint(program, where);
	}
	where += sizeof(function) - 1;
	program = load(BPF_PROG_TYPE_KPROBE);
	if (program < 0 || bpf_attach_kprobe(program, BPF_PROBE_ENTRY, "empty_e", where, 0, 0) < 0)
		return -1;
	return bpf_attach_kprobe(program, BPF_PROBE_RETURN, "empty_r", where, 0, 0);
}

int main(int argc, char **argv)
{
	char byte;

	for (int i = 1; i < argc; i++) {
		if (attach(argv[i]) < 0) {
			fprintf(stderr, "bench_empty: cannot attach to %s\n", argv[i]);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
