#!/bin/bash
# -c 5: the same hops for every ping, under its sequence number.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add pod
veth - v0 pod eth0
bridge_add - br0 v0
addr - br0 192.0.2.1/24
addr pod eth0 192.0.2.2/24
wait_ping - 192.0.2.2

trace -c 5 -i 0.1 192.0.2.2
expect_status 0
check_json
[[ ${#row_text[@]} -eq 30 ]] || fail "${#row_text[@]} rows, expected 30"
for n in 1 2 3 4 5; do
	expect_hops $n <<-'HOPS'
		-   br0  tx request 192.0.2.1 192.0.2.2
		-   v0   tx request 192.0.2.1 192.0.2.2
		pod eth0 rx request 192.0.2.1 192.0.2.2
		pod eth0 tx reply   192.0.2.2 192.0.2.1
		-   v0   rx reply   192.0.2.2 192.0.2.1
		-   br0  rx reply   192.0.2.2 192.0.2.1
	HOPS
done
expect_counts 'sent == 5 && received == 5 && lost_events == 0'

run_tracepkt -c 3 -i 0.05 192.0.2.2
expect_status 0
grep -q '^3 of 3 pings answered, ' "$out" || fail 'another last line than expected'

trace -c 200 -i 0 192.0.2.2 # as fast as they are answered
expect_status 0
expect_jq '(map(select(.event == "device")) | length == 1200)
	and (.[-1] | .sent == 200 and .received == 200 and .lost_events == 0)'
expect_nothing_left
