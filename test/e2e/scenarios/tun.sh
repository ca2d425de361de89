#!/bin/bash
# A tun device: packets without a MAC header, both families, answered by a program that also drops
# some of them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

tunecho - --drop-every=3 tun0
addr - tun0 192.0.2.1/24
trace -c 3 -i 0.1 -W 0.5 192.0.2.2
expect_status 0
for ping in 1 2; do
	expect_hops $ping <<-'HOPS'
		- tun0 tx request 192.0.2.1 192.0.2.2
		- tun0 rx reply   192.0.2.2 192.0.2.1
	HOPS
done
expect_hops 3 <<'HOPS'
	- tun0 tx request 192.0.2.1 192.0.2.2
HOPS
expect_counts 'sent == 3 && received == 2'
tunecho_end

need_ipv6
tunecho - tun0
addr - tun0 2001:db8::1/64
trace 2001:db8::2
expect_status 0
expect_hops <<'HOPS'
	- tun0 tx request 2001:db8::1 2001:db8::2
	- tun0 rx reply   2001:db8::2 2001:db8::1
HOPS
tunecho_end
