#!/bin/bash
# A macvlan device: on the way in it takes the packet over from the device below without a
# tracepoint, and is shown all the same.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add out host
veth out eth0 host eth0
addr out eth0 192.0.2.1/24
link_or_skip host mv0 link eth0 type macvlan mode bridge
up host mv0
addr host mv0 192.0.2.2/24
wait_ping out 192.0.2.2

trace -N out 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	out  eth0 tx request 192.0.2.1 192.0.2.2
	host eth0 rx request 192.0.2.1 192.0.2.2
	host mv0  rx request 192.0.2.1 192.0.2.2
	host mv0  tx reply   192.0.2.2 192.0.2.1
	host eth0 tx reply   192.0.2.2 192.0.2.1
	out  eth0 rx reply   192.0.2.2 192.0.2.1
HOPS

trace -N host 192.0.2.1 # the reply comes in at it
expect_status 0
expect_hops <<'HOPS'
	host mv0  tx request 192.0.2.2 192.0.2.1
	host eth0 tx request 192.0.2.2 192.0.2.1
	out  eth0 rx request 192.0.2.2 192.0.2.1
	out  eth0 tx reply   192.0.2.1 192.0.2.2
	host eth0 rx reply   192.0.2.1 192.0.2.2
	host mv0  rx reply   192.0.2.1 192.0.2.2
HOPS

need_ipv6
addr out eth0 2001:db8::1/64
addr host mv0 2001:db8::2/64
wait_ping out 2001:db8::2
trace -N out 2001:db8::2
expect_status 0
expect_hops <<'HOPS'
	out  eth0 tx request 2001:db8::1 2001:db8::2
	host eth0 rx request 2001:db8::1 2001:db8::2
	host mv0  rx request 2001:db8::1 2001:db8::2
	host mv0  tx reply   2001:db8::2 2001:db8::1
	host eth0 tx reply   2001:db8::2 2001:db8::1
	out  eth0 rx reply   2001:db8::2 2001:db8::1
HOPS
