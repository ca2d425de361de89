#!/bin/bash
# NOTRACK: what is no connection does not come to the chains of nat; by iptables-legacy at the one
# end, by iptables-nft at the other, by nftables at the router between them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_router

# The chains of nat have a rule each, for an address of nobody.
no_tracking() { # PREFIX-OF-PROGRAM PROTOCOL FAMILY NOBODY
	rules a "$1-legacy" <<-RULES
		*raw
		:OUTPUT ACCEPT [0:0]
		-A OUTPUT -p $2 -j CT --notrack
		COMMIT
		*nat
		:OUTPUT ACCEPT [0:0]
		-A OUTPUT -d $4 -j REDIRECT
		COMMIT
	RULES
	rules r nft <<-RULES
		table $3 wild {
			chain early {
				type filter hook prerouting priority -300; policy accept
				$2 type echo-request notrack
			}
			chain source {
				type nat hook postrouting priority 100; policy accept
				$3 daddr $4 masquerade
			}
		}
	RULES
	rules b "$1-nft" <<-RULES
		*raw
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -p $2 -j CT --notrack
		COMMIT
		*nat
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -d $4 -j REDIRECT
		COMMIT
	RULES
}

expect_way() { # SRC DST FAMILY
	expect_rows <<-ROWS
		a eth0  chain request $1 $2 raw.OUTPUT ACCEPT
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 $3 wild.early@prerouting ACCEPT
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  chain request $1 $2 $3 raw.PREROUTING ACCEPT
		b eth0  tx    reply   $2 $1
		r right rx    reply   $2 $1
		r right chain reply   $2 $1 $3 wild.early@prerouting ACCEPT
		r left  tx    reply   $2 $1
		a eth0  rx    reply   $2 $1
		a eth0  chain reply   $2 $1 raw.PREROUTING ACCEPT
	ROWS
}

no_tracking iptables icmp ip 192.0.2.99
trace -N a 198.51.100.2
expect_status 0
expect_way 192.0.2.2 198.51.100.2 ip

need_ipv6
one_router6
no_tracking ip6tables icmpv6 ip6 2001:db8:2::99
trace -N a 2001:db8:2::2
expect_status 0
expect_way 2001:db8:1::2 2001:db8:2::2 ip6
expect_nothing_left
