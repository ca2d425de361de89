#!/bin/bash
# The kernel frees some skbs without telling. Those that were followed are forgotten after a while, so that
# foreign packets need not be looked for among them; -v tells. Here a probe that has no eye for ends makes
# all of them such.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link
dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
# nor for foreign packets at the same address
sed -i 's/^\t*unfollow(skb);$/\t;/' "$dir/device.c" "$dir/follow.h"
! grep -q '^.*unfollow(skb);' "$dir/device.c" "$dir/follow.h" || fail 'the edit found no place'

trace -v --probe-dir="$dir" -c 2 -i 6.5 -N a 192.0.2.2
expect_status 0
expect_counts 'sent == 2 && received == 2 && lost_events == 0'
# those of the first ping: request and reply, or both at one address
n=$(sed -n 's/^tracepkt: \([0-9]*\) skbs that were followed ended unseen$/\1/p' "$err")
((n >= 1)) || fail 'nothing was forgotten'
expect_drops </dev/null

trace -v -c 3 -i 0.3 -N a 192.0.2.2
expect_status 0
! grep -q 'ended unseen' "$err" || fail 'something was forgotten'
