#!/bin/bash
# VXLAN to two hosts that does not know which of them has the address, so each gets a copy; the one that
# it is not for drops it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_tool bridge
ns_add a b c
veth a eth0 b eth0
veth a eth1 c eth0
addr a eth0 198.51.100.1/24
addr b eth0 198.51.100.2/24
addr a eth1 203.0.113.1/24
addr c eth0 203.0.113.3/24
wait_ping a 198.51.100.2
wait_ping a 203.0.113.3
link_or_skip a vx0 type vxlan id 7 dstport 4789 nolearning
ns_ip b link add vx0 type vxlan id 7 dstport 4789 remote 198.51.100.1
ns_ip c link add vx0 type vxlan id 7 dstport 4789 remote 203.0.113.1
for to in 198.51.100.2 203.0.113.3; do
	in_ns a bridge fdb append 00:00:00:00:00:00 dev vx0 dst "$to"
done
tunnel_up vx0 4 6
up c vx0

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a vx0  tx request 192.0.2.1 192.0.2.2
	a eth1 tx request 192.0.2.1 192.0.2.2 in vx0 203.0.113.1  203.0.113.3  17/4789
	c eth0 rx request 192.0.2.1 192.0.2.2 in vx0 203.0.113.1  203.0.113.3  17/4789
	a eth0 tx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
	b eth0 rx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
	c vx0  rx request 192.0.2.1 192.0.2.2
	b vx0  rx request 192.0.2.1 192.0.2.2
	b vx0  tx reply   192.0.2.2 192.0.2.1
	b eth0 tx reply   192.0.2.2 192.0.2.1 in vx0 198.51.100.2 198.51.100.1 17/4789
	a eth0 rx reply   192.0.2.2 192.0.2.1 in vx0 198.51.100.2 198.51.100.1 17/4789
	a vx0  rx reply   192.0.2.2 192.0.2.1
HOPS
expect_drops <<'DROPS'
	c vx0 drop request 192.0.2.1 192.0.2.2 OTHERHOST
DROPS
expect_outcome </dev/null
expect_counts 'received == 1 && lost_events == 0'
