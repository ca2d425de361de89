#!/bin/bash
# A router that does not forward: not at all, or not what comes in by one device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

one_router

ns_sysctl r net.ipv4.ip_forward=0
expect_told 'request_lost forwarding_off: lost: the request was dropped in netns r on left: IP forwarding is off there (net.ipv4.ip_forward = 0)' \
	-N a 198.51.100.2
expect_drops <<'DROPS'
	r left drop request 192.0.2.2 198.51.100.2 IP_INADDRERRORS
DROPS
run_tracepkt -W 0.3 -N a 198.51.100.2
expect_status 1
expect_last_line 'lost: the request was dropped in netns r on left: IP forwarding is off there (net.ipv4.ip_forward = 0)'

ns_sysctl r net.ipv4.ip_forward=1 net.ipv4.conf.left.forwarding=0
expect_told 'request_lost forwarding_off: lost: the request was dropped in netns r on left: IP forwarding is off there (net.ipv4.conf.left.forwarding = 0)' \
	-N a 198.51.100.2

# It sends the request on, but not the reply.
ns_sysctl r net.ipv4.conf.left.forwarding=1 net.ipv4.conf.right.forwarding=0
expect_told 'reply_lost forwarding_off: lost: the reply was dropped in netns r on right: IP forwarding is off there (net.ipv4.conf.right.forwarding = 0)' \
	-N a 198.51.100.2
expect_drops <<'DROPS'
	r right drop reply 198.51.100.2 192.0.2.2 IP_INADDRERRORS
DROPS

# It has no route to this one, either, but does not get as far as that.
ns_sysctl r net.ipv4.ip_forward=0
expect_told 'request_lost forwarding_off: lost: the request was dropped in netns r on left: IP forwarding is off there (net.ipv4.ip_forward = 0)' \
	-N a 203.0.113.9

need_ipv6
one_router6
ns_sysctl r net.ipv6.conf.all.forwarding=0
expect_told 'request_lost forwarding_off: lost: the request was dropped in netns r on left: IPv6 forwarding is off there (net.ipv6.conf.all.forwarding = 0)' \
	-N a 2001:db8:2::2
expect_drops <<'DROPS'
	r left drop request 2001:db8:1::2 2001:db8:2::2 IP_INADDRERRORS
DROPS

# One device may be an exception since 6.17; then it is something else.
if [[ -e /proc/sys/net/ipv6/conf/all/force_forwarding ]]; then
	ns_sysctl r net.ipv6.conf.left.force_forwarding=1
	expect_told 'error no_route: answered by an error: 2001:db8:1::1 says no route to destination (the request was dropped in netns r on left: there is no route to 2001:db8:9::9 there)' \
		-N a 2001:db8:9::9
else
	echo 'not tested: this kernel has no force_forwarding'
fi
