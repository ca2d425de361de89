#!/bin/bash
# INPUT of the far namespace drops a ping: the first in a chain of iptables-nft, the second in one of
# iptables-legacy, the third in one of nftables; the fourth is answered.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft nft
one_link

# Each drops the first ping that it sees.
drop_first() { # PREFIX-OF-PROGRAM PROTOCOL TYPE-OPTION
	rules b "$1-nft" <<-RULES
		*mangle
		:INPUT ACCEPT [0:0]
		-A INPUT -p $2 $3 echo-request $(only_first) -j DROP
		COMMIT
	RULES
	rules b "$1-legacy" <<-RULES
		*filter
		:INPUT ACCEPT [0:0]
		-A INPUT -p $2 $3 echo-request $(only_first) -j DROP
		COMMIT
	RULES
}
drop_first iptables icmp --icmp-type
rules b nft <<'RULES'
	table inet guard {
		chain enter {
			type filter hook input priority 10; policy accept
			icmp type echo-request numgen inc mod 1000 0 drop
		}
		chain enter6 {
			type filter hook input priority 20; policy accept
			icmpv6 type echo-request numgen inc mod 1000 0 drop
		}
	}
RULES

# Of ping N the three rules see those that are still there.
expect_ping() { # N SRC DST FAMILY
	{
		cat <<-HOPS
			a eth0 tx    request $2 $3
			b eth0 rx    request $2 $3
		HOPS
		case $1 in
		1) echo "b eth0 chain request $2 $3 $4 mangle.INPUT DROP" ;;
		2)
			cat <<-HOPS
				b eth0 chain request $2 $3 $4 mangle.INPUT ACCEPT
				b eth0 chain request $2 $3 filter.INPUT DROP
			HOPS
			;;
		3)
			cat <<-HOPS
				b eth0 chain request $2 $3 $4 mangle.INPUT ACCEPT
				b eth0 chain request $2 $3 filter.INPUT ACCEPT
			HOPS
			[[ $4 == ip ]] || echo "b eth0 chain request $2 $3 inet guard.enter@input ACCEPT"
			echo "b eth0 chain request $2 $3 inet guard.enter${4#ip}@input DROP"
			;;
		4)
			cat <<-HOPS
				b eth0 chain request $2 $3 $4 mangle.INPUT ACCEPT
				b eth0 chain request $2 $3 filter.INPUT ACCEPT
				b eth0 chain request $2 $3 inet guard.enter@input ACCEPT
				b eth0 chain request $2 $3 inet guard.enter6@input ACCEPT
				b eth0 chain reply   $3 $2 filter.OUTPUT ACCEPT
				b eth0 tx    reply   $3 $2
				a eth0 rx    reply   $3 $2
			HOPS
			;;
		esac
	} >"$scratch/rows"
	expect_rows "$1" <"$scratch/rows"
}

trace -c 4 -i 0.3 -W 0.5 -N a 192.0.2.2
expect_status 0
for n in 1 2 3 4; do
	expect_ping $n 192.0.2.1 192.0.2.2 ip
done
expect_counts 'sent == 4 && received == 1'
[[ ${summary[outcome]} == 'some lost' ]] || fail "another outcome: ${summary[outcome]}"

need_ipv6
one_link6
drop_first ip6tables icmpv6 --icmpv6-type
rules b nft <<'RULES'
	flush chain inet guard enter6
	add rule inet guard enter6 icmpv6 type echo-request numgen inc mod 1000 0 drop
RULES
trace -c 4 -i 0.3 -W 0.5 -N a 2001:db8::2
expect_status 0
for n in 1 2 3 4; do
	expect_ping $n 2001:db8::1 2001:db8::2 ip6
done
expect_nothing_left
