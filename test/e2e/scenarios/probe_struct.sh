#!/bin/bash
# An edited probe that uses another type of the kernel: its types are found in BTF without further
# ado.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

[[ -r /sys/kernel/btf/vmlinux ]] || skip 'this kernel has no BTF'
dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
sed -i 's|^\te\.probe = j->probe;$|&\n'\
'\tstruct sock *sk = 0;\n'\
'\tbpf_probe_read_kernel(\&sk, sizeof(sk), \&skb->sk);\n'\
'\tif (sk)\n'\
'\t\tbpf_probe_read_kernel(\&e.extra, sizeof(e.extra), \&sk->sk_mark);|
	s|^#include "packet.h"$|&\n#include <net/sock.h>|' "$dir/device.c"
grep -q 'sk->sk_mark' "$dir/device.c" || fail 'the edit found no place'

# Only a packet that is still the ping socket's has that socket's mark.
trace --probe-dir="$dir" --types=btf -m 42 127.0.0.1
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
HOPS
expect_jq '[.[] | .extra] == [42, null, null, null, null]'
