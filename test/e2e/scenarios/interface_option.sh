#!/bin/bash
# -I: the device to send through, or the address to send from.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
veth a eth1 b eth1
addr a eth0 192.0.2.1/24 192.0.2.11/24
addr b eth0 192.0.2.2/24
addr a eth1 198.51.100.1/24
addr b eth1 198.51.100.2/24
route a 203.0.113.0/24 via 192.0.2.2
route a 203.0.113.0/24 via 198.51.100.2 metric 2000
addr b lo 203.0.113.1/32
wait_ping a 203.0.113.1 -I eth0
wait_ping a 203.0.113.1 -I eth1

trace -N a 203.0.113.1
expect_status 0
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.1 203.0.113.1
	b eth0 rx request 192.0.2.1 203.0.113.1
	b eth0 tx reply   203.0.113.1 192.0.2.1
	a eth0 rx reply   203.0.113.1 192.0.2.1
HOPS

trace -N a -I eth1 203.0.113.1
expect_status 0
expect_hops <<'HOPS'
	a eth1 tx request 198.51.100.1 203.0.113.1
	b eth1 rx request 198.51.100.1 203.0.113.1
	b eth1 tx reply   203.0.113.1 198.51.100.1
	a eth1 rx reply   203.0.113.1 198.51.100.1
HOPS

trace -N a -I 192.0.2.11 203.0.113.1
expect_status 0
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.11 203.0.113.1
	b eth0 rx request 192.0.2.11 203.0.113.1
	b eth0 tx reply   203.0.113.1 192.0.2.11
	a eth0 rx reply   203.0.113.1 192.0.2.11
HOPS

run_tracepkt -N a -I eth9 203.0.113.1
expect_error ".*no interface 'eth9'.*"
run_tracepkt -N a -I 192.0.2.77 203.0.113.1 # nobody's
expect_error '.*192\.0\.2\.77.*'

need_ipv6
addr a eth0 2001:db8::1/64 2001:db8::11/64
addr b eth0 2001:db8::2/64
wait_ping a 2001:db8::2
trace -N a -I 2001:db8::11 2001:db8::2
expect_status 0
expect_hops <<'HOPS'
	a eth0 tx request 2001:db8::11 2001:db8::2
	b eth0 rx request 2001:db8::11 2001:db8::2
	b eth0 tx reply   2001:db8::2 2001:db8::11
	a eth0 rx reply   2001:db8::2 2001:db8::11
HOPS
