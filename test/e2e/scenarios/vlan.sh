#!/bin/bash
# A VLAN device over a veth pair: the kernel keeps the tag beside the packet.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
link_or_skip a eth0.7 link eth0 type vlan id 7
ns_ip b link add eth0.7 link eth0 type vlan id 7
up a eth0.7
up b eth0.7
addr a eth0.7 192.0.2.1/24
addr b eth0.7 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a eth0.7 tx request 192.0.2.1 192.0.2.2
	a eth0   tx request 192.0.2.1 192.0.2.2
	b eth0   rx request 192.0.2.1 192.0.2.2
	b eth0.7 rx request 192.0.2.1 192.0.2.2
	b eth0.7 tx reply   192.0.2.2 192.0.2.1
	b eth0   tx reply   192.0.2.2 192.0.2.1
	a eth0   rx reply   192.0.2.2 192.0.2.1
	a eth0.7 rx reply   192.0.2.2 192.0.2.1
HOPS
