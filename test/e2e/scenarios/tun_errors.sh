#!/bin/bash
# ICMP errors that Linux does not make of a ping by itself: what a program behind a tun device makes.
# A source quench is no answer: the ping may go on (RFC 1812, 4.3.3.3).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

# A ping from FROM for each error in turn, and what is told of it.
expect_errors() { # FROM TO TYPE/CODE...
	local i
	trace -c $(($# - 2)) -i 0.1 -W 1 "$2"
	expect_status 1
	for ((i = 3; i <= $#; i++)); do
		expect_hops $((i - 2)) <<-HOPS
			- tun0 tx request $1 $2
			- tun0 rx error   $2 $1 icmp ${!i}
		HOPS
	done
	expect_drops </dev/null
}

tunecho - --error=12/0/335544320,12/1/0,4/0/0,3/15/0,11/1/0,3/77/0 tun0
addr - tun0 192.0.2.1/24
expect_errors 192.0.2.1 192.0.2.2 12/0 12/1 4/0 3/15 11/1 3/77
expect_outcome <<'TEXT'
error -: answered by an error: 192.0.2.2 says parameter problem (byte 20)
error -: answered by an error: 192.0.2.2 says parameter problem (required option missing)
request_lost tun: lost: the request was sent on tun0 and read by the program behind that device, but nothing came back within 1 s
error -: answered by an error: 192.0.2.2 says precedence cutoff
error -: answered by an error: 192.0.2.2 says fragment reassembly time exceeded
error -: answered by an error: 192.0.2.2 says ICMP type 3 code 77
TEXT
tunecho_end

need_ipv6
tunecho - --error=4/0/40,4/1/6,1/6/0,2/0/1280,3/1/0 tun0
addr - tun0 2001:db8::1/64
expect_errors 2001:db8::1 2001:db8::2 4/0 4/1 1/6 2/0 3/1
expect_outcome <<'TEXT'
error -: answered by an error: 2001:db8::2 says erroneous header field (byte 40)
error -: answered by an error: 2001:db8::2 says unrecognized next header
error -: answered by an error: 2001:db8::2 says reject route to destination
error -: answered by an error: 2001:db8::2 says packet too big (mtu 1280)
error -: answered by an error: 2001:db8::2 says fragment reassembly time exceeded
TEXT
tunecho_end
