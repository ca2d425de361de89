#!/bin/bash
# kill -9: while tracing, nothing stays attached; while compiling, the compiler goes too, and the
# directory that is left is removed by the next run.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

may_be_killed=1

trace_start -c 0 -i 0.1 127.0.0.1
wait_rows 8
[[ $(new_programs) ]] || fail 'the helper does not see the programs'
kill -KILL "$tracer"
trace_wait 20
expect_status 137
expect_nothing_left

# At several moments of a start; a compiler that sleeps when its parent is killed would stay for ever.
find_compiler() {
	compiler=$(tracepkt_processes | grep -vx "$tracer") && [[ $compiler ]]
}
gone() {
	[[ ! $(tracepkt_processes) ]]
}
left=0
for moment in directory compiler later; do
	export TMPDIR=$scratch/tmp.$moment
	mkdir "$TMPDIR"
	trace_start --no-cache -c 0 127.0.0.1
	wait_until "$limit" has_directory || fail 'no directory in TMPDIR'
	if [[ $moment == compiler ]]; then
		wait_until "$limit" find_compiler || fail 'no process that compiles'
		kill -STOP "$compiler"
	elif [[ $moment == later ]]; then
		sleep 0.2
	fi
	kill -KILL "$tracer"
	trace_wait 20
	wait_until 5 gone || fail "a process of the run lives on: $(tracepkt_processes)"
	[[ ! $(leftovers) ]] || left=$((left + 1))

	trace 127.0.0.1
	expect_status 0
	expect_nothing_left
done
((left > 0)) || fail 'no directory was left, so this scenario shows nothing'
