#!/bin/bash
# A policy of IPsec forbids a packet: at its target, at a router, and, before it is sent, at the sender.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

# Before, IPv4 has no reason for it, or not everywhere.
kernel_since 6 1 || skip 'this kernel does not tell that a policy is the reason'

block() { # NS SRC DST DIRECTION
	or_skip 'IPsec policies' in_ns "$1" ip xfrm policy add src "$2" dst "$3" dir "$4" action block
}

# One ping is lost at NS by DEVICE, by a policy for its request.
expect_blocked() { # NS DEVICE SRC DST DIRECTION
	block "$1" "${@:3}"
	expect_told "request_lost ipsec: lost: the request was dropped in netns $1 on $2: an IPsec policy forbids it" \
		-N a "$4"
	expect_drops <<-DROPS
		$1 $2 drop request $3 $4 XFRM_POLICY
	DROPS
	ns_ip "$1" xfrm policy flush
}

expect_own() { # SRC DST
	block a "$1" "$2" out
	run_tracepkt -N a "$2"
	expect_error "no way to $2 in that namespace: probably an IPsec policy forbids it; 'ip xfrm policy' lists them"
	ns_ip a xfrm policy flush
}

one_router
expect_blocked b eth0 192.0.2.2 198.51.100.2 in
expect_blocked r left 192.0.2.2 198.51.100.2 fwd
expect_blocked r left 192.0.2.2 198.51.100.2 out
expect_own 192.0.2.2 198.51.100.2

need_ipv6
one_router6
expect_blocked b eth0 2001:db8:1::2 2001:db8:2::2 in
expect_own 2001:db8:1::2 2001:db8:2::2
expect_nothing_left
