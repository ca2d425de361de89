#!/bin/bash
# Packet sniffers at every device take copies of all that passes: the rows are those without them, also
# where they have no room and the kernel throws their copies away.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router
[[ ! -e /proc/net/if_inet6 ]] || one_router6
expect_plain() { # A B
	trace -N a "$2"
	expect_status 0
	expect_hops <<-HOPS
		a eth0  tx request $1 $2
		r left  rx request $1 $2
		r right tx request $1 $2
		b eth0  rx request $1 $2
		b eth0  tx reply   $2 $1
		r right rx reply   $2 $1
		r left  tx reply   $2 $1
		a eth0  rx reply   $2 $1
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	expect_counts 'lost_events == 0'
}
sniff() { # [OPTION]
	local ns sniffer sniffers=()
	for ns in a r b; do
		: >"$scratch/sniff-$ns"
		"$E2E_TOOLS/world" exec "$ns" "$E2E_TOOLS/listen" "$@" >"$scratch/sniff-$ns" &
		sniffers+=($!)
		wait_until 10 says "$scratch/sniff-$ns" ready || fail 'listen does not start'
	done
	wait_ping a 198.51.100.2 # which fills what room there is
	wait_ping a 198.51.100.2
	expect_plain 192.0.2.2 198.51.100.2
	[[ ! -e /proc/net/if_inet6 ]] || expect_plain 2001:db8:1::2 2001:db8:2::2
	for sniffer in "${sniffers[@]}"; do
		kill "$sniffer" # fails if it has ended
	done
	wait "${sniffers[@]}" 2>/dev/null || true
}
sniff
sniff --deaf
