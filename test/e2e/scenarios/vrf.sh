#!/bin/bash
# A VRF on a router: what comes in at a port of the VRF passes the VRF device, on the way in as
# on the way out where the packet is the host's own.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a r b
veth a eth0 r left
veth r right b eth0
link_or_skip r red type vrf table 100
up r red
ns_ip r link set left master red
ns_ip r link set right master red
router r
ends 192.0.2. 198.51.100. 24 r
wait_ping a 198.51.100.2

trace -N a 198.51.100.2
expect_status 0
expect_hops <<'HOPS'
	a eth0  tx request 192.0.2.2 198.51.100.2
	r left  rx request 192.0.2.2 198.51.100.2
	r red   rx request 192.0.2.2 198.51.100.2
	r right tx request 192.0.2.2 198.51.100.2
	b eth0  rx request 192.0.2.2 198.51.100.2
	b eth0  tx reply   198.51.100.2 192.0.2.2
	r right rx reply   198.51.100.2 192.0.2.2
	r red   rx reply   198.51.100.2 192.0.2.2
	r left  tx reply   198.51.100.2 192.0.2.2
	a eth0  rx reply   198.51.100.2 192.0.2.2
HOPS
