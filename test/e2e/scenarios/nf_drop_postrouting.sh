#!/bin/bash
# POSTROUTING of a router drops a ping, when its device is already the one that it would have left
# by: that device is in the row of the chain, and is not shown as one that the ping passed. The first
# ping meets iptables-legacy, the second nftables.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy nft
one_router

drop() { # PROGRAM OPTIONS-FOR-REQUEST FAMILY REQUEST-FOR-NFT
	rules r "$1" <<-RULES
		*mangle
		:POSTROUTING ACCEPT [0:0]
		-A POSTROUTING $2 $(only_first) -j DROP
		COMMIT
	RULES
	rules r nft <<-RULES
		table $3 guard {
			chain leave {
				type filter hook postrouting priority 10; policy accept
				$4 drop
			}
		}
	RULES
}

expect_pings() { # SRC DST FAMILY
	expect_rows 1 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 mangle.PREROUTING ACCEPT
		r left  chain request $1 $2 mangle.FORWARD ACCEPT
		r right chain request $1 $2 mangle.POSTROUTING DROP
	ROWS
	expect_rows 2 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 mangle.PREROUTING ACCEPT
		r left  chain request $1 $2 mangle.FORWARD ACCEPT
		r right chain request $1 $2 mangle.POSTROUTING ACCEPT
		r right chain request $1 $2 $3 guard.leave@postrouting DROP
	ROWS
}

drop iptables-legacy '-p icmp --icmp-type echo-request' ip 'icmp type echo-request'
trace -c 2 -i 0.3 -W 0.5 -N a 198.51.100.2
expect_status 1
expect_pings 192.0.2.2 198.51.100.2 ip

need_ipv6
one_router6
drop ip6tables-legacy '-p icmpv6 --icmpv6-type echo-request' ip6 'icmpv6 type echo-request'
trace -c 2 -i 0.3 -W 0.5 -N a 2001:db8:2::2
expect_status 1
expect_pings 2001:db8:1::2 2001:db8:2::2 ip6
expect_nothing_left
