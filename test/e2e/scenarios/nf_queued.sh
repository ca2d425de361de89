#!/bin/bash
# A firewall rule sends a packet to a queue (NFQUEUE) whose program gives no verdict: the packet waits there.
# Where chains are seen, the one that sent it is told.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool iptables-legacy
one_router
log=$scratch/deafqueue
: >"$log"
in_ns r "$E2E_TOOLS/deafqueue" 3 >"$log" 2>&1 &
disown
wait_until 10 says "$log" 'ready|:' || fail 'deafqueue does not start'
! says "$log" 'Invalid argument|not supported' || skip 'this kernel has no queues of netfilter'
says "$log" ready || fail "$(<"$log")"
or_skip NFQUEUE in_ns r iptables-legacy -t mangle -A FORWARD -p icmp -j NFQUEUE --queue-num 3

if [[ -e /sys/bus/event_source/devices/kprobe/type ]]; then
	need_netfilter iptables-legacy
	expect_told 'request_lost queued: lost: the request waits in netns r on left for a program that gives no verdict: mangle.FORWARD sent it to queue 3' \
		-N a 198.51.100.2
else
	expect_told 'request_lost waiting: lost: the request arrived in netns r on left and still waits there' \
		-N a 198.51.100.2
fi
expect_drops </dev/null
expect_nothing_left
