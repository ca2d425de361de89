#!/bin/bash
# Without privileges: one line that names the capability that is missing; and with no more than the
# four that are enough.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool setpriv
# Where everyone may run it, and readable for whoever is no longer root.
cp "$TRACEPKT" "$scratch/tracepkt"
chmod 755 "$scratch/tracepkt"
chmod 1777 "$TMPDIR"
TRACEPKT=$scratch/tracepkt
run_with() { # OPTION-OF-SETPRIV... -- ARGUMENT...
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	ran="setpriv ${options[*]} tracepkt ${extra_args[*]-} $*"
	status=0
	timeout -k 5 "$limit" setpriv "${options[@]}" "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} \
		"$@" >"$out" 2>"$err" || status=$?
	check_run
}

run_with --reuid=65534 --regid=65534 --clear-groups -- 127.0.0.1
expect_error 'not root and without CAP_NET_RAW; .*sudo.*'
run_with --bounding-set=-net_raw -- 127.0.0.1
expect_error 'this root lacks CAP_NET_RAW.*'
run_with --bounding-set=-all -- 127.0.0.1
expect_error 'this root lacks CAP_NET_RAW.*'

# The capabilities of 5.8 stand in for CAP_SYS_ADMIN.
(($(cat /proc/sys/kernel/cap_last_cap) >= 39)) || skip 'this kernel has no CAP_BPF'
run_with --bounding-set=-sys_admin,-cap_39 -- 127.0.0.1
expect_error 'this root lacks CAP_BPF .*'
run_with --bounding-set=-sys_admin,-cap_38 -- 127.0.0.1
expect_error 'this root lacks CAP_PERFMON .*'
ns_add a
run_with --bounding-set=-sys_admin -- -N a 127.0.0.1
expect_error 'this root lacks CAP_SYS_ADMIN.*'

# Not root, but with what is needed. Whoever is not root cannot read tracefs.
[[ " ${TRACEPKT_ARGS-} " != *" --attach=tracepoint "* ]] || exit 0
capable='--bounding-set=-all,+net_raw,+cap_38,+cap_39'
paranoid=$(</proc/sys/kernel/perf_event_paranoid)
if ((paranoid > 2)); then # a level that Debian's kernels have beyond those of Linux
	run_with "$capable" -- 127.0.0.1
	expect_error 'this root lacks CAP_SYS_ADMIN.*kernel\.perf_event_paranoid.*'
	[[ ${TRACEPKT_VM-} ]] || exit 0
	echo 2 >/proc/sys/kernel/perf_event_paranoid
fi
# Before 5.11 maps and programs are locked memory, which is little without CAP_SYS_RESOURCE.
if [[ $(uname -r) =~ ^(5\.([0-9]|10)|[1-4]\.[0-9]+)\. ]]; then
	run_with "$capable" -- 127.0.0.1
	expect_error 'the kernel refuses .*locked memory.*\(ulimit -l\).*'
	capable+=,+sys_resource
fi
run_with "$capable" -- -o json 127.0.0.1
((paranoid <= 2)) || echo "$paranoid" >/proc/sys/kernel/perf_event_paranoid
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
HOPS
