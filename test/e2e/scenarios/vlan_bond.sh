#!/bin/bash
# A VLAN device on a bond, as servers have it: on the way in link, bond and VLAN device show.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
link_or_skip a bond0 type bond mode active-backup miimon 100
veth a s0 b eth0
ns_ip a link set s0 down
ns_ip a link set s0 master bond0
up a bond0
link_or_skip a bond0.7 link bond0 type vlan id 7
link_or_skip b eth0.7 link eth0 type vlan id 7
up a bond0.7
up b eth0.7
addr a bond0.7 192.0.2.1/24
addr b eth0.7 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a bond0.7 tx request 192.0.2.1 192.0.2.2
	a bond0   tx request 192.0.2.1 192.0.2.2
	a s0      tx request 192.0.2.1 192.0.2.2
	b eth0    rx request 192.0.2.1 192.0.2.2
	b eth0.7  rx request 192.0.2.1 192.0.2.2
	b eth0.7  tx reply   192.0.2.2 192.0.2.1
	b eth0    tx reply   192.0.2.2 192.0.2.1
	a s0      rx reply   192.0.2.2 192.0.2.1
	a bond0   rx reply   192.0.2.2 192.0.2.1
	a bond0.7 rx reply   192.0.2.2 192.0.2.1
HOPS
