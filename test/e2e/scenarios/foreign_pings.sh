#!/bin/bash
# 5,000 foreign pings a second beside ours: none of them shows, and of ours nothing is missing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link
rate=5000 seconds=3
least=$((rate * seconds * 95 / 100))
[[ ! ${TRACEPKT_VM-} ]] || least=$rate # an emulated machine may be slower

trace_start -c 0 -i 0.1 -N a 192.0.2.2
wait_rows 1
sent=$(in_ns a "$E2E_TOOLS/flood" 192.0.2.2 $rate $seconds)
kill -INT "$tracer"
trace_wait
expect_status 0
((sent >= least)) || fail "only $sent foreign pings were sent in $seconds s"
for seq in {1..10}; do
	expect_hops "$seq" <<-'HOPS'
		a eth0 tx request 192.0.2.1 192.0.2.2
		b eth0 rx request 192.0.2.1 192.0.2.2
		b eth0 tx reply   192.0.2.2 192.0.2.1
		a eth0 rx reply   192.0.2.2 192.0.2.1
	HOPS
done
# and no more than that of the others; the last may be cut off
expect_jq 'map(select(.event == "device")) | group_by(.seq)[:-1] | all(.[]; length == 4)'
expect_counts 'lost_events == 0 && sent - received <= 1'
expect_nothing_left
