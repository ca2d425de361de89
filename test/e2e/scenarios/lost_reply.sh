#!/bin/bash
# The request arrives; its reply does not.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

two_routers
ns_sysctl r1 net.ipv4.icmp_ratemask=0 # no limits; see icmp_errors

# Nobody wants to answer.
ns_sysctl b net.ipv4.icmp_echo_ignore_all=1
expect_told 'request_lost echo_ignored: lost: the request arrived in netns b on eth0, where pings are ignored (net.ipv4.icmp_echo_ignore_all = 1)' \
	-N a 203.0.113.2
ns_sysctl b net.ipv4.icmp_echo_ignore_all=0

# The target has no route back.
ns_ip b route del default
expect_told 'reply_lost no_route_back: lost: the request arrived in netns b on eth0, but there is no route back to 192.0.2.2 there' \
	-N a 203.0.113.2
for type in blackhole unreachable prohibit; do
	ns_ip b route add "$type" 192.0.2.0/24
	expect_told "reply_lost no_route_back: lost: the request arrived in netns b on eth0, but the route back to 192.0.2.2 there is of type $type" \
		-N a 203.0.113.2
	ns_ip b route del "$type" 192.0.2.0/24
done
route b default via 203.0.113.1
ns_ip b rule add to 192.0.2.2 prohibit prio 100
expect_told 'reply_lost no_route_back: lost: the request arrived in netns b on eth0, but a rule of policy routing there (ip rule) says prohibit for 192.0.2.2' \
	-N a 203.0.113.2
ns_ip b rule del prio 100

# A router has none.
ns_ip r2 route del 192.0.2.0/24
expect_told 'reply_lost no_route: lost: the reply was dropped in netns r2 on right: there is no route to 192.0.2.2 there' \
	-N a 203.0.113.2
expect_drops <<'DROPS'
	r2 right drop reply 203.0.113.2 192.0.2.2 IP_INNOROUTES
DROPS
# An error about the request is lost as the reply would be.
ns_ip b route del default
ns_ip r2 route add unreachable 203.0.113.77/32
expect_told 'request_lost route_unreachable: lost: the request was dropped in netns r2 on left: the route to 203.0.113.77 there is of type unreachable' \
	-N a 203.0.113.77
route b default via 203.0.113.1
route r2 192.0.2.0/24 via 198.51.100.1
# and where it is dropped further on
ns_ip r1 rule add iif right to 192.0.2.2 blackhole prio 100
expect_told 'request_lost route_unreachable: lost: the request was dropped in netns r2 on left: the route to 203.0.113.77 there is of type unreachable' \
	-N a 203.0.113.77
ns_ip r1 rule del prio 100

need_ipv6
two_routers6
if [[ -e /proc/sys/net/ipv6/icmp/echo_ignore_all ]]; then
	ns_sysctl b net.ipv6.icmp.echo_ignore_all=1
	expect_told 'request_lost echo_ignored: lost: the request arrived in netns b on eth0, where pings are ignored (net.ipv6.icmp.echo_ignore_all = 1)' \
		-N a 2001:db8:3::2
	ns_sysctl b net.ipv6.icmp.echo_ignore_all=0
else
	echo 'not tested: this kernel has no net.ipv6.icmp.echo_ignore_all'
fi
ns_ip b -6 route del default
expect_told 'reply_lost no_route_back: lost: the request arrived in netns b on eth0, but there is no route back to 2001:db8:1::2 there' \
	-N a 2001:db8:3::2
route b default via 2001:db8:3::1
ns_ip r2 route del 2001:db8:1::/64
expect_told 'reply_lost no_route: lost: the reply was dropped in netns r2 on right: there is no route to 2001:db8:1::2 there' \
	-N a 2001:db8:3::2
expect_drops <<'DROPS'
	r2 right drop reply 2001:db8:3::2 2001:db8:1::2 IP_INNOROUTES
DROPS
ns_ip r2 route add 2001:db8:1::/64 via 2001:db8:2::77
expect_told 'reply_lost neighbour: lost: the reply got stuck: nobody at 2001:db8:2::77 answers neighbour discovery in netns r2 on left (1 asked, neighbour INCOMPLETE)' \
	-N a 2001:db8:3::2
