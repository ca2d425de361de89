#!/bin/bash
# The lifetime runs out in the first router, the second, and of the reply.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

two_routers
ns_sysctl r1 net.ipv4.icmp_ratemask=0 # no limits; see icmp_errors
ns_sysctl r2 net.ipv4.icmp_ratemask=0 # no limits; see icmp_errors

run_tracepkt -t 1 -W 0.3 -N a 203.0.113.2
expect_status 1
expect_last_line 'answered by an error: 192.0.2.1 says time to live exceeded (ttl 1 was spent in netns r1)'
expect_told 'error ttl: answered by an error: 198.51.100.2 says time to live exceeded (ttl 2 was spent in netns r2)' \
	-t 2 -N a 203.0.113.2
expect_drops <<'DROPS'
	r2 left drop request 192.0.2.2 203.0.113.2 IP_INHDR
DROPS
expect_hops <<'HOPS'
	a eth0   tx request 192.0.2.2 203.0.113.2
	r1 left  rx request 192.0.2.2 203.0.113.2
	r1 right tx request 192.0.2.2 203.0.113.2
	r2 left  rx request 192.0.2.2 203.0.113.2
	r2 left  tx error   198.51.100.2 192.0.2.2 icmp 11/0
	r1 right rx error   198.51.100.2 192.0.2.2 icmp 11/0
	r1 left  tx error   198.51.100.2 192.0.2.2 icmp 11/0
	a eth0   rx error   198.51.100.2 192.0.2.2 icmp 11/0
HOPS

# The error does not come through: what is told is where the request ended.
ns_ip r2 route del 192.0.2.0/24
expect_told 'request_lost ttl: lost: the request was dropped in netns r2 on left: its ttl of 2 was spent there' \
	-t 2 -N a 203.0.113.2
route r2 192.0.2.0/24 via 198.51.100.1

# The reply's lifetime is spent in r1.
ns_sysctl b net.ipv4.ip_default_ttl=2
expect_told 'reply_lost ttl: lost: the reply was dropped in netns r1 on right: its ttl of 2 was spent there' \
	-N a 203.0.113.2
expect_drops <<'DROPS'
	r1 right drop reply 203.0.113.2 192.0.2.2 IP_INHDR
DROPS

need_ipv6
two_routers6
ns_sysctl r1 net.ipv6.icmp.ratelimit=0
ns_sysctl r2 net.ipv6.icmp.ratelimit=0
expect_told 'error ttl: answered by an error: 2001:db8:1::1 says hop limit exceeded (hop limit 1 was spent in netns r1)' \
	-t 1 -N a 2001:db8:3::2
expect_told 'error ttl: answered by an error: 2001:db8:2::2 says hop limit exceeded (hop limit 2 was spent in netns r2)' \
	-t 2 -N a 2001:db8:3::2
expect_drops <<'DROPS'
	r2 left drop request 2001:db8:1::2 2001:db8:3::2 IP_INHDR
DROPS
ns_sysctl b net.ipv6.conf.all.hop_limit=2 net.ipv6.conf.eth0.hop_limit=2
expect_told 'reply_lost ttl: lost: the reply was dropped in netns r1 on right: its hop limit of 2 was spent there' \
	-N a 2001:db8:3::2
