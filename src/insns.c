/* A depth-first walk over a BPF program's control flow. */
#include "insns.h"

#include <stdint.h>
#include <stdlib.h>

enum { UNSEEN, ON_PATH, DONE };

struct step {
	size_t insn;
	unsigned int next; /* how many of its successors were looked at */
};

static bool is_jump(const struct bpf_insn *i)
{
	unsigned int class = i->code & 0x07, op = i->code & 0xf0;

	return (class == BPF_JMP || class == 0x06 /* BPF_JMP32 */) && op != BPF_CALL &&
	       op != BPF_EXIT;
}

/* The k-th instruction that can follow number i, n for none. */
static size_t successor(const struct bpf_insn *insns, size_t n, size_t i, unsigned int k)
{
	const struct bpf_insn *insn = &insns[i];
	size_t width = insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
	size_t target = n;

	if (insn->code == (BPF_JMP | BPF_EXIT))
		return n;
	if (is_jump(insn))
		target = (size_t)((int64_t)i + 1 + insn->off);
	if (insn->code == (BPF_JMP | BPF_JA))
		return k == 0 ? target : n;
	if (k == 0)
		return i + width;
	return k == 1 ? target : n;
}

bool insns_have_loop(const struct bpf_insn *insns, size_t n)
{
	struct step *path = calloc(n + 1, sizeof(*path));
	unsigned char *state = calloc(n + 1, 1);
	size_t depth = 0;
	bool loop = false;

	if (path && state && n) {
		path[depth++] = (struct step){0, 0};
		state[0] = ON_PATH;
	}
	while (depth && !loop) {
		struct step *s = &path[depth - 1];
		size_t next;

		if (s->next == 2) {
			state[s->insn] = DONE;
			depth--;
			continue;
		}
		next = successor(insns, n, s->insn, s->next++);
		if (next >= n || state[next] == DONE)
			continue;
		loop = state[next] == ON_PATH;
		if (!loop) {
			state[next] = ON_PATH;
			path[depth++] = (struct step){next, 0};
		}
	}
	free(path);
	free(state);
	return loop;
}
