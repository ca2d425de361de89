#!/bin/bash
# REJECT sends an ICMP error from within the chain, which crosses the chains of OUTPUT before that
# chain returns: the ping is shown as dropped, and those after it are not disturbed. The first meets
# iptables-legacy in FORWARD, the second iptables-nft and the third nftables in INPUT.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_router

without_errors=1 # of the ICMP errors there are icmp_errors and nf_lost
reject_first() { # PREFIX-OF-PROGRAM MATCH-OF-REQUEST
	rules r "$1-legacy" <<-RULES
		*filter
		:FORWARD ACCEPT [0:0]
		-A FORWARD $2 $(only_first) -j REJECT
		COMMIT
	RULES
	rules b "$1-nft" <<-RULES
		*filter
		:INPUT ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT $2 $(only_first) -j REJECT
		COMMIT
	RULES
}
reject_first iptables '-p icmp --icmp-type echo-request'
rules b nft <<'RULES'
	table inet guard {
		chain enter {
			type filter hook input priority 10; policy accept
			icmp type echo-request numgen inc mod 1000 0 reject
		}
	}
RULES

expect_pings() { # SRC DST FAMILY
	expect_rows 1 <<-ROWS
		a eth0 tx    request $1 $2
		r left rx    request $1 $2
		r left chain request $1 $2 filter.FORWARD DROP
	ROWS
	expect_rows 2 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 filter.FORWARD ACCEPT
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  chain request $1 $2 $3 filter.INPUT DROP
	ROWS
	expect_rows 3 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 filter.FORWARD ACCEPT
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  chain request $1 $2 $3 filter.INPUT ACCEPT
		b eth0  chain request $1 $2 inet guard.enter@input DROP
	ROWS
	expect_rows 4 <<-ROWS
		a eth0  tx    request $1 $2
		r left  rx    request $1 $2
		r left  chain request $1 $2 filter.FORWARD ACCEPT
		r right tx    request $1 $2
		b eth0  rx    request $1 $2
		b eth0  chain request $1 $2 $3 filter.INPUT ACCEPT
		b eth0  chain request $1 $2 inet guard.enter@input ACCEPT
		b eth0  chain reply   $2 $1 $3 filter.OUTPUT ACCEPT
		b eth0  tx    reply   $2 $1
		r right rx    reply   $2 $1
		r right chain reply   $2 $1 filter.FORWARD ACCEPT
		r left  tx    reply   $2 $1
		a eth0  rx    reply   $2 $1
	ROWS
	expect_counts 'sent == 4 && received == 1 && lost_events == 0'
}
trace -c 4 -i 0.3 -W 0.5 -N a 198.51.100.2
expect_status 0
expect_pings 192.0.2.2 198.51.100.2 ip

# In OUTPUT of the sender, where sending fails.
rules a iptables-legacy <<RULES
*filter
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p icmp --icmp-type echo-request $(only_first) -j REJECT
COMMIT
RULES
trace -c 2 -i 0.3 -W 0.5 -N a 192.0.2.1
expect_status 0
expect_rows 1 <<'ROWS'
	a eth0 chain request 192.0.2.2 192.0.2.1 filter.OUTPUT DROP
ROWS
expect_rows 2 <<'ROWS'
	a eth0 chain request 192.0.2.2 192.0.2.1 filter.OUTPUT ACCEPT
	a eth0 tx    request 192.0.2.2 192.0.2.1
	r left rx    request 192.0.2.2 192.0.2.1
	r left chain request 192.0.2.2 192.0.2.1 filter.INPUT ACCEPT
	r left chain reply   192.0.2.1 192.0.2.2 filter.OUTPUT ACCEPT
	r left tx    reply   192.0.2.1 192.0.2.2
	a eth0 rx    reply   192.0.2.1 192.0.2.2
	a eth0 chain reply   192.0.2.1 192.0.2.2 filter.INPUT ACCEPT
ROWS
expect_stderr_line 'cannot send to 192\.0\.2\.1: .*firewall.*'

need_ipv6
one_router6
reject_first ip6tables '-p icmpv6 --icmpv6-type echo-request'
rules b nft <<'RULES'
	add rule inet guard enter icmpv6 type echo-request numgen inc mod 1000 0 reject
RULES
trace -c 4 -i 0.3 -W 0.5 -N a 2001:db8:2::2
expect_status 0
expect_pings 2001:db8:1::2 2001:db8:2::2 ip6
expect_nothing_left
