#!/bin/bash
# ipvlan devices, in a namespace of their own: as with macvlan, the device is not told by a tracepoint
# on the way in.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add out host pod
veth out eth0 host eth0
link_or_skip host ipv0 link eth0 netns pod type ipvlan mode l2
up pod ipv0
addr out eth0 192.0.2.1/24
addr pod ipv0 192.0.2.2/24
wait_ping out 192.0.2.2

trace -N out 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	out  eth0 tx request 192.0.2.1 192.0.2.2
	host eth0 rx request 192.0.2.1 192.0.2.2
	pod  ipv0 rx request 192.0.2.1 192.0.2.2
	pod  ipv0 tx reply   192.0.2.2 192.0.2.1
	host eth0 tx reply   192.0.2.2 192.0.2.1
	out  eth0 rx reply   192.0.2.2 192.0.2.1
HOPS
