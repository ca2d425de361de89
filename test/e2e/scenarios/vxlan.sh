#!/bin/bash
# A ping inside a VXLAN tunnel between two namespaces: it shows at the tunnel's devices; that the
# packets below are seen too is not asked here.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
addr a eth0 198.51.100.1/24
addr b eth0 198.51.100.2/24
link_or_skip a vx0 type vxlan id 7 local 198.51.100.1 remote 198.51.100.2 dstport 4789 dev eth0
ns_ip b link add vx0 type vxlan id 7 local 198.51.100.2 remote 198.51.100.1 dstport 4789 dev eth0
up a vx0
up b vx0
addr a vx0 192.0.2.1/24
addr b vx0 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
only_devices=vx0
expect_hops <<'HOPS'
	a vx0 tx request 192.0.2.1 192.0.2.2
	b vx0 rx request 192.0.2.1 192.0.2.2
	b vx0 tx reply   192.0.2.2 192.0.2.1
	a vx0 rx reply   192.0.2.2 192.0.2.1
HOPS

need_ipv6
addr a vx0 2001:db8::1/64
addr b vx0 2001:db8::2/64
wait_ping a 2001:db8::2
trace -N a 2001:db8::2
expect_status 0
expect_hops <<'HOPS'
	a vx0 tx request 2001:db8::1 2001:db8::2
	b vx0 rx request 2001:db8::1 2001:db8::2
	b vx0 tx reply   2001:db8::2 2001:db8::1
	a vx0 rx reply   2001:db8::2 2001:db8::1
HOPS
