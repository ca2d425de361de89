#!/bin/bash
# A bridge that does not know where an address is sends a copy out of each of its other four ports.
# The hosts there that have another address drop theirs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add sw a b c d e
port=0
for host in a b c d e; do
	port=$((port + 1))
	veth "$host" eth0 sw "p$port"
	addr "$host" eth0 "192.0.2.$port/24" "2001:db8::$port/64"
done
bridge_add sw br0 p1 p3 p4 p5
ns_ip sw link set p2 down
ns_ip sw link set p2 master br0
in_ns sw bridge link set dev p2 learning off
up sw p2
wait_ping a 192.0.2.2
wait_ping a 2001:db8::2

expect_flooded() { # A B
	expect_status 0
	expect_hops <<-HOPS
		a  eth0 tx request $1 $2
		sw p1   rx request $1 $2
		sw p2   tx request $1 $2
		b  eth0 rx request $1 $2
		sw p5   tx request $1 $2
		e  eth0 rx request $1 $2
		sw p4   tx request $1 $2
		d  eth0 rx request $1 $2
		sw p3   tx request $1 $2
		c  eth0 rx request $1 $2
		b  eth0 tx reply   $2 $1
		sw p2   rx reply   $2 $1
		sw p1   tx reply   $2 $1
		a  eth0 rx reply   $2 $1
	HOPS
	expect_drops <<-DROPS
		e eth0 drop request $1 $2 OTHERHOST
		d eth0 drop request $1 $2 OTHERHOST
		c eth0 drop request $1 $2 OTHERHOST
	DROPS
	expect_outcome </dev/null
	expect_counts 'received == 1 && lost_events == 0'
}
trace -N a 192.0.2.2
expect_flooded 192.0.2.1 192.0.2.2
trace -N a 2001:db8::2
expect_flooded 2001:db8::1 2001:db8::2
