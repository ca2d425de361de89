#!/bin/bash
# A router finds no neighbour for the ping: it never leaves by that device, which is not shown.
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

trace -W 4 -N a 198.51.100.9 # until the router gives up, after 3 s
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.9
	r left rx request 192.0.2.2 198.51.100.9
HOPS
expect_nothing_left
