#!/bin/bash
# A router with a macvlan device, so that packets that it took in are sent on.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a host b

# a eth0 -- host eth0 [mv0] -- host out -- b eth0
veth a eth0 host eth0
veth host out b eth0
link_or_skip host mv0 link eth0 type macvlan mode bridge
up host mv0
router host
addr a eth0 192.0.2.2/24
addr host mv0 192.0.2.1/24
addr host out 198.51.100.1/24
addr b eth0 198.51.100.2/24
route a default via 192.0.2.1
route b default via 198.51.100.1
wait_ping a 198.51.100.2

trace -N a 198.51.100.2
expect_status 0
expect_hops <<'HOPS'
	a    eth0 tx request 192.0.2.2 198.51.100.2
	host eth0 rx request 192.0.2.2 198.51.100.2
	host mv0  rx request 192.0.2.2 198.51.100.2
	host out  tx request 192.0.2.2 198.51.100.2
	b    eth0 rx request 192.0.2.2 198.51.100.2
	b    eth0 tx reply   198.51.100.2 192.0.2.2
	host out  rx reply   198.51.100.2 192.0.2.2
	host mv0  tx reply   198.51.100.2 192.0.2.2
	host eth0 tx reply   198.51.100.2 192.0.2.2
	a    eth0 rx reply   198.51.100.2 192.0.2.2
HOPS
