#!/bin/bash
# Replies whose IPv4 header has options, so that ICMP starts later.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for options in nop rr; do
	tunecho - --ipv4=$options tun0
	addr - tun0 192.0.2.1/24
	trace 192.0.2.2
	expect_status 0
	expect_hops <<-'HOPS'
		- tun0 tx request 192.0.2.1 192.0.2.2
		- tun0 rx reply   192.0.2.2 192.0.2.1
	HOPS
	trace -s 8 192.0.2.2 # the cookie is the last there is
	expect_status 0
	expect_hops <<-'HOPS'
		- tun0 tx request 192.0.2.1 192.0.2.2
		- tun0 rx reply   192.0.2.2 192.0.2.1
	HOPS
	tunecho_end
done
