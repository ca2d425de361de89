#!/bin/bash
# What the rows say beside the hops: interface numbers and namespaces as the kernel has them, times
# within the round trip, one summary.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
veth a left b right
addr a left 192.0.2.1/24
addr b right 192.0.2.2/24
wait_ping a 192.0.2.2

trace -N a 192.0.2.2
expect_status 0
check_json
expect_jq 'map(select(.event == "device") | [.netns, .netns_name, .ifindex, .ifname, .family])
	== [[$a, "a", $left, "left", 4], [$b, "b", $right, "right", 4],
	    [$b, "b", $right, "right", 4], [$a, "a", $left, "left", 4]]' \
	--argjson a "${ns_inode[a]}" --argjson b "${ns_inode[b]}" \
	--argjson left "$(ifindex a left)" --argjson right "$(ifindex b right)"
expect_jq 'all(.[]; .seq == null or .seq == 1)'
expect_jq '.[-1] as $sum | all(.[:-1][]; .time_ns < 1000000000)
	and $sum.rtt_ns > 0 and $sum.rtt_ns < 1000000000'

trace -n -N a 192.0.2.2 # by number only
expect_status 0
expect_jq 'all(.[:-1][]; .netns_name == null)'
expect_hops <<'HOPS'
	a left  tx request 192.0.2.1 192.0.2.2
	b right rx request 192.0.2.1 192.0.2.2
	b right tx reply   192.0.2.2 192.0.2.1
	a left  rx reply   192.0.2.2 192.0.2.1
HOPS
