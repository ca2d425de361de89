#!/bin/bash
# Where the kernel does not take programs that load from its structures, the same ones are compiled with
# calls of helpers, and show the same. An edited probe that loads from beyond the end plays such a
# kernel.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
sed -i 's|LOAD(sk_buff, s, protocol)|(LOAD(sk_buff, s, protocol) + LOAD_BYTE(s, 100000))|' "$dir/gate.h"
grep -q 'LOAD_BYTE(s, 100000)' "$dir/gate.h" || fail 'the edit found no place'
refused="the kernel refuses probes that load from its structures; they call helpers instead"

trace -v 127.0.0.1
expect_status 0
! grep -q "$refused" "$err" || fail 'the embedded probes are refused'
loads=$(grep -c "probes load from the kernel's structures" "$err") || true
rows=$(grep -c '"event":"device"' "$out")

trace -v --probe-dir="$dir" 127.0.0.1
expect_status 0
[[ $(grep -c '"event":"device"' "$out") -eq $rows ]] || fail 'other rows'
[[ $(grep -c "$refused" "$err") -eq $loads ]] || fail 'it is not told whether helpers are called'
expect_nothing_left

# The next run finds what the kernel took.
trace -v --probe-dir="$dir" 127.0.0.1
expect_status 0
expect_stderr_line 'probes as compiled by an earlier run'
expect_stderr_line 'times: .* compile 0\.000 s, .*'
! grep -q 'probes load from' "$err" || fail 'they do not load'

# Kernels since 6.2 have what it takes, unless types come from headers.
version=$(uname -r | sed 's/^\([0-9]*\)\.\([0-9]*\).*/\1 \2/')
jit=$(cat /proc/sys/net/core/bpf_jit_enable 2>/dev/null || echo 1)
if [[ "${TRACEPKT_ARGS-}" != *--types=headers* && -r /sys/kernel/btf/vmlinux && $jit != 0 ]] &&
	((${version% *} * 1000 + ${version#* } >= 6002)); then
	((loads == 1)) || fail 'helpers are called for want of nothing'
fi
