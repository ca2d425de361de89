#!/bin/bash
# A probe directory whose event.h has another size than the program's: refused, nothing decoded.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
size=$(sed -n 's/^#define EVENT_SIZE  *\([0-9]*\)$/\1/p' "$dir/event.h")
[[ $size ]] || fail 'no EVENT_SIZE in event.h'
chain_size=$(sed -n 's/^#define EVENT_CHAIN_SIZE  *\([0-9]*\)$/\1/p' "$dir/event.h")
sed -i "s/^#define EVENT_SIZE .*/#define EVENT_SIZE $((size + 8))/
	s/^#define EVENT_CHAIN_SIZE .*/#define EVENT_CHAIN_SIZE $((chain_size + 8))/
	s/^struct event {\$/&\n\t__u64 more;/" "$dir/event.h"

trace --probe-dir="$dir" 127.0.0.1
expect_error ".*record of [0-9]+ bytes, not $size.*event\\.h.*"
run_tracepkt --probe-dir="$dir" 127.0.0.1
expect_status 2
! grep -q 'request' "$out" || fail 'a row was shown'
expect_nothing_left
