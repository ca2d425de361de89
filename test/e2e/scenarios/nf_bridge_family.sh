#!/bin/bash
# nftables of the family bridge: chains have the ports as their devices.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter nft
one_bridge
addr h br0 192.0.2.3/24
wait_ping h 192.0.2.2
rules h nft <<'RULES'
	table bridge sw {
		chain pre {
			type filter hook prerouting priority -200; policy accept
		}
		chain in {
			type filter hook input priority -200; policy accept
		}
		chain cross {
			type filter hook forward priority -200; policy accept
		}
		chain out {
			type filter hook output priority -200; policy accept
		}
		chain post {
			type filter hook postrouting priority -200; policy accept
		}
	}
RULES

trace -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	h va   rx    request 192.0.2.1 192.0.2.2
	h va   chain request 192.0.2.1 192.0.2.2 bridge sw.pre@prerouting ACCEPT
	h va   chain request 192.0.2.1 192.0.2.2 bridge sw.cross@forward ACCEPT
	h vb   chain request 192.0.2.1 192.0.2.2 bridge sw.post@postrouting ACCEPT
	h vb   tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	h vb   rx    reply   192.0.2.2 192.0.2.1
	h vb   chain reply   192.0.2.2 192.0.2.1 bridge sw.pre@prerouting ACCEPT
	h vb   chain reply   192.0.2.2 192.0.2.1 bridge sw.cross@forward ACCEPT
	h va   chain reply   192.0.2.2 192.0.2.1 bridge sw.post@postrouting ACCEPT
	h va   tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS

# From the bridge itself.
trace -N h 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	h br0  tx    request 192.0.2.3 192.0.2.2
	h vb   chain request 192.0.2.3 192.0.2.2 bridge sw.out@output ACCEPT
	h vb   chain request 192.0.2.3 192.0.2.2 bridge sw.post@postrouting ACCEPT
	h vb   tx    request 192.0.2.3 192.0.2.2
	b eth0 rx    request 192.0.2.3 192.0.2.2
	b eth0 tx    reply   192.0.2.2 192.0.2.3
	h vb   rx    reply   192.0.2.2 192.0.2.3
	h vb   chain reply   192.0.2.2 192.0.2.3 bridge sw.pre@prerouting ACCEPT
	h vb   chain reply   192.0.2.2 192.0.2.3 bridge sw.in@input ACCEPT
	h br0  rx    reply   192.0.2.2 192.0.2.3
ROWS

need_ipv6
one_link6
rules h nft <<'RULES'
	flush table bridge sw
	add rule bridge sw cross ether type ip6 icmpv6 type echo-request drop
RULES
trace -W 0.5 -N a 2001:db8::2
expect_status 1
expect_rows <<'ROWS'
	a eth0 tx    request 2001:db8::1 2001:db8::2
	h va   rx    request 2001:db8::1 2001:db8::2
	h va   chain request 2001:db8::1 2001:db8::2 bridge sw.pre@prerouting ACCEPT
	h va   chain request 2001:db8::1 2001:db8::2 bridge sw.cross@forward DROP
ROWS
expect_nothing_left
