#!/bin/bash
# A kernel that follows one call of a function at a time (no preemption, room for one processor): the
# chains of TEE's copy, which lie inside another chain, have no verdicts. That is told, with their number,
# and nothing else is missing or wrong.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../e2e/lib.sh
. "${0%/*}/../../e2e/lib.sh"

need_netfilter iptables-legacy
[[ $(</sys/devices/system/cpu/possible) == 0 ]] || skip 'there is room for more than one processor'
one_router
host_for_copies
rules r iptables-legacy <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p icmp --icmp-type echo-request -j TEE --gateway 203.0.113.2
COMMIT
RULES

trace -N a 198.51.100.2
expect_status 0
expect_rows 1 <<'ROWS'
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r aside tx    request 192.0.2.2 198.51.100.2
	copies eth0 rx request 192.0.2.2 198.51.100.2
	r left  chain request 192.0.2.2 198.51.100.2 mangle.PREROUTING ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 mangle.FORWARD ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  tx    reply   198.51.100.2 192.0.2.2
	r right rx    reply   198.51.100.2 192.0.2.2
	r right chain reply   198.51.100.2 192.0.2.2 mangle.PREROUTING ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 mangle.FORWARD ACCEPT
	r left  chain reply   198.51.100.2 192.0.2.2 mangle.POSTROUTING ACCEPT
	r left  tx    reply   198.51.100.2 192.0.2.2
	a eth0  rx    reply   198.51.100.2 192.0.2.2
ROWS
expect_stderr_line '2 verdicts of chains are missing: the kernel did not report their return'
expect_counts 'lost_events == 2'
