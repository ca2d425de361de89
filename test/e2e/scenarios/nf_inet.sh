#!/bin/bash
# Tables of nftables, of the families ip, ip6 and inet, at all hooks: rows in the order of priorities,
# with the family and with the hook that the name of the chain does not tell.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter nft
one_router
for ns in a r b; do
	rules $ns nft <<-'RULES'
		table inet every {
			chain pre {
				type filter hook prerouting priority -10; policy accept
			}
			chain in {
				type filter hook input priority -10; policy accept
				ct state new counter
			}
			chain cross {
				type filter hook forward priority -10; policy accept
			}
			chain out {
				type filter hook output priority -10; policy accept
			}
			chain post {
				type filter hook postrouting priority -10; policy accept
			}
			chain source {
				type nat hook postrouting priority 100; policy accept
			}
		}
		table ip four {
			chain out {
				type route hook output priority 0; policy accept
				counter
			}
			chain cross {
				type filter hook forward priority 0; policy accept
				ip ttl 1 drop
			}
		}
	RULES
done

expect_way() { # A B ALSO-AT-FORWARD ALSO-AT-OUTPUT
	local a=$1 b=$2 cross=$3 leave=$4
	expect_rows <<-ROWS
		a eth0  chain request $a $b inet every.out@output ACCEPT
		a eth0  chain request $a $b $leave ACCEPT
		a eth0  chain request $a $b inet every.post@postrouting ACCEPT
		a eth0  chain request $a $b inet every.source@postrouting ACCEPT
		a eth0  tx    request $a $b
		r left  rx    request $a $b
		r left  chain request $a $b inet every.pre@prerouting ACCEPT
		r left  chain request $a $b inet every.cross@forward ACCEPT
		r left  chain request $a $b $cross ACCEPT
		r right chain request $a $b inet every.post@postrouting ACCEPT
		r right chain request $a $b inet every.source@postrouting ACCEPT
		r right tx    request $a $b
		b eth0  rx    request $a $b
		b eth0  chain request $a $b inet every.pre@prerouting ACCEPT
		b eth0  chain request $a $b inet every.in@input ACCEPT
		b eth0  chain reply   $b $a inet every.out@output ACCEPT
		b eth0  chain reply   $b $a $leave ACCEPT
		b eth0  chain reply   $b $a inet every.post@postrouting ACCEPT
		b eth0  tx    reply   $b $a
		r right rx    reply   $b $a
		r right chain reply   $b $a inet every.pre@prerouting ACCEPT
		r right chain reply   $b $a inet every.cross@forward ACCEPT
		r right chain reply   $b $a $cross ACCEPT
		r left  chain reply   $b $a inet every.post@postrouting ACCEPT
		r left  tx    reply   $b $a
		a eth0  rx    reply   $b $a
		a eth0  chain reply   $b $a inet every.pre@prerouting ACCEPT
		a eth0  chain reply   $b $a inet every.in@input ACCEPT
	ROWS
}
trace -N a 198.51.100.2
expect_status 0
expect_way 192.0.2.2 198.51.100.2 'ip four.cross@forward' 'ip four.out@output'

# The name of the family and of the chain, in the table.
run_tracepkt -N a 198.51.100.2
expect_status 0
row='\[           b]             eth0 request 192\.0\.2\.2 -> 198\.51\.100\.2 +[0-9]+ inet every\.in:ACCEPT'
grep -qEx "$row" "$out" ||
	fail 'no such row'

need_ipv6
one_router6
for ns in a r b; do
	rules $ns nft <<-'RULES'
		table ip6 six {
			chain OUTPUT {
				type filter hook output priority 0; policy accept
			}
			chain FORWARD {
				type filter hook forward priority 0; policy accept
			}
		}
	RULES
done
trace -N a 2001:db8:2::2
expect_status 0
expect_way 2001:db8:1::2 2001:db8:2::2 'ip6 six.FORWARD' 'ip6 six.OUTPUT'
expect_nothing_left
