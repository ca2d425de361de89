#!/bin/bash
# TEE sends a copy of the ping from within a chain: the copy crosses the chains of OUTPUT and
# POSTROUTING and is sent before that chain returns, and both are shown, each with its own verdicts.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-nft nft
one_router
host_for_copies
rules r iptables-legacy <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p icmp --icmp-type echo-request -j TEE --gateway 203.0.113.2
COMMIT
*filter
:OUTPUT DROP [0:0]
-A OUTPUT -o aside -j ACCEPT
COMMIT
RULES

trace -N a 198.51.100.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.2 198.51.100.2
	r left rx    request 192.0.2.2 198.51.100.2

	# the copy, until the chain it was made in returns
	r aside chain request 192.0.2.2 198.51.100.2 mangle.OUTPUT ACCEPT
	r aside chain request 192.0.2.2 198.51.100.2 filter.OUTPUT ACCEPT
	r aside chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r aside tx    request 192.0.2.2 198.51.100.2
	copies eth0 rx request 192.0.2.2 198.51.100.2

	r left  chain request 192.0.2.2 198.51.100.2 mangle.PREROUTING ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 mangle.FORWARD ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 filter.FORWARD ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  tx    reply   198.51.100.2 192.0.2.2
	r right rx    reply   198.51.100.2 192.0.2.2
	r right chain reply   198.51.100.2 192.0.2.2 mangle.PREROUTING ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 mangle.FORWARD ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 filter.FORWARD ACCEPT
	r left  chain reply   198.51.100.2 192.0.2.2 mangle.POSTROUTING ACCEPT
	r left  tx    reply   198.51.100.2 192.0.2.2
	a eth0  rx    reply   198.51.100.2 192.0.2.2
ROWS

# The same by nftables.
rules r iptables-legacy <<'RULES'
*mangle
-F PREROUTING
COMMIT
RULES
rules r nft <<'RULES'
	table ip spy {
		chain in {
			type filter hook prerouting priority -140; policy accept
			icmp type echo-request dup to 203.0.113.2 device "aside"
		}
		chain out {
			type filter hook output priority 10; policy accept
		}
	}
RULES
trace -N a 198.51.100.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.2 198.51.100.2
	r left rx    request 192.0.2.2 198.51.100.2
	r left chain request 192.0.2.2 198.51.100.2 mangle.PREROUTING ACCEPT

	r aside chain request 192.0.2.2 198.51.100.2 mangle.OUTPUT ACCEPT
	r aside chain request 192.0.2.2 198.51.100.2 filter.OUTPUT ACCEPT
	r aside chain request 192.0.2.2 198.51.100.2 ip spy.out@output ACCEPT
	r aside chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r aside tx    request 192.0.2.2 198.51.100.2
	copies eth0 rx request 192.0.2.2 198.51.100.2

	r left  chain request 192.0.2.2 198.51.100.2 ip spy.in@prerouting ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 mangle.FORWARD ACCEPT
	r left  chain request 192.0.2.2 198.51.100.2 filter.FORWARD ACCEPT
	r right chain request 192.0.2.2 198.51.100.2 mangle.POSTROUTING ACCEPT
	r right tx    request 192.0.2.2 198.51.100.2
	b eth0  rx    request 192.0.2.2 198.51.100.2
	b eth0  tx    reply   198.51.100.2 192.0.2.2
	r right rx    reply   198.51.100.2 192.0.2.2
	r right chain reply   198.51.100.2 192.0.2.2 mangle.PREROUTING ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 ip spy.in@prerouting ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 mangle.FORWARD ACCEPT
	r right chain reply   198.51.100.2 192.0.2.2 filter.FORWARD ACCEPT
	r left  chain reply   198.51.100.2 192.0.2.2 mangle.POSTROUTING ACCEPT
	r left  tx    reply   198.51.100.2 192.0.2.2
	a eth0  rx    reply   198.51.100.2 192.0.2.2
ROWS

# And by iptables-nft, of IPv6.
need_ipv6
one_router6
addr r aside 2001:db8:3::1/64
addr copies eth0 2001:db8:3::2/64
wait_ping r 2001:db8:3::2
rules r ip6tables-nft <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p icmpv6 --icmpv6-type echo-request -j TEE --gateway 2001:db8:3::2
COMMIT
*filter
:OUTPUT ACCEPT [0:0]
COMMIT
RULES
trace -N a 2001:db8:2::2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 2001:db8:1::2 2001:db8:2::2
	r left rx    request 2001:db8:1::2 2001:db8:2::2

	r aside chain request 2001:db8:1::2 2001:db8:2::2 ip6 filter.OUTPUT ACCEPT
	r aside tx    request 2001:db8:1::2 2001:db8:2::2
	copies eth0 rx request 2001:db8:1::2 2001:db8:2::2

	r left  chain request 2001:db8:1::2 2001:db8:2::2 ip6 mangle.PREROUTING ACCEPT
	r right tx    request 2001:db8:1::2 2001:db8:2::2
	b eth0  rx    request 2001:db8:1::2 2001:db8:2::2
	b eth0  tx    reply   2001:db8:2::2 2001:db8:1::2
	r right rx    reply   2001:db8:2::2 2001:db8:1::2
	r right chain reply   2001:db8:2::2 2001:db8:1::2 ip6 mangle.PREROUTING ACCEPT
	r left  tx    reply   2001:db8:2::2 2001:db8:1::2
	a eth0  rx    reply   2001:db8:2::2 2001:db8:1::2
ROWS
expect_nothing_left
