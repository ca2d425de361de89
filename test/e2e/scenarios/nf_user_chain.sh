#!/bin/bash
# Chains that rules jump and go to, which return, or where the verdict is found: one row for the
# base chain, with its own name.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_link

# One that returns, one that decides, and one that is gone to, whose end is that of the base chain.
user_chains() { # PREFIX-OF-PROGRAM
	local program
	for program in "$1-legacy" "$1-nft"; do
		rules b "$program" <<-RULES
			*$([[ $program == *-nft ]] && echo mangle || echo filter)
			:INPUT ACCEPT [0:0]
			:OUTPUT DROP [0:0]
			:returns - [0:0]
			:deeper - [0:0]
			:decides - [0:0]
			-A INPUT -j returns
			-A INPUT -g decides
			-A INPUT -j DROP
			-A OUTPUT -j returns
			-A OUTPUT -j decides
			-A returns -j deeper
			-A deeper -m mark --mark 1 -j DROP
			-A deeper -j RETURN
			-A deeper -j DROP
			-A decides -j ACCEPT
			COMMIT
		RULES
	done
}
user_chains iptables
rules b nft <<'RULES'
	table inet guard {
		chain deeper {
			meta mark 1 drop
			return
			drop
		}
		chain returns {
			jump deeper
		}
		chain decides {
			jump returns
			accept
		}
		chain enter {
			type filter hook input priority 10; policy drop
			jump returns
			goto decides
		}
	}
RULES

expect_one_row_each() { # SRC DST FAMILY
	expect_rows <<-ROWS
		a eth0 tx    request $1 $2
		b eth0 rx    request $1 $2
		b eth0 chain request $1 $2 $3 mangle.INPUT ACCEPT
		b eth0 chain request $1 $2 filter.INPUT ACCEPT
		b eth0 chain request $1 $2 inet guard.enter@input ACCEPT
		b eth0 chain reply   $2 $1 $3 mangle.OUTPUT ACCEPT
		b eth0 chain reply   $2 $1 filter.OUTPUT ACCEPT
		b eth0 tx    reply   $2 $1
		a eth0 rx    reply   $2 $1
	ROWS
}
trace -N a 192.0.2.2
expect_status 0
expect_one_row_each 192.0.2.1 192.0.2.2 ip

need_ipv6
one_link6
user_chains ip6tables
trace -N a 2001:db8::2
expect_status 0
expect_one_row_each 2001:db8::1 2001:db8::2 ip6
expect_nothing_left
