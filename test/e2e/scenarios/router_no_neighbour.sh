#!/bin/bash
# A router finds no neighbour for the ping: it never leaves by that device, which is not shown, and an
# error comes back.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router

trace -W 4 -N a 198.51.100.9 # until the router gives up, after 3 s
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.9
	r left rx request 192.0.2.2 198.51.100.9
	r left tx error   192.0.2.1 192.0.2.2 icmp 3/1
	a eth0 rx error   192.0.2.1 192.0.2.2 icmp 3/1
HOPS
expect_nothing_left
