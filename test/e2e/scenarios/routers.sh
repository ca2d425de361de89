#!/bin/bash
# Two routers in a row, both families: in and out at each.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

two_routers

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
two_routers6

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
