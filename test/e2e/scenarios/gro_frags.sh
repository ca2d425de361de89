#!/bin/bash
# Frames that come in by napi_gro_frags(), their payload in page fragments, as drivers of fast network
# cards have it; headers and cookie are in the linear part.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

tunecho - --tap --frags=64 tap0
addr - tap0 192.0.2.1/24
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev tap0
trace -s 1000 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	- tap0 tx request 192.0.2.1 192.0.2.2
	- tap0 rx reply   192.0.2.2 192.0.2.1
HOPS
expect_jq '.[1].probe == "napi_gro_frags_entry"'
tunecho_end
