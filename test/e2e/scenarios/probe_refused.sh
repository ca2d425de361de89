#!/bin/bash
# A probe that the kernel's verifier refuses: one line; with -v what the verifier says.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
sed -i 's|^\te\.probe = j->probe;$|&\n\te.extra = *(volatile __u32 *)bpf_ktime_get_ns();|' "$dir/device.c"
grep -q 'volatile __u32' "$dir/device.c" || fail 'the edit found no place'

trace --probe-dir="$dir" 127.0.0.1
expect_error 'the kernel refuses the program on_packet: .*-v .*'

trace -v --probe-dir="$dir" 127.0.0.1
expect_status 2
expect_stderr_line 'the kernel refuses the program on_packet: .*'
expect_stderr_line ".*R[0-9]+ invalid mem access '(inv|scalar)'.*"
[[ ! -s $out ]] || fail 'something on standard output'
has_lines "$err" 5 || fail 'the verifier said more'
! has_lines "$err" 60 || fail 'only the last lines are wanted'
expect_nothing_left
