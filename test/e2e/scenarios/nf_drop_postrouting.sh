#!/bin/bash
# POSTROUTING of a router drops a ping, when its device is already the one that it would have left
# by: that device is in the row of the chain, and is not shown as one that the ping passed. The first
# ping meets iptables-legacy, the second nftables.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

need_netfilter iptables-legacy nft
ns_add a r b
veth a eth0 r left
veth r right b eth0
router r
addr a eth0 192.0.2.2/24
addr r left 192.0.2.1/24
addr r right 198.51.100.1/24
addr b eth0 198.51.100.2/24
route a default via 192.0.2.1
route b default via 198.51.100.1
wait_ping a 198.51.100.2
rules r iptables-legacy <<'RULES'
*mangle
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -m statistic --mode nth --every 1000 --packet 0 -j DROP
COMMIT
RULES
rules r nft <<'RULES'
	table ip guard {
		chain leave {
			type filter hook postrouting priority 10; policy drop
		}
	}
RULES

trace -c 2 -i 0.3 -W 0.5 -N a 198.51.100.2
expect_status 1
expect_rows 1 <<'ROWS'
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r left  chain request 192.0.2.2 198.51.100.2 mangle.PREROUTING ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 mangle.FORWARD ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING DROP
ROWS
expect_rows 2 <<'ROWS'
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r left  chain request 192.0.2.2 198.51.100.2 mangle.PREROUTING ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 mangle.FORWARD ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 ip guard.leave@postrouting DROP
ROWS
expect_nothing_left
