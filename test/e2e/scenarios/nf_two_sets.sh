#!/bin/bash
# Two namespaces with tables and chains of the same names and different rules, of all three backends; and
# one without any: each chain in its own namespace, with its own verdict.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_router

two_sets() { # PREFIX-OF-PROGRAM PROTOCOL SENDER
	rules a "$1-legacy" <<-RULES
		*filter
		:INPUT ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		-A OUTPUT -p udp -j DROP
		COMMIT
	RULES
	rules b "$1-legacy" <<-RULES
		*filter
		:INPUT DROP [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT -p $2 -s $3 -j ACCEPT
		-A OUTPUT -p $2 -d $3 -j DROP
		COMMIT
		*raw
		:PREROUTING ACCEPT [0:0]
		COMMIT
	RULES
	for ns in a b; do
		rules $ns "$1-nft" <<-RULES
			*mangle
			:$([[ $ns == a ]] && echo OUTPUT || echo INPUT) ACCEPT [0:0]
			COMMIT
		RULES
	done
}
for ns in a b; do
	rules $ns nft <<-RULES
		table inet guard {
			chain $ns-in {
				type filter hook input priority 10; policy accept
			}
		}
	RULES
done

expect_way() { # SRC DST FAMILY
	expect_rows <<-ROWS
		a eth0  chain request $1 $2 $3 mangle.OUTPUT ACCEPT
		a eth0  chain request $1 $2 filter.OUTPUT ACCEPT
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  chain request $1 $2 raw.PREROUTING ACCEPT
		b eth0  chain request $1 $2 $3 mangle.INPUT ACCEPT
		b eth0  chain request $1 $2 filter.INPUT ACCEPT
		b eth0  chain request $1 $2 inet guard.b-in@input ACCEPT
		b eth0  chain reply   $2 $1 raw.OUTPUT ACCEPT
		b eth0  chain reply   $2 $1 filter.OUTPUT DROP
	ROWS
}

two_sets iptables icmp 192.0.2.2
trace -W 0.5 -N a 198.51.100.2
expect_status 1
expect_way 192.0.2.2 198.51.100.2 ip

need_ipv6
one_router6
two_sets ip6tables icmpv6 2001:db8:1::2
# the router must go on knowing where it is
in_ns b ip6tables-legacy -A INPUT -s fe80::/10 -j ACCEPT
in_ns b ip6tables-legacy -A INPUT -s 2001:db8:2::1 -j ACCEPT
trace -W 0.5 -N a 2001:db8:2::2
expect_status 1
expect_way 2001:db8:1::2 2001:db8:2::2 ip6
expect_nothing_left
