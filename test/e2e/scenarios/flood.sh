#!/bin/bash
# Pings as fast as they are answered: each has its rows, in order, none is lost, though several are read at
# a time; and so with a path that fills the buffers, with replies that come twice, and with none.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

pings=3000 links=40
[[ ! ${TRACEPKT_VM-} ]] || pings=200 links=10

# A row of bridges.
ns_add n0
for ((i = 1; i <= links; i++)); do
	ns_add "n$i"
	veth "n$((i - 1))" right "n$i" left
	((i == links)) || bridge_add "n$i" br0 left
	((i == 1)) || ns_ip "n$((i - 1))" link set right master br0
done
addr n0 right 192.0.2.1/24
addr "n$links" left 192.0.2.2/24
in_ns n0 ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping" || true # bridges find their ports up late
in_ns n0 ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping" || fail 'no answer to ping'

flooded() { # PINGS ROWS-OF-EACH ARGUMENT...
	trace -i 0 -W 20 -c "$1" "${@:3}" # a busy machine may be late
	expect_status 0
	expect_counts "sent == $1 && received == $1 && lost_events == 0"
	expect_jq 'map(select(.event == "device")) | group_by(.seq) | length == $pings and
		all(.[]; length == $rows and . == sort_by(.time_ns))' \
		--argjson pings "$1" --argjson rows "$2"
}
flooded "$pings" 4 -N n0 192.0.2.1 # itself
flooded $((pings / links)) $((4 * links)) -N n0 192.0.2.2

# The table has as many.
run_tracepkt -i 0 -c "$pings" -W 20 -N n0 192.0.2.1
expect_status 0
[[ $(grep -c ' -> ' "$out") -eq $((4 * pings)) ]] || fail "not $((4 * pings)) rows"
expect_last_line "$(tail -n 1 "$out" | grep "^$pings of $pings pings answered, ")"

# Replies that come twice, from two stations with one MAC address behind a bridge that floods. The second
# may come when the next ping is under way or, the last one, when the program has ended.
one_switch
addr a eth0 198.51.100.1/24
for i in b c; do
	addr "$i" eth0 198.51.100.2/24
	ns_ip "$i" link set eth0 address 02:00:00:00:00:09
done
ns_ip a neigh replace 198.51.100.2 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
ns_ip sw link set br0 type bridge ageing_time 0
wait_ping a 198.51.100.2
for interval in 0 0.001; do
	trace -i "$interval" -W 20 -c 200 -N a 198.51.100.2
	expect_status 0
	expect_counts 'sent == 200 && received == 200 && lost_events == 0'
	((summary[duplicates] >= 190 && summary[duplicates] <= 200)) ||
		fail "${summary[duplicates]} duplicates of 200"
done

# No answers: each holds up the next one for 10 ms.
ns_ip n0 neigh add 192.0.2.98 lladdr 02:00:00:00:00:98 dev right
trace -i 0 -c 20 -W 0.5 -N n0 192.0.2.98
expect_status 1
expect_counts 'sent == 20 && received == 0 && lost_events == 0'
expect_jq 'map(select(.event == "device" and .ifname == "right" and .dir == "tx")) |
	group_by(.seq) | length == 20'
expect_nothing_left
