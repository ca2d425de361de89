#!/bin/bash
# A router whose way in is a macvlan device, the device below it in another namespace: what is sent
# on tells only the interface number of the macvlan device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

# a eth0 -- host eth0, on it r mv0; r out -- b eth0
ns_add a host r b
veth a eth0 host eth0
veth r out b eth0
link_or_skip host mv0 link eth0 netns r type macvlan mode bridge
up r mv0
router r
addr a eth0 192.0.2.2/24
addr r mv0 192.0.2.1/24
addr r out 198.51.100.1/24
addr b eth0 198.51.100.2/24
route a default via 192.0.2.1
route b default via 198.51.100.1
wait_ping a 198.51.100.2

trace -N a 198.51.100.2
expect_status 0
expect_hops <<'HOPS'
	a    eth0 tx request 192.0.2.2 198.51.100.2
	host eth0 rx request 192.0.2.2 198.51.100.2
	r    mv0  rx request 192.0.2.2 198.51.100.2
	r    out  tx request 192.0.2.2 198.51.100.2
	b    eth0 rx request 192.0.2.2 198.51.100.2
	b    eth0 tx reply   198.51.100.2 192.0.2.2
	r    out  rx reply   198.51.100.2 192.0.2.2
	r    mv0  tx reply   198.51.100.2 192.0.2.2
	host eth0 tx reply   198.51.100.2 192.0.2.2
	a    eth0 rx reply   198.51.100.2 192.0.2.2
HOPS
