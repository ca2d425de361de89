#!/bin/bash
# Two runs at a time on the same way: neither shows a ping of the other.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link

for n in 1 2; do
	out=$scratch/stdout$n err=$scratch/stderr$n
	trace_start -c 0 -i 0.05 -N a 192.0.2.2
	tracers[n]=$tracer
done

# Both are at work, and then for ten pings more.
for n in 1 2; do
	wait_until "$limit" has_lines "$scratch/stdout$n" 4 || fail "run $n shows nothing"
done
for n in 1 2; do
	wait_until 10 has_lines "$scratch/stdout$n" $(($(wc -l <"$scratch/stdout$n") + 40)) ||
		fail "run $n does not go on"
done
kill -INT "${tracers[@]}"

for n in 1 2; do
	out=$scratch/stdout$n err=$scratch/stderr$n tracer=${tracers[n]}
	trace_wait
	expect_status 0
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
done
expect_nothing_left
