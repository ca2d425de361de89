#!/bin/bash
# VLAN devices where the tag lies in the packet itself, as with network cards that do not take tags off.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool ethtool
ns_add a b
veth a eth0 b eth0
link_or_skip a eth0.7 link eth0 type vlan id 7
ns_ip b link add eth0.7 link eth0 type vlan id 7
for ns in a b; do
	in_ns "$ns" ethtool -K eth0 txvlan off rxvlan off tx-vlan-stag-hw-insert off \
		rx-vlan-stag-hw-parse off >/dev/null
	up "$ns" eth0.7
done
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
