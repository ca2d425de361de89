#!/bin/bash
# How many pings a second tracepkt follows without losing an event, over a path of five devices each
# way, and how late it prints a hop when there is little to do.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

seconds=15 runs=21
[[ ! $brief ]] || seconds=1 runs=1

# here eth0 - (r left, r right) - (b eth0, b macvlan-less bridge br0 with the address)
pair
ip netns add c
ip -n b link add eth1 type veth peer name eth0 netns c
ip -n b link add br0 type bridge
ip -n b addr flush dev eth0
for port in eth0 eth1; do
	ip -n b link set $port master br0 up
done
ip -n b link set br0 up
ip -n c addr add 192.0.2.3/24 dev eth0
ip -n c link set eth0 up
wait_until 10 ping -c 1 -q -W 1 192.0.2.3 >"$scratch/ping"

"$tracepkt" -q 192.0.2.3 >"$scratch/rows"
result events_rows_of_a_ping "$(grep -c -- '->' "$scratch/rows")" rows

# A digest of each run instead of its rows: how many there were, and whether each ping's are in order.
cat >"$scratch/digest.awk" <<'AWK'
	/"event":"summary"/ { print > summary; next }
	{
		match($0, /"time_ns":[0-9]+/); t = substr($0, RSTART + 10, RLENGTH - 10) + 0
		match($0, /"seq":[0-9]+/); s = substr($0, RSTART + 6, RLENGTH - 6) + 0
		if (s == last && t < time) disorder++
		last = s; time = t; rows++
	}
	END { print rows + 0, disorder + 0 }
AWK
timeout -s INT "$seconds" "$tracepkt" -q -c 0 -i 0 -o json 192.0.2.3 |
	awk -v summary="$scratch/summary" -f "$scratch/digest.awk" >"$scratch/digest" || true
read -r rows disorder <"$scratch/digest"
sent=$(jq .sent "$scratch/summary")
result events_pings_per_second "$(calculate "$sent / $seconds")" pings/s
result events_rows_per_second "$(calculate "$rows / $seconds")" rows/s
result events_lost "$(jq .lost_events "$scratch/summary")" events
result events_pings_unanswered "$(jq '.sent - .received' "$scratch/summary")" pings
result events_out_of_order "$disorder" rows

"$build/test/bench/bench_delay" "$runs" "$tracepkt" -v -o json 192.0.2.3 >"$scratch/delays"
result events_delay_median "$(median <"$scratch/delays")" ms
result events_delay_most "$(sort -g "$scratch/delays" | tail -n 1)" ms
