#!/bin/bash
# The reply comes back another way than the request went.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
veth a eth1 b eth1
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
addr a eth1 198.51.100.1/24
addr b eth1 198.51.100.2/24
addr a lo 203.0.113.1/32
route b 203.0.113.1 via 198.51.100.1
wait_ping a 192.0.2.2 -I 203.0.113.1

trace -N a -I 203.0.113.1 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a eth0 tx request 203.0.113.1 192.0.2.2
	b eth0 rx request 203.0.113.1 192.0.2.2
	b eth1 tx reply   192.0.2.2 203.0.113.1
	a eth1 rx reply   192.0.2.2 203.0.113.1
HOPS
