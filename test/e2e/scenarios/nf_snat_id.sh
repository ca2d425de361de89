#!/bin/bash
# Two hosts behind one address (masquerade) ping another host with the same ICMP id at the same time, so
# that the router has to change that of the one that came later: first it is the other host, then we are.
# Either way ours is followed, the other one does not show.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool nft
one_router
ns_add other
veth other eth0 r aside
addr other eth0 203.0.113.2/24
addr r aside 203.0.113.1/24
route other default via 203.0.113.1
wait_ping other 198.51.100.2
rules r nft <<'RULES'
	table ip hide {
		chain leave {
			type nat hook postrouting priority 100; policy accept
			oifname "right" masquerade
		}
	}
RULES

# The id of the next request, or of the next that has another id.
id_in() { # NS [BUT]
	in_ns "$1" timeout 10 "$E2E_TOOLS/listen" --id "${@:2}" || fail "$1 sees no ping${2:+ with an id but $2}"
}

other_pings() {
	"$E2E_TOOLS/world" exec other ping -qni0.2 -e "$id" 198.51.100.2 >"$scratch/ping" 2>&1 &
	other=$!
}

other_ends() {
	kill -INT "$other"
	wait "$other" || fail "the other host has no answers: $(<"$scratch/ping")"
}

# Six more pings of ours.
more_pings() {
	local rows
	mapfile -t rows <"$out"
	wait_rows $((${#rows[@]} + 6 * 8))
}

# Ours was first: it keeps its id, the other's is changed.
trace_start -c 0 -i 0.1 -W 30 -N a 198.51.100.2
wait_rows 8
id=$(id_in a)
[[ $(id_in b) == "$id" ]] || fail 'our id is changed, though we are alone'
other_pings
changed=$(id_in b "$id")
more_pings
ns_sysctl r net.netfilter.nf_conntrack_icmp_timeout=1
[[ $(id_in b "$changed") == "$id" && $(id_in b "$id") == "$changed" ]] || fail 'the ids do not stay'
other_ends

# While we pause, the router forgets us: then the other one was first.
kill -STOP "$tracer"
sleep 1.5
ns_sysctl r net.netfilter.nf_conntrack_icmp_timeout=30
other_pings
[[ $(id_in b) == "$id" ]] || fail "the id of the other one is changed, though it is alone"
kill -CONT "$tracer"
changed=$(id_in b "$id")
more_pings
[[ $(id_in b "$changed") == "$id" && $(id_in a) == "$id" ]] || fail 'the ids do not stay'
other_ends
kill -INT "$tracer"
trace_wait
expect_status 0

# All pings but the last, which may be under way at the end, went the same way, alone.
expect_hops 1 <<'HOPS'
	a eth0  tx request 192.0.2.2    198.51.100.2
	r left  rx request 192.0.2.2    198.51.100.2
	r right tx request 198.51.100.1 198.51.100.2
	b eth0  rx request 198.51.100.1 198.51.100.2
	b eth0  tx reply   198.51.100.2 198.51.100.1
	r right rx reply   198.51.100.2 198.51.100.1
	r left  tx reply   198.51.100.2 192.0.2.2
	a eth0  rx reply   198.51.100.2 192.0.2.2
HOPS
expect_jq 'map(select(.event == "device")) | group_by(.seq)[:-1] | length >= 15 and
	(map(map([.netns, .ifname, .dir, .type, .src, .dst])) | unique | length == 1)'
expect_counts 'lost_events == 0 && sent - received <= 1'
