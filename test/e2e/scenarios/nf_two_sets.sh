#!/bin/bash
# Two namespaces with tables and chains of the same names and different rules, of both backends; and
# one without any: each chain in its own namespace, with its own verdict.
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
*filter
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p udp -j DROP
COMMIT
RULES
rules b iptables-legacy <<'RULES'
*filter
:INPUT DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -p icmp -s 192.0.2.2 -j ACCEPT
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
RULES
for ns in a b; do
	rules $ns nft <<-RULES
		table inet guard {
			chain $ns-in {
				type filter hook input priority 10; policy accept
			}
		}
	RULES
done

trace -W 0.5 -N a 198.51.100.2
expect_status 1
expect_rows <<'ROWS'
	a eth0  chain request 192.0.2.2 198.51.100.2 filter.OUTPUT ACCEPT
	a eth0  tx    request 192.0.2.2 198.51.100.2
	r left  rx    request 192.0.2.2 198.51.100.2
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  chain request 192.0.2.2 198.51.100.2 raw.PREROUTING ACCEPT
	b eth0  chain request 192.0.2.2 198.51.100.2 filter.INPUT ACCEPT
	b eth0  chain request 192.0.2.2 198.51.100.2 inet guard.b-in@input ACCEPT
	b eth0  chain reply   198.51.100.2 192.0.2.2 raw.OUTPUT ACCEPT
	b eth0  chain reply   198.51.100.2 192.0.2.2 filter.OUTPUT DROP
ROWS
expect_nothing_left
