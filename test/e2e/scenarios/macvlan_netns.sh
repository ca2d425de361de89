#!/bin/bash
# A macvlan device in another namespace than the device below it, as containers have it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add out host pod
veth out eth0 host eth0
addr out eth0 192.0.2.1/24
link_or_skip host mv1 link eth0 netns pod type macvlan mode bridge
up pod mv1
addr pod mv1 192.0.2.3/24
wait_ping out 192.0.2.3

trace -N out 192.0.2.3
expect_status 0
expect_hops <<'HOPS'
	out  eth0 tx request 192.0.2.1 192.0.2.3
	host eth0 rx request 192.0.2.1 192.0.2.3
	pod  mv1  rx request 192.0.2.1 192.0.2.3
	pod  mv1  tx reply   192.0.2.3 192.0.2.1
	host eth0 tx reply   192.0.2.3 192.0.2.1
	out  eth0 rx reply   192.0.2.3 192.0.2.1
HOPS

trace -N pod 192.0.2.1
expect_status 0
expect_hops <<'HOPS'
	pod  mv1  tx request 192.0.2.3 192.0.2.1
	host eth0 tx request 192.0.2.3 192.0.2.1
	out  eth0 rx request 192.0.2.3 192.0.2.1
	out  eth0 tx reply   192.0.2.1 192.0.2.3
	host eth0 rx reply   192.0.2.1 192.0.2.3
	pod  mv1  rx reply   192.0.2.1 192.0.2.3
HOPS

need_ipv6
addr out eth0 2001:db8::1/64
addr pod mv1 2001:db8::3/64
wait_ping out 2001:db8::3
trace -N out 2001:db8::3
expect_status 0
expect_hops <<'HOPS'
	out  eth0 tx request 2001:db8::1 2001:db8::3
	host eth0 rx request 2001:db8::1 2001:db8::3
	pod  mv1  rx request 2001:db8::1 2001:db8::3
	pod  mv1  tx reply   2001:db8::3 2001:db8::1
	host eth0 tx reply   2001:db8::3 2001:db8::1
	out  eth0 rx reply   2001:db8::3 2001:db8::1
HOPS
