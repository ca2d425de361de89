#!/bin/bash
# A bond of two links: the slave and the bond device show, in the order of the packet.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
link_or_skip a bond0 type bond mode active-backup miimon 100
veth a s0 b eth0
veth a s1 b eth1
ns_ip a link set s0 down
ns_ip a link set s1 down
ns_ip a link set s0 master bond0
ns_ip a link set s1 master bond0
up a bond0
ns_ip a link set bond0 type bond active_slave s0
addr a bond0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a bond0 tx request 192.0.2.1 192.0.2.2
	a s0    tx request 192.0.2.1 192.0.2.2
	b eth0  rx request 192.0.2.1 192.0.2.2
	b eth0  tx reply   192.0.2.2 192.0.2.1
	a s0    rx reply   192.0.2.2 192.0.2.1
	a bond0 rx reply   192.0.2.2 192.0.2.1
HOPS

trace -N b 192.0.2.1
expect_status 0
expect_hops <<'HOPS'
	b eth0  tx request 192.0.2.2 192.0.2.1
	a s0    rx request 192.0.2.2 192.0.2.1
	a bond0 rx request 192.0.2.2 192.0.2.1
	a bond0 tx reply   192.0.2.1 192.0.2.2
	a s0    tx reply   192.0.2.1 192.0.2.2
	b eth0  rx reply   192.0.2.1 192.0.2.2
HOPS
