#!/bin/bash
# Sources that a router does not believe: reverse path filtering, martians.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

# Kernels have had this reason since 6.14.
expect_drop() { # SRC REASON
	local got reason=$2
	kernel_since 6 14 || reason="($2|NOT_SPECIFIED|-)"
	got=$(rows drop)
	[[ $got =~ ^"r left drop request $1 198.51.100.2 "$reason$ ]] ||
		fail "another drop than expected: $got"
}

one_router
# The way back to 203.0.113.9 is by the other device.
addr a lo 203.0.113.9/32
route r 203.0.113.9/32 via 198.51.100.2
ns_sysctl r net.ipv4.conf.all.rp_filter=1
expect_told 'request_lost rp_filter: lost: the request was dropped in netns r on left: reverse path filtering, for the route back to 203.0.113.9 is by device right (net.ipv4.conf.all.rp_filter = 1)' \
	-N a -I 203.0.113.9 198.51.100.2
expect_drops <<'DROPS'
	r left drop request 203.0.113.9 198.51.100.2 IP_RPFILTER
DROPS

ns_sysctl r net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.left.rp_filter=1
expect_told 'request_lost rp_filter: lost: the request was dropped in netns r on left: reverse path filtering, for the route back to 203.0.113.9 is by device right (net.ipv4.conf.left.rp_filter = 1)' \
	-N a -I 203.0.113.9 198.51.100.2

# No way back at all: loose filtering refuses that, too.
ns_ip r route del 203.0.113.9
for n in 1 2; do
	ns_sysctl r net.ipv4.conf.left.rp_filter=$n
	expect_told "request_lost rp_filter: lost: the request was dropped in netns r on left: reverse path filtering, for there is no route back to 203.0.113.9 (net.ipv4.conf.left.rp_filter = $n)" \
		-N a -I 203.0.113.9 198.51.100.2
done

# An address of r's own, which nobody else may have.
ns_sysctl r net.ipv4.conf.left.rp_filter=0
addr a lo 198.51.100.1/32
expect_told 'request_lost martian: lost: the request was dropped in netns r on left: martian source, for 198.51.100.1 is an address of that namespace itself' \
	-N a -I 198.51.100.1 198.51.100.2
expect_drop 198.51.100.1 IP_LOCAL_SOURCE
# 127.0.0.1 is none, either.
ns_sysctl a net.ipv4.conf.eth0.route_localnet=1
expect_told 'request_lost martian: lost: the request was dropped in netns r on left: martian source, for nothing may come in by a device from 127.0.0.1' \
	-N a -I 127.0.0.1 198.51.100.2
expect_drop 127.0.0.1 IP_LOCALNET

need_ipv6
one_router6
expect_told 'request_lost martian: lost: the request was dropped in netns r on left: martian source, for nothing may come in by a device from ::1' \
	-N a -I ::1 2001:db8:2::2
expect_drops <<'DROPS'
	r left drop request ::1 2001:db8:2::2 IP_INHDR
DROPS
