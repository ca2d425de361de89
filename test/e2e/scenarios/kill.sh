#!/bin/bash
# kill -9: while tracing, nothing stays attached; while compiling, the compiler goes too, and the
# directory that is left is removed by the next run.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

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
# Also those that are ending: closing perf tracepoints takes long, and meanwhile they hold the lock on
# their directory, but have no executable any more.
gone() {
	local file name
	for file in /proc/[0-9]*/comm; do
		{ read -r name <"$file"; } 2>/dev/null || continue
		[[ $name != tracepkt ]] || return 1
	done
}
removed() { # PATH
	[[ ! -e $1 ]]
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
	wait_until 5 gone || fail 'a process of the run lives on'
	[[ ! $(leftovers) ]] || left=$((left + 1))

	# The next run that makes a directory, too; it need not compile to its end for that.
	dead=$(leftovers)
	trace_start --no-cache -c 0 127.0.0.1
	wait_until "$limit" has_directory || fail 'no directory in TMPDIR'
	[[ ! $dead ]] || wait_until "$limit" removed "$dead" || fail "$dead stays"
	kill -INT "$tracer"
	trace_wait 20
	expect_nothing_left
done
trace 127.0.0.1
expect_status 0
expect_nothing_left
((left > 0)) || fail 'no directory was left, so this scenario shows nothing'
