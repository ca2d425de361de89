#!/bin/bash
# NOTRACK: what is no connection does not come to the chains of nat; by iptables-legacy at the one
# end, by iptables-nft at the other, by nftables at the router between them.
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
rules a iptables-legacy <<'RULES'
*raw
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p icmp -j CT --notrack
COMMIT
*nat
:OUTPUT ACCEPT [0:0]
-A OUTPUT -d 192.0.2.99 -j DNAT --to-destination 192.0.2.98
COMMIT
RULES
rules r nft <<'RULES'
	table inet wild {
		chain early {
			type filter hook prerouting priority -300; policy accept
			icmp type echo-request notrack
		}
		chain source {
			type nat hook postrouting priority 100; policy accept
			ip daddr 192.0.2.99 masquerade
		}
	}
RULES
rules b iptables-nft <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p icmp -j CT --notrack
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.99 -j DNAT --to-destination 192.0.2.98
COMMIT
RULES

trace -N a 198.51.100.2
expect_status 0
expect_rows <<'ROWS'
	a eth0  chain request 192.0.2.2 198.51.100.2 raw.OUTPUT ACCEPT
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r left  chain request 192.0.2.2 198.51.100.2 inet wild.early@prerouting ACCEPT
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  chain request 192.0.2.2 198.51.100.2 ip raw.PREROUTING ACCEPT
	b eth0  tx    reply   198.51.100.2 192.0.2.2
	r right rx    reply   198.51.100.2 192.0.2.2
	r right chain reply   198.51.100.2 192.0.2.2 inet wild.early@prerouting ACCEPT
	r left  tx    reply   198.51.100.2 192.0.2.2
	a eth0  rx    reply   198.51.100.2 192.0.2.2
	a eth0  chain reply   198.51.100.2 192.0.2.2 raw.PREROUTING ACCEPT
ROWS
expect_nothing_left
