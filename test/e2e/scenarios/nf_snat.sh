#!/bin/bash
# Three routers put an address of theirs in place of the source: MASQUERADE of iptables-legacy, SNAT of
# iptables-nft, masquerade of nftables. A chain has the addresses as they are when it is entered; that
# of nat is not asked about the reply, which is translated all the same.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
three_routers

masquerade() { # PREFIX-OF-PROGRAM SOURCE-FOR-SNAT
	rules r1 "$1-legacy" <<-RULES
		*nat
		:POSTROUTING ACCEPT [0:0]
		-A POSTROUTING -o right -j MASQUERADE
		COMMIT
		*filter
		:FORWARD ACCEPT [0:0]
		COMMIT
	RULES
	rules r2 "$1-nft" <<-RULES
		*nat
		:POSTROUTING ACCEPT [0:0]
		-A POSTROUTING -o right -j SNAT --to-source $2
		COMMIT
		*filter
		:FORWARD ACCEPT [0:0]
		COMMIT
	RULES
}
masquerade iptables 198.51.100.20
# as if that were the address of a second device
addr r2 lo 198.51.100.20/32
rules r3 nft <<'RULES'
	table inet hide {
		chain leave {
			type nat hook postrouting priority 100; policy accept
			oifname "right" masquerade
		}
		chain cross {
			type filter hook forward priority 0; policy accept
		}
	}
RULES
route r3 198.51.100.20/32 via 198.51.100.17

# The ping from A to B, which leaves the routers with the sources R1, R2 and R3.
expect_translated() { # FAMILY A B R1 R2 R3
	local family=$1 a=$2 b=$3 r1=$4 r2=$5 r3=$6
	expect_rows <<-ROWS
		a  eth0  tx    request $a  $b
		r1 left  rx    request $a  $b
		r1 left  chain request $a  $b nat.PREROUTING ACCEPT
		r1 left  chain request $a  $b filter.FORWARD ACCEPT
		r1 right chain request $a  $b nat.POSTROUTING ACCEPT
		r1 right tx    request $r1 $b
		r2 left  rx    request $r1 $b
		r2 left  chain request $r1 $b $family filter.FORWARD ACCEPT
		r2 right chain request $r1 $b $family nat.POSTROUTING ACCEPT
		r2 right tx    request $r2 $b
		r3 left  rx    request $r2 $b
		r3 left  chain request $r2 $b inet hide.cross@forward ACCEPT
		r3 right chain request $r2 $b inet hide.leave@postrouting ACCEPT
		r3 right tx    request $r3 $b
		b  eth0  rx    request $r3 $b
		b  eth0  tx    reply   $b $r3
		r3 right rx    reply   $b $r3
		r3 right chain reply   $b $r2 inet hide.cross@forward ACCEPT
		r3 left  tx    reply   $b $r2
		r2 right rx    reply   $b $r2
		r2 right chain reply   $b $r1 $family filter.FORWARD ACCEPT
		r2 left  tx    reply   $b $r1
		r1 right rx    reply   $b $r1
		r1 right chain reply   $b $a  filter.FORWARD ACCEPT
		r1 left  tx    reply   $b $a
		a  eth0  rx    reply   $b $a
	ROWS
}
trace -N a 203.0.113.2
expect_status 0
expect_translated ip 192.0.2.2 203.0.113.2 198.51.100.1 198.51.100.20 203.0.113.1

need_ipv6
three_routers6
addr r2 lo 2001:db8:5::1/128
masquerade ip6tables 2001:db8:5::1
trace -N a 2001:db8:4::2
expect_status 0
expect_translated ip6 2001:db8:1::2 2001:db8:4::2 2001:db8:2::1 2001:db8:5::1 2001:db8:4::1
expect_nothing_left
