#!/bin/bash
# Overlay networks as cluster network plugins have them: namespace, veth, bridge, VXLAN, and the same
# back on the other host.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add pod1 host1 host2 pod2
veth host1 eth0 host2 eth0
addr host1 eth0 198.51.100.1/24
addr host2 eth0 198.51.100.2/24
link_or_skip host1 vx0 type vxlan id 7 local 198.51.100.1 remote 198.51.100.2 dstport 4789 dev eth0
ns_ip host2 link add vx0 type vxlan id 7 local 198.51.100.2 remote 198.51.100.1 dstport 4789 dev eth0
for n in 1 2; do
	veth "host$n" v0 "pod$n" eth0
	up "host$n" vx0
	bridge_add "host$n" br0 v0 vx0
	addr "pod$n" eth0 "192.0.2.$n/24"
done
wait_ping pod1 192.0.2.2

trace -N pod1 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	pod1  eth0 tx request 192.0.2.1 192.0.2.2
	host1 v0   rx request 192.0.2.1 192.0.2.2
	host1 vx0  tx request 192.0.2.1 192.0.2.2
	host1 eth0 tx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
	host2 eth0 rx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
	host2 vx0  rx request 192.0.2.1 192.0.2.2
	host2 v0   tx request 192.0.2.1 192.0.2.2
	pod2  eth0 rx request 192.0.2.1 192.0.2.2
	pod2  eth0 tx reply   192.0.2.2 192.0.2.1
	host2 v0   rx reply   192.0.2.2 192.0.2.1
	host2 vx0  tx reply   192.0.2.2 192.0.2.1
	host2 eth0 tx reply   192.0.2.2 192.0.2.1 in vx0 198.51.100.2 198.51.100.1 17/4789
	host1 eth0 rx reply   192.0.2.2 192.0.2.1 in vx0 198.51.100.2 198.51.100.1 17/4789
	host1 vx0  rx reply   192.0.2.2 192.0.2.1
	host1 v0   tx reply   192.0.2.2 192.0.2.1
	pod1  eth0 rx reply   192.0.2.2 192.0.2.1
HOPS
expect_drops </dev/null
