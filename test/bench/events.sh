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

# Instead of the rows: how many there were, and how many are earlier than the one above, of the same
# ping. Microseconds in the table, nanoseconds in JSON.
cat >"$scratch/table.awk" <<'AWK'
	/ -> / {
		for (i = 1; $i != "->"; i++)
			;
		if ($NF == seq && $(i + 2) + 0 < time)
			disorder++
		seq = $NF; time = $(i + 2) + 0; rows++
	}
	/ pings answered, / { received = $1; sent = $3 }
	/ events? lost/ { lost = $(NF - 2) }
	END { print sent + 0, received + 0, rows + 0, disorder + 0, lost + 0 }
AWK
cat >"$scratch/json.awk" <<'AWK'
	function number(key) {
		match($0, "\"" key "\":[0-9]+")
		return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) + 0
	}
	/"event":"summary"/ { sent = number("sent"); received = number("received"); lost = number("lost_events"); next }
	{
		s = number("seq"); t = number("time_ns")
		if (s == seq && t < time)
			disorder++
		seq = s; time = t; rows++
	}
	END { print sent + 0, received + 0, rows + 0, disorder + 0, lost + 0 }
AWK
flood() { # PREFIX AWK-FILE OPTION...
	local sent received rows disorder lost
	# to a file in memory, so that whoever reads it takes no time of the two
	timeout -s INT "$seconds" "$tracepkt" -q -c 0 -i 0 "${@:3}" 192.0.2.3 >"$scratch/rows" || true
	awk -f "$scratch/$2" "$scratch/rows" >"$scratch/digest"
	rm "$scratch/rows"
	read -r sent received rows disorder lost <"$scratch/digest"
	result "$1_pings_per_second" "$(calculate "$sent / $seconds")" pings/s
	result "$1_rows_per_second" "$(calculate "$rows / $seconds")" rows/s
	result "$1_lost" "$lost" events
	result "$1_unanswered" "$((sent - received))" pings
	result "$1_out_of_order" "$disorder" rows
}
flood events table.awk
flood events_json json.awk -o json

"$build/test/bench/bench_delay" "$runs" "$tracepkt" -v -o json 192.0.2.3 >"$scratch/delays"
result events_delay_median "$(median <"$scratch/delays")" ms
result events_delay_most "$(sort -g "$scratch/delays" | tail -n 1)" ms
