#!/bin/bash
# --attach=tracepoint with tracefs at its old place in debugfs only, and without any: one line. Raw
# tracepoints do without.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

loopback() {
	expect_status 0
	expect_hops <<-'HOPS'
		- lo tx request 127.0.0.1 127.0.0.1
		- lo rx request 127.0.0.1 127.0.0.1
		- lo tx reply   127.0.0.1 127.0.0.1
		- lo rx reply   127.0.0.1 127.0.0.1
	HOPS
}
# what the world has for this
[[ " ${TRACEPKT_ARGS-} " != *" --attach=tracepoint "* ]] || umount /sys/kernel/tracing

run_tracepkt --attach=tracepoint 127.0.0.1
expect_error '.*tracefs.*mount -t tracefs .*'
if [[ -e /sys/kernel/tracing ]]; then
	trace --attach=raw 127.0.0.1
	loopback
fi

mount -t debugfs nodev /sys/kernel/debug 2>/dev/null || skip 'this kernel has no debugfs'
# tracefs is mounted there when it is looked at; kernels that no longer do that have an empty directory
[[ -d /sys/kernel/debug/tracing/events ]] ||
	mount -t tracefs nodev /sys/kernel/debug/tracing 2>/dev/null || skip 'no tracing in debugfs'
trace --attach=tracepoint 127.0.0.1
loopback
umount -R /sys/kernel/debug

mount -t tracefs nodev /sys/kernel/tracing
trace --attach=tracepoint 127.0.0.1
loopback
