#!/bin/bash
# What kernels before 5.2 ask of a program: fewer than 4,096 instructions and no loop; -v tells of
# each. Kernels that let programs load from their structures (6.2) get a loop.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

trace -v 127.0.0.1
expect_status 0
grep -q '^tracepkt: on_packet: called by the others, ' "$err" || fail 'on_packet is not told of'
points=$(sed -n 's/^tracepkt: \([a-z0-9_]*\): attached, .*/\1/p' "$err" | tr '\n' ' ')
[[ $points == *'net_dev_queue '*'netif_rx '* ]] || fail "not all points are told of: $points"
loops=$(grep -c ' instructions, with a loop$' "$err") || true
[[ $loops -eq $(grep -c "probes load from the kernel's structures" "$err") ]] || fail "$loops programs have loops"

expect_small() {
	local point count
	while read -r point count; do
		((count > 0 && count < 4096)) || fail "$point has $count instructions"
	done < <(sed -n 's/^tracepkt: \([a-z0-9_]*\): [a-z ]*, \([0-9]*\) instructions, .*$/\1 \2/p' "$err")
}
expect_small

# Without that, no program has a loop.
dir=$scratch/helpers
run_tracepkt --dump-probes="$dir"
sed -i 's/LOAD(sk_buff, s, protocol)/(LOAD(sk_buff, s, protocol) + LOAD_BYTE(s, 100000))/' "$dir/gate.h"
trace -v --probe-dir="$dir" 127.0.0.1
expect_status 0
((loops == 0)) || expect_stderr_line 'the kernel refuses probes that load from its structures; .*'
! grep -q ' instructions, with a loop$' "$err" || fail 'a program has a loop'
expect_small

# The counter of loops can find one.
dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
sed -i 's|^\te\.probe = j->probe;$|&\n'\
'\tfor (unsigned int i = 0; i < 64; i++)\n'\
'\t\te.extra ^= bpf_ktime_get_ns();|' "$dir/device.c"
sed -i '/^#pragma nounroll$/d; s|^\tfor (unsigned int i|#pragma nounroll\n&|' "$dir/device.c"
trace -v --probe-dir="$dir" 127.0.0.1
if ((status == 0)); then # since 5.3
	grep -q ' instructions, with a loop$' "$err" || fail 'the loop was not told of'
fi
