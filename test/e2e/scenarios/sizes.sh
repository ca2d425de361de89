#!/bin/bash
# -s: payloads without room for a whole cookie, with just that, of a whole frame and of several; of
# a packet in fragments the first one shows, once a device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a eth0 b eth0
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2
for size in 0 1 7 8 1472 2031 4000 20000; do
	trace -s $size -N a 192.0.2.2
	expect_status 0
	expect_hops <<-'HOPS'
		a eth0 tx request 192.0.2.1 192.0.2.2
		b eth0 rx request 192.0.2.1 192.0.2.2
		b eth0 tx reply   192.0.2.2 192.0.2.1
		a eth0 rx reply   192.0.2.2 192.0.2.1
	HOPS
done
run_tracepkt -s 65508 -N a 192.0.2.2
expect_error '--size .*65507.*'

need_ipv6
addr a eth0 2001:db8::1/64
addr b eth0 2001:db8::2/64
wait_ping a 2001:db8::2
for size in 0 7 8 1452 4000; do
	trace -s $size -N a 2001:db8::2
	expect_status 0
	expect_hops <<-'HOPS'
		a eth0 tx request 2001:db8::1 2001:db8::2
		b eth0 rx request 2001:db8::1 2001:db8::2
		b eth0 tx reply   2001:db8::2 2001:db8::1
		a eth0 rx reply   2001:db8::2 2001:db8::1
	HOPS
done
