#!/bin/bash
# FORWARD of a router drops a ping: the first in a chain of iptables-nft, the second in one of
# iptables-legacy, the third in one of nftables; the fourth is answered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

need_netfilter iptables-legacy iptables-nft nft
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
rules r iptables-nft <<'RULES'
*mangle
:FORWARD ACCEPT [0:0]
-A FORWARD -m statistic --mode nth --every 1000 --packet 0 -j DROP
COMMIT
RULES
rules r iptables-legacy <<'RULES'
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -m statistic --mode nth --every 1000 --packet 0 -j DROP
COMMIT
RULES
rules r nft <<'RULES'
	table ip guard {
		chain cross {
			type filter hook forward priority 10; policy accept
			numgen inc mod 1000 0 drop
		}
	}
RULES

trace -c 4 -i 0.3 -W 0.5 -N a 198.51.100.2
expect_status 0
expect_rows 1 <<'ROWS'
	a eth0 tx    request 192.0.2.2 198.51.100.2
	r left rx    request 192.0.2.2 198.51.100.2
	r left chain request 192.0.2.2 198.51.100.2 ip mangle.FORWARD DROP
ROWS
expect_rows 2 <<'ROWS'
	a eth0 tx    request 192.0.2.2 198.51.100.2
	r left rx    request 192.0.2.2 198.51.100.2
	r left chain request 192.0.2.2 198.51.100.2 ip mangle.FORWARD ACCEPT
	r left chain request 192.0.2.2 198.51.100.2 filter.FORWARD    DROP
ROWS
expect_rows 3 <<'ROWS'
	a eth0 tx    request 192.0.2.2 198.51.100.2
	r left rx    request 192.0.2.2 198.51.100.2
	r left chain request 192.0.2.2 198.51.100.2 ip mangle.FORWARD ACCEPT
	r left chain request 192.0.2.2 198.51.100.2 filter.FORWARD    ACCEPT
	r left chain request 192.0.2.2 198.51.100.2 ip guard.cross@forward DROP
ROWS
expect_rows 4 <<'ROWS'
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r left  chain request 192.0.2.2 198.51.100.2 ip mangle.FORWARD ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 filter.FORWARD    ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 ip guard.cross@forward ACCEPT
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  tx    reply   198.51.100.2 192.0.2.2
	r right rx    reply   198.51.100.2 192.0.2.2
	r right chain reply   198.51.100.2 192.0.2.2 ip mangle.FORWARD ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 filter.FORWARD    ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 ip guard.cross@forward ACCEPT
	r left  tx    reply   198.51.100.2 192.0.2.2
	a eth0  rx    reply   198.51.100.2 192.0.2.2
ROWS
expect_jq '.[-1] | .sent == 4 and .received == 1 and .lost_events == 0'
expect_nothing_left
