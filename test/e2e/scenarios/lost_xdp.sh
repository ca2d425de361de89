#!/bin/bash
# An XDP program drops, in the driver and in the generic place, requests and replies.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

two_stations

# The program's id, as the kernel shows it.
xdp_id() { # NS
	local text
	text=$(in_ns "$1" ip -d -o link show eth0)
	[[ $text =~ 'prog/xdp'.*' id '([0-9]+) || $text =~ prog_id' '([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

for where in xdp xdp-generic; do
	for ns in b a; do
		in_ns $ns "$E2E_TOOLS/bpfdrop" $where eth0
		[[ $ns == b ]] && what=request || what=reply
		expect_lost "lost: the $what was dropped in netns $ns on eth0 by the XDP program of eth0 (id $(xdp_id $ns))" \
			-N a 192.0.2.2
		in_ns $ns ip link set eth0 "${where/#xdp-/xdp}" off
		wait_ping a 192.0.2.2
	done
done
expect_nothing_left
