#!/bin/bash
# Foreign UDP in large numbers on the same way, through a tunnel, so that packets are at addresses at which
# ours were a moment ago: nothing foreign shows, and of ours nothing is missing, whether they are small or
# cut into fragments, which the kernel frees in silence when it puts them together.
# In the environment: E2E_FLOOD, "PINGS PACKETS-PER-SECOND"; fewer in an emulated machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

default='200 50000'
[[ ! ${TRACEPKT_VM-} ]] || default='30 200'
read -r pings rate <<<"${E2E_FLOOD:-$default}"

two_hosts
tunnel_add vx0 4 type vxlan id 7 dstport 4789
tunnel_up vx0 4 6

# Each ping must have the rows of the first, and these must be so many.
traced_in_flood() { # ROWS ARGUMENT...
	local rows=$1 address sent flooders=()
	: >"$scratch/flood"
	for address in "$(outside 4 b)" "$(inside 4 b)"; do
		# not by in_ns, which would be a process in between
		"$E2E_TOOLS/world" exec a "$E2E_TOOLS/flood" "$address" $((rate / 2)) $((pings / 10 + 200)) 300 \
			>>"$scratch/flood" &
		flooders+=($!)
	done
	trace_start -c "$pings" -i 0.1 -N a "${@:2}" 192.0.2.2
	trace_wait $((pings / 10 + 200)) # it may have to compile
	kill "${flooders[@]}"
	wait "${flooders[@]}"
	sent=$(($(paste -sd + "$scratch/flood")))
	((sent >= pings * rate / 20)) || fail "only $sent foreign packets were sent"
	expect_status 0
	expect_counts "sent == $pings && received == $pings && lost_events == 0"
	rows device | sort | uniq -c >"$scratch/counted"
	awk -v n="$pings" '$1 != n { print; wrong = 1 } END { exit wrong }' "$scratch/counted" ||
		fail "rows that not each of the $pings pings has once"
	[[ $(wc -l <"$scratch/counted") -eq $rows ]] || fail "not $rows rows: $(<"$scratch/counted")"
	expect_jq 'map(select(.event == "device")) | group_by(.seq) | all(.[]; length == $n)' --argjson n "$rows"
	expect_outcome </dev/null
	expect_drops </dev/null
}
traced_in_flood 8
ns_ip a link set vx0 mtu 1400
ns_ip b link set vx0 mtu 1400
pings=$((pings / 4 + 10))
traced_in_flood 24 -s 4000
