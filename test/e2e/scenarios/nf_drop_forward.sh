#!/bin/bash
# FORWARD of a router drops a ping: the first in a chain of iptables-nft, the second in one of
# iptables-legacy, the third in one of nftables; the fourth is answered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_router

# Each drops the first ping that it sees.
drop_first() { # PREFIX-OF-PROGRAM FAMILY
	rules r "$1-nft" <<-RULES
		*mangle
		:FORWARD ACCEPT [0:0]
		-A FORWARD $(only_first) -j DROP
		COMMIT
	RULES
	rules r "$1-legacy" <<-RULES
		*filter
		:FORWARD ACCEPT [0:0]
		-A FORWARD $(only_first) -j DROP
		COMMIT
	RULES
	rules r nft <<-RULES
		table $2 guard {
			chain cross {
				type filter hook forward priority 10; policy accept
				numgen inc mod 1000 0 drop
			}
		}
	RULES
}

expect_pings() { # SRC DST FAMILY
	expect_rows 1 <<-ROWS
		a eth0 tx    request $1 $2
		r left rx    request $1 $2
		r left chain request $1 $2 $3 mangle.FORWARD DROP
	ROWS
	expect_rows 2 <<-ROWS
		a eth0 tx    request $1 $2
		r left rx    request $1 $2
		r left chain request $1 $2 $3 mangle.FORWARD ACCEPT
		r left chain request $1 $2 filter.FORWARD    DROP
	ROWS
	expect_rows 3 <<-ROWS
		a eth0 tx    request $1 $2
		r left rx    request $1 $2
		r left chain request $1 $2 $3 mangle.FORWARD ACCEPT
		r left chain request $1 $2 filter.FORWARD    ACCEPT
		r left chain request $1 $2 $3 guard.cross@forward DROP
	ROWS
	expect_rows 4 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 $3 mangle.FORWARD ACCEPT
		r left  chain request $1 $2 filter.FORWARD    ACCEPT
		r left  chain request $1 $2 $3 guard.cross@forward ACCEPT
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  tx    reply   $2 $1
		r right rx    reply   $2 $1
		r right chain reply   $2 $1 $3 mangle.FORWARD ACCEPT
		r right chain reply   $2 $1 filter.FORWARD    ACCEPT
		r right chain reply   $2 $1 $3 guard.cross@forward ACCEPT
		r left  tx    reply   $2 $1
		a eth0  rx    reply   $2 $1
	ROWS
	expect_counts 'sent == 4 && received == 1 && lost_events == 0'
}

drop_first iptables ip
trace -c 4 -i 0.3 -W 0.5 -N a 198.51.100.2
expect_status 0
expect_pings 192.0.2.2 198.51.100.2 ip

need_ipv6
one_router6
drop_first ip6tables ip6
trace -c 4 -i 0.3 -W 0.5 -N a 2001:db8:2::2
expect_status 0
expect_pings 2001:db8:1::2 2001:db8:2::2 ip6
expect_nothing_left
