#!/bin/bash
# -t: a ping that a router gives up gets no reply; with one more it does.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router

trace -t 1 -W 0.3 -N a 198.51.100.2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.2
	r left rx request 192.0.2.2 198.51.100.2
HOPS
expect_counts 'sent == 1 && received == 0'

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
one_router6
trace -t 1 -W 0.3 -N a 2001:db8:2::2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 2001:db8:1::2 2001:db8:2::2
	r left rx request 2001:db8:1::2 2001:db8:2::2
HOPS
