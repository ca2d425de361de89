#!/bin/bash
# Foreign UDP in large numbers on the same way, through a tunnel, so that packets are at addresses at which
# ours were a moment ago: nothing foreign shows, and of ours nothing is missing, whether they are small or
# cut into fragments, which the kernel frees in silence when it puts them together.
# In the environment: E2E_FLOOD, "PINGS PACKETS-PER-SECOND"; fewer in an emulated machine, which may not
# come to more than half of that, either.
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

# So many packets of UDP have come to b, where nobody waits for them.
arrived() {
	local text protocol n count
	text=$(in_ns b cat /proc/net/snmp)
	while read -r protocol _ n _; do
		[[ $protocol != Udp: ]] || count=$n # the first such line has the names
	done <<<"$text"
	echo "$count"
}

# Each ping must have the rows of the first, and these must be so many.
traced_in_flood() { # ROWS ARGUMENT...
	local rows=$1 address flooder flooders=() seconds=$((pings / 10 + 200)) before came began took
	for address in "$(outside 4 b)" "$(inside 4 b)"; do
		# not by in_ns, which would be a process in between
		"$E2E_TOOLS/world" exec a "$E2E_TOOLS/flood" "$address" $((rate / 2)) "$seconds" 300 >/dev/null &
		flooders+=($!)
	done
	trace_start -c "$pings" -i 0.1 -W 10 -N a "${@:2}" 192.0.2.2
	wait_until 200 has_lines "$out" 1 || fail 'no rows' # it may have to compile
	before=$(arrived) began=${EPOCHREALTIME/[.,]/}
	trace_wait "$seconds"
	came=$(($(arrived) - before)) took=$((${EPOCHREALTIME/[.,]/} - began))
	for flooder in "${flooders[@]}"; do
		kill "$flooder" || fail 'a flood has ended'
		wait "$flooder" || fail 'a flood went wrong'
	done
	# All must come, but a flood that had to wait for a busy machine may have a second to catch up with.
	if [[ ${TRACEPKT_VM-} ]]; then
		((came >= took * rate / 2 / 1000000))
	else
		((took >= pings * 90000 && came >= (took - 1000000) * rate / 1000000))
	fi || fail "only $came foreign packets arrived in $took us"
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
traced_in_flood $((8 * 3)) -s 4000 # in three fragments
