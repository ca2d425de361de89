#!/bin/bash
# -m and -Q: mark and type of service are on the packet, so routing rules that ask for them apply.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
veth a eth1 b eth1
veth a eth2 b eth2
for n in 0 1 2; do
	addr a "eth$n" "198.51.100.$((n * 16 + 1))/28"
	addr b "eth$n" "198.51.100.$((n * 16 + 2))/28"
done
addr a lo 192.0.2.1/32
addr b lo 192.0.2.2/32
route a 192.0.2.2 via 198.51.100.2 src 192.0.2.1
route a 192.0.2.2 via 198.51.100.18 src 192.0.2.1 table 101
route a 192.0.2.2 via 198.51.100.34 src 192.0.2.1 table 102
route b 192.0.2.1 via 198.51.100.1
ns_ip a rule add fwmark 42 lookup 101
ns_ip a rule add tos 0x10 lookup 102
wait_ping a 192.0.2.2
wait_ping a 192.0.2.2 -m 42
wait_ping a 192.0.2.2 -Q 0x10

expect_way() { # DEVICE
	expect_status 0
	expect_hops <<-HOPS
		a $1   tx request 192.0.2.1 192.0.2.2
		b $1   rx request 192.0.2.1 192.0.2.2
		b eth0 tx reply   192.0.2.2 192.0.2.1
		a eth0 rx reply   192.0.2.2 192.0.2.1
	HOPS
}
trace -N a 192.0.2.2
expect_way eth0
trace -N a -m 42 192.0.2.2
expect_way eth1
trace -N a -m 0x2a 192.0.2.2
expect_way eth1
trace -N a -Q 16 192.0.2.2
expect_way eth2

need_ipv6
for n in 0 1 2; do
	addr a "eth$n" "2001:db8:$n::1/64"
	addr b "eth$n" "2001:db8:$n::2/64"
done
addr a lo 2001:db8:a::1/128
addr b lo 2001:db8:a::2/128
route a 2001:db8:a::2 via 2001:db8:0::2 src 2001:db8:a::1
route a 2001:db8:a::2 via 2001:db8:1::2 src 2001:db8:a::1 table 101
route a 2001:db8:a::2 via 2001:db8:2::2 src 2001:db8:a::1 table 102
route b 2001:db8:a::1 via 2001:db8:0::1
ns_ip a -6 rule add fwmark 42 lookup 101
ns_ip a -6 rule add tos 0x10 lookup 102
wait_ping a 2001:db8:a::2
expect_way6() { # DEVICE
	expect_status 0
	expect_hops <<-HOPS
		a $1   tx request 2001:db8:a::1 2001:db8:a::2
		b $1   rx request 2001:db8:a::1 2001:db8:a::2
		b eth0 tx reply   2001:db8:a::2 2001:db8:a::1
		a eth0 rx reply   2001:db8:a::2 2001:db8:a::1
	HOPS
}
trace -N a -m 42 2001:db8:a::2
expect_way6 eth1
trace -N a -Q 16 2001:db8:a::2
expect_way6 eth2
