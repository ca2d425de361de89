#!/bin/bash
# Two routers in a row, both families: in and out at each.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a r1 r2 b
veth a eth0 r1 left
veth r1 right r2 left
veth r2 right b eth0
router r1 r2
addr a eth0 192.0.2.2/24
addr r1 left 192.0.2.1/24
addr r1 right 198.51.100.1/24
addr r2 left 198.51.100.2/24
addr r2 right 203.0.113.1/24
addr b eth0 203.0.113.2/24
route a default via 192.0.2.1
route b default via 203.0.113.1
route r1 203.0.113.0/24 via 198.51.100.2
route r2 192.0.2.0/24 via 198.51.100.1
wait_ping a 203.0.113.2

trace -N a 203.0.113.2
expect_status 0
expect_hops <<'HOPS'
	a  eth0  tx request 192.0.2.2 203.0.113.2
	r1 left  rx request 192.0.2.2 203.0.113.2
	r1 right tx request 192.0.2.2 203.0.113.2
	r2 left  rx request 192.0.2.2 203.0.113.2
	r2 right tx request 192.0.2.2 203.0.113.2
	b  eth0  rx request 192.0.2.2 203.0.113.2
	b  eth0  tx reply   203.0.113.2 192.0.2.2
	r2 right rx reply   203.0.113.2 192.0.2.2
	r2 left  tx reply   203.0.113.2 192.0.2.2
	r1 right rx reply   203.0.113.2 192.0.2.2
	r1 left  tx reply   203.0.113.2 192.0.2.2
	a  eth0  rx reply   203.0.113.2 192.0.2.2
HOPS

need_ipv6
addr a eth0 2001:db8:1::2/64
addr r1 left 2001:db8:1::1/64
addr r1 right 2001:db8:2::1/64
addr r2 left 2001:db8:2::2/64
addr r2 right 2001:db8:3::1/64
addr b eth0 2001:db8:3::2/64
route a default via 2001:db8:1::1
route b default via 2001:db8:3::1
route r1 2001:db8:3::/64 via 2001:db8:2::2
route r2 2001:db8:1::/64 via 2001:db8:2::1
wait_ping a 2001:db8:3::2

trace -N a 2001:db8:3::2
expect_status 0
expect_hops <<'HOPS'
	a  eth0  tx request 2001:db8:1::2 2001:db8:3::2
	r1 left  rx request 2001:db8:1::2 2001:db8:3::2
	r1 right tx request 2001:db8:1::2 2001:db8:3::2
	r2 left  rx request 2001:db8:1::2 2001:db8:3::2
	r2 right tx request 2001:db8:1::2 2001:db8:3::2
	b  eth0  rx request 2001:db8:1::2 2001:db8:3::2
	b  eth0  tx reply   2001:db8:3::2 2001:db8:1::2
	r2 right rx reply   2001:db8:3::2 2001:db8:1::2
	r2 left  tx reply   2001:db8:3::2 2001:db8:1::2
	r1 right rx reply   2001:db8:3::2 2001:db8:1::2
	r1 left  tx reply   2001:db8:3::2 2001:db8:1::2
	a  eth0  rx reply   2001:db8:3::2 2001:db8:1::2
HOPS
