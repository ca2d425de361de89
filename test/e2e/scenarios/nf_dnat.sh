#!/bin/bash
# Three routers put another address in place of the target: DNAT of iptables-legacy, of iptables-nft
# and of nftables, and at last the sender itself, in OUTPUT. Each chain has the addresses as they are
# when it is entered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
three_routers

# From NET10, by a, r1, r2 and r3, to NET11, NET12, NET13 and B.
translate() { # PREFIX-OF-PROGRAM FAMILY NET B
	rules a "$1-legacy" <<-RULES
		*nat
		:OUTPUT ACCEPT [0:0]
		-A OUTPUT -d ${3}10 -j DNAT --to-destination ${3}11
		COMMIT
		*filter
		:INPUT ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		COMMIT
	RULES
	rules r1 "$1-legacy" <<-RULES
		*nat
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -d ${3}11 -j DNAT --to-destination ${3}12
		COMMIT
		*filter
		:FORWARD ACCEPT [0:0]
		COMMIT
	RULES
	rules r2 "$1-nft" <<-RULES
		*nat
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -d ${3}12 -j DNAT --to-destination ${3}13
		COMMIT
		*filter
		:FORWARD ACCEPT [0:0]
		COMMIT
	RULES
	rules r3 nft <<-RULES
		table $2 forwarding {
			chain enter {
				type nat hook prerouting priority -100; policy accept
				$2 daddr ${3}13 dnat to $4
			}
			chain cross {
				type filter hook forward priority 0; policy accept
			}
		}
	RULES
}

expect_translated() { # FAMILY A NET B
	local family=$1 a=$2 n=$3 b=$4
	expect_rows <<-ROWS
		a  eth0  chain request $a ${n}10 nat.OUTPUT ACCEPT
		a  eth0  chain request $a ${n}11 filter.OUTPUT ACCEPT
		a  eth0  chain request $a ${n}11 nat.POSTROUTING ACCEPT
		a  eth0  tx    request $a ${n}11
		r1 left  rx    request $a ${n}11
		r1 left  chain request $a ${n}11 nat.PREROUTING ACCEPT
		r1 left  chain request $a ${n}12 filter.FORWARD ACCEPT
		r1 right chain request $a ${n}12 nat.POSTROUTING ACCEPT
		r1 right tx    request $a ${n}12
		r2 left  rx    request $a ${n}12
		r2 left  chain request $a ${n}12 $family nat.PREROUTING ACCEPT
		r2 left  chain request $a ${n}13 $family filter.FORWARD ACCEPT
		r2 right tx    request $a ${n}13
		r3 left  rx    request $a ${n}13
		r3 left  chain request $a ${n}13 $family forwarding.enter@prerouting ACCEPT
		r3 left  chain request $a $b     $family forwarding.cross@forward ACCEPT
		r3 right tx    request $a $b
		b  eth0  rx    request $a $b
		b  eth0  tx    reply   $b $a
		r3 right rx    reply   $b $a
		r3 right chain reply   $b $a     $family forwarding.cross@forward ACCEPT
		r3 left  tx    reply   ${n}13 $a
		r2 right rx    reply   ${n}13 $a
		r2 right chain reply   ${n}13 $a $family filter.FORWARD ACCEPT
		r2 left  tx    reply   ${n}12 $a
		r1 right rx    reply   ${n}12 $a
		r1 right chain reply   ${n}12 $a filter.FORWARD ACCEPT
		r1 left  tx    reply   ${n}11 $a
		a  eth0  rx    reply   ${n}11 $a
		a  eth0  chain reply   ${n}11 $a filter.INPUT ACCEPT
	ROWS
}

translate iptables ip 203.0.113. 203.0.113.2
trace -N a 203.0.113.10
expect_status 0
expect_translated ip 192.0.2.2 203.0.113. 203.0.113.2

need_ipv6
three_routers6
translate ip6tables ip6 2001:db8:4:: 2001:db8:4::2
trace -N a 2001:db8:4::10
expect_status 0
expect_translated ip6 2001:db8:1::2 2001:db8:4:: 2001:db8:4::2
expect_nothing_left
