#!/bin/bash
# br_netfilter: bridged packets cross iptables, as if the bridge routed them, if the sysctl says so.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft
need_br_netfilter
one_bridge
rules h iptables-legacy <<'RULES'
*filter
:FORWARD ACCEPT [0:0]
COMMIT
RULES
rules h iptables-nft <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
RULES

ns_sysctl h net.bridge.bridge-nf-call-iptables=0
trace -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx request 192.0.2.1 192.0.2.2
	h va   rx request 192.0.2.1 192.0.2.2
	h vb   tx request 192.0.2.1 192.0.2.2
	b eth0 rx request 192.0.2.1 192.0.2.2
	b eth0 tx reply   192.0.2.2 192.0.2.1
	h vb   rx reply   192.0.2.2 192.0.2.1
	h va   tx reply   192.0.2.2 192.0.2.1
	a eth0 rx reply   192.0.2.2 192.0.2.1
ROWS

# netfilter takes the bridge for both devices; the packet is not handed to it for all that.
ns_sysctl h net.bridge.bridge-nf-call-iptables=1
trace -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	h va   rx    request 192.0.2.1 192.0.2.2
	h br0  chain request 192.0.2.1 192.0.2.2 ip mangle.PREROUTING ACCEPT
	h br0  chain request 192.0.2.1 192.0.2.2 filter.FORWARD ACCEPT
	h br0  chain request 192.0.2.1 192.0.2.2 ip mangle.POSTROUTING ACCEPT
	h vb   tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	h vb   rx    reply   192.0.2.2 192.0.2.1
	h br0  chain reply   192.0.2.2 192.0.2.1 ip mangle.PREROUTING ACCEPT
	h br0  chain reply   192.0.2.2 192.0.2.1 filter.FORWARD ACCEPT
	h br0  chain reply   192.0.2.2 192.0.2.1 ip mangle.POSTROUTING ACCEPT
	h va   tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS

need_ipv6
one_link6
rules h ip6tables-legacy <<'RULES'
*filter
:FORWARD DROP [0:0]
COMMIT
RULES
ns_sysctl h net.bridge.bridge-nf-call-ip6tables=1
trace -W 0.5 -N a 2001:db8::2
expect_status 1
expect_rows <<'ROWS'
	a eth0 tx    request 2001:db8::1 2001:db8::2
	h va   rx    request 2001:db8::1 2001:db8::2
	h br0  chain request 2001:db8::1 2001:db8::2 filter.FORWARD DROP
ROWS
expect_nothing_left
