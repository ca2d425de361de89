#!/bin/bash
# A tap device: frames from a program, plain and with one or two VLAN tags that lie in the frame.
# A tag without a VLAN number is taken off; one that nobody listens to costs the reply, but it is seen.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

# [HOST-STATUS] OPTION...: a ping through a tap device, of both families
through_tap() { # STATUS OPTION...
	tunecho - --tap "${@:2}" tap0
	addr - tap0 192.0.2.1/24
	ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev tap0
	trace -W 0.5 192.0.2.2
	expect_status "$1"
	expect_hops <<-'HOPS'
		- tap0 tx request 192.0.2.1 192.0.2.2
		- tap0 rx reply   192.0.2.2 192.0.2.1
	HOPS
	if [[ -e /proc/net/if_inet6 ]]; then
		addr - tap0 2001:db8::1/64
		ip neigh add 2001:db8::2 lladdr 02:00:00:00:00:02 dev tap0
		trace -W 0.5 2001:db8::2
		expect_status "$1"
		expect_hops <<-'HOPS'
			- tap0 tx request 2001:db8::1 2001:db8::2
			- tap0 rx reply   2001:db8::2 2001:db8::1
		HOPS
	fi
	tunecho_end
}

through_tap 0
through_tap 0 --tags=1
through_tap 1 --tags=1 --vid=7
through_tap 1 --tags=2 --vid=7
