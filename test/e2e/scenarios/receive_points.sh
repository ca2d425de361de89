#!/bin/bash
# Each tracepoint at which a packet comes in tells its own name, though several have copies of one program.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

# The reply comes in through a tun device.
comes_in_by() { # PROBE OPTION...
	tunecho - "${@:2}" tun0
	addr - tun0 192.0.2.1/24
	trace 192.0.2.2
	expect_status 0
	expect_hops <<-'HOPS'
		- tun0 tx request 192.0.2.1 192.0.2.2
		- tun0 rx reply   192.0.2.2 192.0.2.1
	HOPS
	expect_jq '.[1].probe == $probe' --arg probe "$1"
	tunecho_end
}

comes_in_by netif_receive_skb_entry
comes_in_by napi_gro_receive_entry --napi
trace 127.0.0.1
expect_status 0
expect_jq '[.[].probe | select(. == "netif_rx")] | length == 2'
