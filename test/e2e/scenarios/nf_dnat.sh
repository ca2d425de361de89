#!/bin/bash
# Three routers put another address in place of the target: DNAT of iptables-legacy, of iptables-nft
# and of nftables, and at last the sender itself, in OUTPUT. Each chain has the addresses as they are
# when it is entered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

need_netfilter iptables-legacy iptables-nft nft
ns_add a r1 r2 r3 b
veth a eth0 r1 left
veth r1 right r2 left
veth r2 right r3 left
veth r3 right b eth0
router r1 r2 r3
addr a eth0 192.0.2.2/24
addr r1 left 192.0.2.1/24
addr r1 right 198.51.100.1/28
addr r2 left 198.51.100.2/28
addr r2 right 198.51.100.17/28
addr r3 left 198.51.100.18/28
addr r3 right 203.0.113.1/24
addr b eth0 203.0.113.2/24
route a default via 192.0.2.1
route b default via 203.0.113.1
route r1 default via 198.51.100.2
route r2 203.0.113.0/24 via 198.51.100.18
route r2 192.0.2.0/24 via 198.51.100.1
route r3 default via 198.51.100.17
wait_ping a 203.0.113.2
rules r1 iptables-legacy <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 203.0.113.11 -j DNAT --to-destination 203.0.113.12
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
RULES
rules r2 iptables-nft <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 203.0.113.12 -j DNAT --to-destination 203.0.113.13
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
RULES
rules r3 nft <<'RULES'
	table ip forwarding {
		chain enter {
			type nat hook prerouting priority -100; policy accept
			ip daddr 203.0.113.13 dnat to 203.0.113.2
		}
		chain cross {
			type filter hook forward priority 0; policy accept
		}
	}
RULES
rules a iptables-legacy <<'RULES'
*nat
:OUTPUT ACCEPT [0:0]
-A OUTPUT -d 203.0.113.10 -j DNAT --to-destination 203.0.113.11
COMMIT
*filter
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
RULES

trace -N a 203.0.113.10
expect_status 0
expect_rows <<'ROWS'
	a  eth0  chain request 192.0.2.2 203.0.113.10 nat.OUTPUT ACCEPT
	a  eth0  chain request 192.0.2.2 203.0.113.11 filter.OUTPUT ACCEPT
	a  eth0  chain request 192.0.2.2 203.0.113.11 nat.POSTROUTING ACCEPT
	a  eth0  tx    request 192.0.2.2 203.0.113.11
	r1 left  rx    request 192.0.2.2 203.0.113.11
	r1 left  chain request 192.0.2.2 203.0.113.11 nat.PREROUTING ACCEPT
	r1 left  chain request 192.0.2.2 203.0.113.12 filter.FORWARD ACCEPT
	r1 right chain request 192.0.2.2 203.0.113.12 nat.POSTROUTING ACCEPT
	r1 right tx    request 192.0.2.2 203.0.113.12
	r2 left  rx    request 192.0.2.2 203.0.113.12
	r2 left  chain request 192.0.2.2 203.0.113.12 ip nat.PREROUTING ACCEPT
	r2 left  chain request 192.0.2.2 203.0.113.13 ip filter.FORWARD ACCEPT
	r2 right tx    request 192.0.2.2 203.0.113.13
	r3 left  rx    request 192.0.2.2 203.0.113.13
	r3 left  chain request 192.0.2.2 203.0.113.13 ip forwarding.enter@prerouting ACCEPT
	r3 left  chain request 192.0.2.2 203.0.113.2  ip forwarding.cross@forward ACCEPT
	r3 right tx    request 192.0.2.2 203.0.113.2
	b  eth0  rx    request 192.0.2.2 203.0.113.2
	b  eth0  tx    reply   203.0.113.2  192.0.2.2
	r3 right rx    reply   203.0.113.2  192.0.2.2
	r3 right chain reply   203.0.113.2  192.0.2.2 ip forwarding.cross@forward ACCEPT
	r3 left  tx    reply   203.0.113.13 192.0.2.2
	r2 right rx    reply   203.0.113.13 192.0.2.2
	r2 right chain reply   203.0.113.13 192.0.2.2 ip filter.FORWARD ACCEPT
	r2 left  tx    reply   203.0.113.12 192.0.2.2
	r1 right rx    reply   203.0.113.12 192.0.2.2
	r1 right chain reply   203.0.113.12 192.0.2.2 filter.FORWARD ACCEPT
	r1 left  tx    reply   203.0.113.11 192.0.2.2
	a  eth0  rx    reply   203.0.113.11 192.0.2.2
	a  eth0  chain reply   203.0.113.11 192.0.2.2 filter.INPUT ACCEPT
ROWS
expect_nothing_left
