#!/bin/bash
# Colour on a terminal only, and not there if NO_COLOR is set.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool script
on_terminal() {
	ran="tracepkt 127.0.0.1 on a terminal, NO_COLOR=${NO_COLOR-(not set)}"
	status=0
	script -qec "$(printf '%q ' "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} 127.0.0.1)" /dev/null \
		</dev/null >"$out" 2>"$err" || status=$?
	check_run
	expect_status 0
	grep -q 'lo ' "$out" || fail 'no row'
}
export TERM=xterm
unset NO_COLOR
on_terminal
grep -q $'\e\\[' "$out" || fail 'no colour on a terminal'
export NO_COLOR=1
on_terminal
! grep -q $'\e' "$out" || fail 'colour in spite of NO_COLOR'
unset NO_COLOR
run_tracepkt 127.0.0.1
! grep -q $'\e' "$out" || fail 'colour into a file'
