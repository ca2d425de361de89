#!/bin/bash
# A router finds no neighbour for the ping: it never leaves by that device, which is not shown.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router

trace -W 4 -N a 198.51.100.9 # until the router gives up, after 3 s
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.9
	r left rx request 192.0.2.2 198.51.100.9
HOPS
expect_nothing_left
