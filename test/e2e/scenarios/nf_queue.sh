#!/bin/bash
# QUEUE with nobody listening: the packet is dropped, but if the queue may be bypassed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

need_netfilter iptables-legacy iptables-nft nft
ns_add a b
veth a eth0 b eth0
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2
request='-p icmp --icmp-type echo-request'
first='-m statistic --mode nth --every 1000 --packet 0'
rules b iptables-nft <<RULES
*mangle
:INPUT ACCEPT [0:0]
-A INPUT $request $first -j NFQUEUE --queue-num 3
COMMIT
RULES
rules b iptables-legacy <<RULES
*filter
:INPUT ACCEPT [0:0]
-A INPUT $request $first -j NFQUEUE --queue-num 65535
-A INPUT $request -j NFQUEUE --queue-num 5 --queue-bypass
COMMIT
RULES
rules b nft <<'RULES'
	table inet guard {
		chain enter {
			type filter hook input priority 10; policy accept
			icmp type echo-request numgen inc mod 1000 0 queue num 258
			icmp type echo-request queue num 7 bypass
		}
	}
RULES

trace -c 4 -i 0.3 -W 0.5 -N a 192.0.2.2
expect_status 0
expect_rows 1 <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 ip mangle.INPUT QUEUE 3
ROWS
expect_rows 2 <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 ip mangle.INPUT ACCEPT
	b eth0 chain request 192.0.2.1 192.0.2.2 filter.INPUT QUEUE 65535
ROWS
expect_rows 3 <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 ip mangle.INPUT ACCEPT
	b eth0 chain request 192.0.2.1 192.0.2.2 filter.INPUT QUEUE 5
	b eth0 chain request 192.0.2.1 192.0.2.2 inet guard.enter@input QUEUE 258
ROWS
expect_rows 4 <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 ip mangle.INPUT ACCEPT
	b eth0 chain request 192.0.2.1 192.0.2.2 filter.INPUT QUEUE 5
	b eth0 chain request 192.0.2.1 192.0.2.2 inet guard.enter@input QUEUE 7
	b eth0 chain reply   192.0.2.2 192.0.2.1 filter.OUTPUT ACCEPT
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS
expect_jq '.[-1] | .sent == 4 and .received == 1 and .lost_events == 0'
expect_nothing_left
