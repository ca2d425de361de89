#!/bin/bash
# SIGINT and SIGTERM while the probes are being compiled: it ends at once and leaves nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for signal in INT TERM; do
	trace_start --no-cache -c 0 127.0.0.1
	wait_until "$limit" has_directory || fail 'no directory in TMPDIR' # just made: the compiler has yet to start
	kill -"$signal" "$tracer"
	trace_wait 20
	expect_error 'interrupted before the ping was sent'
	expect_nothing_left
done
