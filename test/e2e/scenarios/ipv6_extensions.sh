#!/bin/bash
# Replies with IPv6 extension headers in front of ICMPv6, one of each kind and all at once.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_ipv6
for headers in hbh dst rt frag dst,rt hbh,dst,rt,frag,dst; do
	tunecho - --ipv6=$headers tun0
	addr - tun0 2001:db8::1/64
	trace 2001:db8::2
	expect_status 0
	expect_hops <<-'HOPS'
		- tun0 tx request 2001:db8::1 2001:db8::2
		- tun0 rx reply   2001:db8::2 2001:db8::1
	HOPS
	tunecho_end
done
