#!/bin/bash
# Holds the figures of run.sh against the targets: check.sh [RESULTS.json], by default after running all
# benchmarks. Exit status 1 if a target is missed.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)
results=${1-}
if [[ ! $results ]]; then
	"$dir/run.sh" >&2
	results=${BENCH_RESULTS:-$dir/../../build/bench}/results.json
fi
missed=0

check() { # WHAT FIGURE-OF-jq LIMIT most|least UNIT
	local value verdict=pass
	value=$(jq -r "$2 // \"none\" | if type == \"number\" then . * 10000 | round / 10000 else . end" "$results")
	if [[ $value == none || $value == null ]] ||
		! awk -v v="$value" -v l="$3" -v way="$4" 'BEGIN { exit !(way == "most" ? v <= l : v >= l) }'; then
		verdict=FAIL
		missed=1
	fi
	printf '%-52s %-5s %8s %10s %-9s %s\n' "$1" "$4" "$3" "$value" "$5" "$verdict"
}

printf '%-52s %-5s %8s %10s\n' target '' '' figure
check 'cost to foreign UDP, (c-a)/(b-a)' .udp_cost_ratio.value 1.6 most ''
check 'throughput of foreign TCP' .tcp_ratio.value 0.97 least ''
check 'start to first ping, types of BTF, compiling' .start_btf_to_ping.value 0.35 most s
check 'resident memory once attached' .memory_compiled_rss.value 25 most MiB
check 'pings a second over a path of five devices' .events_pings_per_second.value 20000 least pings/s
check 'events lost by that' .events_lost.value 0 most ''
check 'rows out of order' .events_out_of_order.value 0 most ''
check 'delay of a row when idle' .events_delay_median.value 20 most ms
check 'start with 5,000 namespaces, in addition' \
	'(.scale_namespaces_5000_to_ping.value - .scale_namespaces_10_to_ping.value)' 0.3 most s
check 'start with headers, against the Python program' .vmstart_ratio_to_ping.value 0.2 most ''
# 1 is linear, from the smallest to the middle size as from that to the largest
check 'time over the length of the way, against linear' .scale_hops_linear.value 2 most ''
check 'time over the number of namespaces, against linear' .scale_namespaces_linear.value 2 most ''
check 'time over the number of rules, against linear' .scale_rules_linear.value 2 most ''
check 'events lost over 500 links' .scale_hops_500_lost.value 0 most ''
exit $missed
