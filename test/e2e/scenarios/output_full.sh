#!/bin/bash
# Standard output that takes nothing: status 2 and one line, in both formats.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for format in json table; do
	ran="tracepkt -o $format 127.0.0.1 >/dev/full"
	status=0 && : >"$out"
	timeout -k 5 "$limit" "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o $format 127.0.0.1 \
		2>"$err" >/dev/full || status=$?
	check_run
	expect_error '.*No space left on device.*'
done
for option in --help --version; do
	ran="tracepkt $option >/dev/full"
	status=0
	"$TRACEPKT" $option 2>"$err" >/dev/full || status=$?
	check_run
	expect_error '.*No space left on device.*'
done
expect_nothing_left
