#!/bin/bash
# Two routers with IPsec between them: they encrypt what they forward, whose address is known by then,
# so it shows at every device, twice where it is decrypted.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

# The ping from A to B, by the routers' addresses R1 and R2.
expect_encrypted() { # A B R1 R2 PROTO[/PORT]
	expect_hops <<-HOPS
		a  eth0  tx request $1 $2
		r1 left  rx request $1 $2
		r1 right tx request $1 $2 in - $3 $4 $5
		r2 left  rx request $1 $2 in - $3 $4 $5
		r2 left  rx request $1 $2
		r2 right tx request $1 $2
		b  eth0  rx request $1 $2
		b  eth0  tx reply   $2 $1
		r2 right rx reply   $2 $1
		r2 left  tx reply   $2 $1 in - $4 $3 $5
		r1 right rx reply   $2 $1 in - $4 $3 $5
		r1 right rx reply   $2 $1
		r1 left  tx reply   $2 $1
		a  eth0  rx reply   $2 $1
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	expect_counts 'lost_events == 0'
}

two_routers
ipsec r1 198.51.100.1 r2 198.51.100.2 tunnel
ipsec_policy 192.0.2.0/24 203.0.113.0/24 r1 198.51.100.1 r2 198.51.100.2 tunnel
wait_ping a 203.0.113.2
trace -N a 203.0.113.2
expect_status 0
expect_encrypted 192.0.2.2 203.0.113.2 198.51.100.1 198.51.100.2 50

# in UDP, as where there is NAT on the way
ipsec_end r1 r2
for ns in r1 r2; do
	: >"$scratch/natt-$ns"
	in_ns "$ns" "$E2E_TOOLS/natt" >"$scratch/natt-$ns" &
	wait_until 10 says "$scratch/natt-$ns" ready || fail 'natt does not start'
done
ipsec r1 198.51.100.1 r2 198.51.100.2 tunnel encap espinudp 4500 4500 0.0.0.0
ipsec_policy 192.0.2.0/24 203.0.113.0/24 r1 198.51.100.1 r2 198.51.100.2 tunnel
wait_ping a 203.0.113.2
trace -N a 203.0.113.2
expect_status 0
expect_encrypted 192.0.2.2 203.0.113.2 198.51.100.1 198.51.100.2 17/4500

need_ipv6
two_routers6
ipsec r1 2001:db8:2::1 r2 2001:db8:2::2 tunnel
ipsec_policy 2001:db8:1::/64 2001:db8:3::/64 r1 2001:db8:2::1 r2 2001:db8:2::2 tunnel
wait_ping a 2001:db8:3::2
trace -N a 2001:db8:3::2
expect_status 0
expect_encrypted 2001:db8:1::2 2001:db8:3::2 2001:db8:2::1 2001:db8:2::2 50
