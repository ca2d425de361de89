/*
 * Attaches an empty program to raw tracepoints, and keeps it there until the end of its standard
 * input: the least that attaching costs. Usage: bench_empty TRACEPOINT...
 */
#include <bcc/libbpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const struct bpf_insn empty[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	char byte;

	for (int i = 1; i < argc; i++) {
		int program = bcc_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "empty", empty,
					    sizeof(empty), "GPL", 0, 0, NULL, 0);

		if (program < 0 || bpf_attach_raw_tracepoint(program, argv[i]) < 0) {
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
