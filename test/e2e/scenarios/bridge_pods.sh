#!/bin/bash
# Two container-like namespaces at one bridge: the ports show, the bridge itself does not.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add pod1 pod2
veth - v1 pod1 eth0
veth - v2 pod2 eth0
bridge_add - br0 v1 v2
addr pod1 eth0 192.0.2.1/24
addr pod2 eth0 192.0.2.2/24
wait_ping pod1 192.0.2.2

trace -N pod1 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	pod1 eth0 tx request 192.0.2.1 192.0.2.2
	-    v1   rx request 192.0.2.1 192.0.2.2
	-    v2   tx request 192.0.2.1 192.0.2.2
	pod2 eth0 rx request 192.0.2.1 192.0.2.2
	pod2 eth0 tx reply   192.0.2.2 192.0.2.1
	-    v2   rx reply   192.0.2.2 192.0.2.1
	-    v1   tx reply   192.0.2.2 192.0.2.1
	pod1 eth0 rx reply   192.0.2.2 192.0.2.1
HOPS
