#!/bin/bash
# A program of XDP at the other end of a veth hands a packet to a device that does not take it: nothing
# tells of a drop, and the packet is seen nowhere. If the program is gone when the ping is over, it is not
# suspected.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

two_stations

lose() { # NS
	or_skip 'XDP in the driver' in_ns "$1" "$E2E_TOOLS/bpfdrop" xdp-lose eth0
	[[ $(in_ns "$1" ip -d -o link show eth0) =~ prog/xdp' id '([0-9]+) ]] || fail 'no program'
	id=${BASH_REMATCH[1]}
}

for way in 'request_lost request a b' 'reply_lost reply b a'; do
	read -r outcome what from to <<<"$way"
	sent="$outcome %s: lost: the $what was sent in netns $from on eth0"
	lose "$to"
	expect_told "${sent/\%s/xdp} and not seen at its other end: probably the XDP program (id $id) in netns $to on eth0 dropped it" \
		-N a 192.0.2.2

	trace_start -W 3 -N a 192.0.2.2
	if [[ $what == request ]]; then wait_rows 1; else wait_rows 3; fi
	in_ns "$to" ip link set eth0 xdp off
	trace_wait
	expect_status 1
	expect_outcome <<<"${sent/\%s/not_at_peer}, but did not come out at the other end in netns $to on eth0"
	wait_ping a 192.0.2.2
done
expect_nothing_left
