#!/bin/bash
# -t: a ping that a router gives up gets no reply; with one more it does.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

ns_add a r b
veth a eth0 r left
veth r right b eth0
router r
addr a eth0 192.0.2.2/24
addr r left 192.0.2.1/24
addr r right 198.51.100.1/24
addr b eth0 198.51.100.2/24
route a default via 192.0.2.1
route b default via 198.51.100.1
wait_ping a 198.51.100.2

trace -t 1 -W 0.3 -N a 198.51.100.2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.2
	r left rx request 192.0.2.2 198.51.100.2
HOPS
expect_jq '.[-1] | .sent == 1 and .received == 0 and .rtt_ns == null'

run_tracepkt -t 1 -W 0.3 -N a 198.51.100.2
expect_status 1
[[ $(tail -n 1 "$out") == '1 ping sent, no reply' ]] || fail 'another last line than expected'

trace -t 2 -N a 198.51.100.2
expect_status 0
expect_hops <<'HOPS'
	a eth0  tx request 192.0.2.2 198.51.100.2
	r left  rx request 192.0.2.2 198.51.100.2
	r right tx request 192.0.2.2 198.51.100.2
	b eth0  rx request 192.0.2.2 198.51.100.2
	b eth0  tx reply   198.51.100.2 192.0.2.2
	r right rx reply   198.51.100.2 192.0.2.2
	r left  tx reply   198.51.100.2 192.0.2.2
	a eth0  rx reply   198.51.100.2 192.0.2.2
HOPS

need_ipv6
addr a eth0 2001:db8:1::2/64
addr r left 2001:db8:1::1/64
addr r right 2001:db8:2::1/64
addr b eth0 2001:db8:2::2/64
route a default via 2001:db8:1::1
route b default via 2001:db8:2::1
wait_ping a 2001:db8:2::2
trace -t 1 -W 0.3 -N a 2001:db8:2::2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 2001:db8:1::2 2001:db8:2::2
	r left rx request 2001:db8:1::2 2001:db8:2::2
HOPS
