#!/bin/bash
# Where there are two processors, two processes compile the probes, each its part; with one, one does. What
# comes out is the same.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

(($(nproc) > 1)) || skip 'this machine has one processor'
[[ -r /sys/kernel/btf/vmlinux ]] || skip 'this kernel has no BTF'

# What each program is: one line a program.
compile() {
	run_tracepkt -v --types=btf --no-cache 127.0.0.1
	expect_status 0
	programs=$(sed -n '/ instructions, /p' "$err")
	[[ $programs ]] || fail 'no programs'
}

compile
expect_stderr_line 'probes compiled by two processes at once'
both=$programs

cpus=$(taskset -cp $$) cpus=${cpus##*: }
taskset -cp "${cpus%%[,-]*}" $$ >/dev/null # and all that this shell starts
compile
! grep -q 'by two processes' "$err" || fail 'two processes on one processor'
[[ $programs == "$both" ]] || fail "with two processes: $both"
