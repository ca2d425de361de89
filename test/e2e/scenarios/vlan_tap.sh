#!/bin/bash
# A VLAN device over a tap device whose program sends the tag in the frame.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

tunecho - --tap --tags=1 --vid=7 tap0
link_or_skip - tap0.7 link tap0 type vlan id 7
up - tap0.7
addr - tap0.7 192.0.2.1/24
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev tap0.7

trace 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	- tap0.7 tx request 192.0.2.1 192.0.2.2
	- tap0   tx request 192.0.2.1 192.0.2.2
	- tap0   rx reply   192.0.2.2 192.0.2.1
	- tap0.7 rx reply   192.0.2.2 192.0.2.1
HOPS
tunecho_end
