#!/bin/bash
# Nobody is woken for nothing: between two pings tracepkt sleeps, but for a look around a second. What comes
# while it waits for an answer is shown all the same.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link

# How often the process went to sleep.
slept() {
	local name n
	while read -r name n; do
		[[ $name != voluntary_ctxt_switches: ]] || echo "$n"
	done <"/proc/$tracer/status"
}

trace_start -c 0 -i 3600 -W 0.5 -N a 192.0.2.2
wait_rows 4
sleep 1
before=$(slept)
sleep 3
(($(slept) - before <= 6)) || fail "$(($(slept) - before)) times awake in 3 s, with nothing to do"

# Another's ping is none of ours.
in_ns a ping -c 20 -i 0.01 -q 192.0.2.2 >"$scratch/ping"
(($(slept) - before <= 8)) || fail "$(($(slept) - before)) times awake, with nothing of ours to see"
kill -INT "$tracer"
trace_wait
expect_status 0
expect_counts 'sent == 1 && received == 1'

# Nobody answers, so that nothing wakes it: the row of the request is shown at once all the same, more
# than a second before the end, when there would be a look around.
ns_ip a neigh add 192.0.2.98 lladdr 02:00:00:00:00:98 dev eth0
ran='tracepkt -o json -c 1 -W 2 -N a 192.0.2.98 | ...'
"$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o json -c 1 -W 2 -N a 192.0.2.98 2>"$err" |
	while IFS= read -r line; do
		printf '%s %s\n' "${EPOCHREALTIME/./}" "$line" # in microseconds
	done >"$scratch/stamped" || true
cut -d ' ' -f 2- "$scratch/stamped" >"$out"
status=1
check_run
expect_counts 'sent == 1 && received == 0'
mapfile -t stamps < <(cut -d ' ' -f 1 "$scratch/stamped")
((stamps[-1] - stamps[0] > 1150000)) || fail "the first row came $((stamps[-1] - stamps[0])) us before the end"
expect_nothing_left
