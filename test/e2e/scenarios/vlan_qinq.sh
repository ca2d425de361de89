#!/bin/bash
# Two VLAN devices one on the other (QinQ): both take the packet over without a tracepoint.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
for ns in a b; do
	link_or_skip "$ns" outer link eth0 type vlan proto 802.1ad id 3
	ns_ip "$ns" link add inner link outer type vlan id 7
	up "$ns" outer inner
done
addr a inner 192.0.2.1/24
addr b inner 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a inner tx request 192.0.2.1 192.0.2.2
	a outer tx request 192.0.2.1 192.0.2.2
	a eth0  tx request 192.0.2.1 192.0.2.2
	b eth0  rx request 192.0.2.1 192.0.2.2
	b outer rx request 192.0.2.1 192.0.2.2
	b inner rx request 192.0.2.1 192.0.2.2
	b inner tx reply   192.0.2.2 192.0.2.1
	b outer tx reply   192.0.2.2 192.0.2.1
	b eth0  tx reply   192.0.2.2 192.0.2.1
	a eth0  rx reply   192.0.2.2 192.0.2.1
	a outer rx reply   192.0.2.2 192.0.2.1
	a inner rx reply   192.0.2.2 192.0.2.1
HOPS
