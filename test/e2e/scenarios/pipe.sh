#!/bin/bash
# A reader that goes away (| head -1): it ends soon, without a word, and leaves nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for format in json table; do
	ran="tracepkt -o $format -c 0 -i 0.1 127.0.0.1 | head -n 1"
	status=0
	timeout -k 5 "$limit" "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o $format -c 0 -i 0.1 \
		127.0.0.1 2>"$err" | head -n 1 >"$out" || status=${PIPESTATUS[0]}
	check_run
	expect_status 2
	[[ $(wc -l <"$out") -eq 1 ]] || fail 'the first line did not come'
	expect_no_stderr
	expect_nothing_left
done
