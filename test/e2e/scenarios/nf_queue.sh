#!/bin/bash
# QUEUE with nobody listening: the packet is dropped, but if the queue may be bypassed. The first ping
# meets iptables-nft, the second iptables-legacy, the third nftables; the fourth is answered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_link

queue() { # PREFIX-OF-PROGRAM OPTIONS-FOR-REQUEST FAMILY REQUEST-FOR-NFT
	rules b "$1-nft" <<-RULES
		*mangle
		:INPUT ACCEPT [0:0]
		-A INPUT $2 $(only_first) -j NFQUEUE --queue-num 3
		COMMIT
	RULES
	rules b "$1-legacy" <<-RULES
		*filter
		:INPUT ACCEPT [0:0]
		-A INPUT $2 $(only_first) -j NFQUEUE --queue-num 65535
		-A INPUT $2 -j NFQUEUE --queue-num 5 --queue-bypass
		COMMIT
	RULES
	rules b nft <<-RULES
		table $3 guard {
			chain enter {
				type filter hook input priority 10; policy accept
				$4 numgen inc mod 1000 0 queue num 258
				$4 queue num 7 bypass
			}
		}
	RULES
}

expect_pings() { # SRC DST FAMILY
	expect_rows 1 <<-ROWS
		a eth0 tx    request $1 $2
		b eth0 rx    request $1 $2
		b eth0 chain request $1 $2 $3 mangle.INPUT QUEUE 3
	ROWS
	expect_rows 2 <<-ROWS
		a eth0 tx    request $1 $2
		b eth0 rx    request $1 $2
		b eth0 chain request $1 $2 $3 mangle.INPUT ACCEPT
		b eth0 chain request $1 $2 filter.INPUT QUEUE 65535
	ROWS
	expect_rows 3 <<-ROWS
		a eth0 tx    request $1 $2
		b eth0 rx    request $1 $2
		b eth0 chain request $1 $2 $3 mangle.INPUT ACCEPT
		b eth0 chain request $1 $2 filter.INPUT QUEUE 5
		b eth0 chain request $1 $2 $3 guard.enter@input QUEUE 258
	ROWS
	expect_rows 4 <<-ROWS
		a eth0 tx    request $1 $2
		b eth0 rx    request $1 $2
		b eth0 chain request $1 $2 $3 mangle.INPUT ACCEPT
		b eth0 chain request $1 $2 filter.INPUT QUEUE 5
		b eth0 chain request $1 $2 $3 guard.enter@input QUEUE 7
		b eth0 chain reply   $2 $1 filter.OUTPUT ACCEPT
		b eth0 tx    reply   $2 $1
		a eth0 rx    reply   $2 $1
	ROWS
	expect_counts 'sent == 4 && received == 1 && lost_events == 0'
}

queue iptables '-p icmp --icmp-type echo-request' ip 'icmp type echo-request'
trace -c 4 -i 0.3 -W 0.5 -N a 192.0.2.2
expect_status 0
expect_pings 192.0.2.1 192.0.2.2 ip

need_ipv6
one_link6
queue ip6tables '-p icmpv6 --icmpv6-type echo-request' ip6 'icmpv6 type echo-request'
trace -c 4 -i 0.3 -W 0.5 -N a 2001:db8::2
expect_status 0
expect_pings 2001:db8::1 2001:db8::2 ip6
expect_nothing_left
