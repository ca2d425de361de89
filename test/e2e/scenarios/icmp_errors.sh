#!/bin/bash
# ICMP errors on their way back through two routers, as many kinds as can be provoked; of IPv4 also where
# the first router hides the sender behind its own address.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

# The error that r2 makes of a ping from A to TO: FROM is what r2 calls itself, SRC what r1 makes of A.
expect_error() { # A TO FROM ICMP-TYPE/CODE [SRC]
	local hidden=${5:-$1}
	expect_hops <<-HOPS
		a  eth0  tx request $1      $2
		r1 left  rx request $1      $2
		r1 right tx request $hidden $2
		r2 left  rx request $hidden $2
		r2 left  tx error   $3      $hidden icmp $4
		r1 right rx error   $3      $hidden icmp $4
		r1 left  tx error   $3      $1      icmp $4
		a  eth0  rx error   $3      $1      icmp $4
	HOPS
	[[ ${#outcomes[@]} -eq 1 && ${outcomes[0]} == 'error '* ]] || fail "other outcomes: ${outcomes[*]}"
}

two_routers
# no limits; icmp_ratelimit=0 would have the kernel think of each host as one that had too many
ns_sysctl r1 net.ipv4.icmp_ratemask=0
ns_sysctl r2 net.ipv4.icmp_ratemask=0
route r2 unreachable 203.0.113.9
route r2 prohibit 203.0.113.10
errors4() { # [SRC]
	trace -W 1 -t 2 -N a 203.0.113.2
	expect_error 192.0.2.2 203.0.113.2 198.51.100.2 11/0 "$@"
	trace -W 1 -N a 203.0.113.9
	expect_error 192.0.2.2 203.0.113.9 198.51.100.2 3/1 "$@"
	trace -W 1 -N a 203.0.113.10
	expect_error 192.0.2.2 203.0.113.10 198.51.100.2 3/13 "$@"
}
errors4
expect_status 1

# too large a one
ns_ip r2 link set right mtu 1280
trace -W 1 -s 1400 -N a 203.0.113.2
expect_error 192.0.2.2 203.0.113.2 198.51.100.2 3/4
ns_ip a route flush cache

# with more payload than the error holds
trace -W 1 -s 1400 -t 2 -N a 203.0.113.2
expect_error 192.0.2.2 203.0.113.2 198.51.100.2 11/0

# A redirect of the first router, which sends the ping back to where it came from.
expect_redirect() { # A TO FROM ICMP-TYPE/CODE
	expect_status 1
	expect_hops <<-HOPS
		a  eth0 tx request $1 $2
		r1 left rx request $1 $2
		r1 left tx error   $3 $1 icmp $4
		a  eth0 rx error   $3 $1 icmp $4
		r1 left tx request $1 $2
		a  eth0 rx request $1 $2
	HOPS
}
ns_sysctl r1 net.ipv4.conf.left.send_redirects=1 net.ipv4.conf.all.send_redirects=1
route r1 203.0.113.20 via 192.0.2.2
trace -W 0.5 -N a 203.0.113.20
expect_redirect 192.0.2.2 203.0.113.20 192.0.2.1 5/1
rules r1 nft <<'RULES'
	table ip hide {
		chain leave {
			type nat hook postrouting priority 100; policy accept
			oifname "right" masquerade
		}
	}
RULES
errors4 198.51.100.1

need_ipv6
two_routers6
ns_sysctl r2 net.ipv6.icmp.ratelimit=0
route r2 unreachable 2001:db8:3::9
route r2 prohibit 2001:db8:3::10
trace -W 1 -t 2 -N a 2001:db8:3::2
expect_error 2001:db8:1::2 2001:db8:3::2 2001:db8:2::2 3/0
trace -W 1 -N a 2001:db8:3::9
expect_error 2001:db8:1::2 2001:db8:3::9 2001:db8:2::2 1/0
trace -W 1 -N a 2001:db8:3::10
expect_error 2001:db8:1::2 2001:db8:3::10 2001:db8:2::2 1/1
trace -W 1 -s 1400 -N a 2001:db8:3::2
expect_error 2001:db8:1::2 2001:db8:3::2 2001:db8:2::2 2/0
expect_status 1
link_local() { # NS DEVICE
	in_ns "$1" ip -6 -o addr show dev "$2" scope link | grep -o 'fe80[^/]*'
}
route r1 2001:db8:3::20 via "$(link_local a eth0)" dev left
trace -W 0.5 -N a 2001:db8:3::20
expect_redirect 2001:db8:1::2 2001:db8:3::20 "$(link_local r1 left)" 137/0
