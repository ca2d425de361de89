#!/bin/bash
# What tracepkt costs packets that it does not trace: small UDP datagrams through a veth pair into a rule
# that drops them, and TCP through a veth pair, each in turn (a) with nothing attached, (b) with an
# empty program at each tracepoint that tracepkt attaches to, (c) with tracepkt between two pings,
# (d) with tracepkt that follows 64 skbs. Figures are medians of rounds that take turns; in a round of
# UDP the lowest of short slices counts, for what else the machine does comes and goes.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

rounds=15 packets=300000 slices=20 seconds=2
[[ ! $brief ]] || rounds=1 packets=20000 slices=2 seconds=1

pair
ip netns exec b nft -f - <<'RULES'
	table ip bench {
		chain incoming {
			type filter hook prerouting priority -300
			udp dport 9 drop
		}
	}
RULES
"$tracepkt" -v 127.0.0.1 >"$scratch/rows" 2>"$scratch/points" # the probes are kept from now on
mapfile -t points < <(sed -n 's/^tracepkt: \([a-z0-9_]*\): attached, .*/\1/p' "$scratch/points")

# One CPU takes a packet from the socket to the drop; the other has what is beside it.
first=$(taskset -c -p $$ | sed 's/.*: //; s/[-,].*//')
last=$(taskset -c -p $$ | sed 's/.*[-, ]//')
blast() {
	taskset -c "$last" "$build/test/bench/bench_blast" 192.0.2.2 "$packets" "$slices"
}

blast_a() {
	blast
}

blast_b() {
	coproc empty { exec "$build/test/bench/bench_empty" "${points[@]}"; }
	# shellcheck disable=SC2154  # set by coproc
	local pid=$empty_PID to=${empty[1]} ready
	read -r -u "${empty[0]}" ready
	[[ $ready == ready ]]
	blast
	exec {to}>&-
	wait "$pid"
}

blast_c() {
	tracing reply 2 -q -c 0 -i 3600 127.0.0.1
	taskset -c -p "$first" "$tracer" >"$scratch/taskset"
	sleep 0.1
	blast
	tracing_end
}

# A tun device that nobody reads from keeps the pings.
blast_d() {
	coproc deaf { exec "$tools/tunecho" --deaf tun0; }
	# shellcheck disable=SC2154  # set by coproc
	local pid=$deaf_PID ready
	read -r -u "${deaf[0]}" ready
	[[ $ready == ready ]]
	ip addr add 198.51.100.1/24 dev tun0
	tracing request 64 -q -c 64 -i 0.005 -W 3600 198.51.100.2
	taskset -c -p "$first" "$tracer" >"$scratch/taskset"
	sleep 0.1
	blast
	tracing_end
	kill "$pid"
	wait "$pid" || true
}

blast >"$scratch/warm"
for ((round = 0; round < rounds; round++)); do
	for which in a b c d; do
		"blast_$which" >>"$scratch/$which"
	done
done
for which in a b c d; do
	declare "$which=$(median <"$scratch/$which")"
done
# shellcheck disable=SC2154  # declared above
{
	result udp_nothing "$a" ns/packet
	result udp_empty_programs "$b" ns/packet
	result udp_waiting "$c" ns/packet
	result udp_following_64 "$d" ns/packet
	result udp_cost_ratio "$(calculate "($c - $a) / ($b - $a)")" '(c-a)/(b-a)'
	result udp_cost_ratio_following_64 "$(calculate "($d - $a) / ($b - $a)")" '(d-a)/(b-a)'
}

# Bits a second that iperf3 gets through.
tcp() {
	local server
	: >"$scratch/iperf3"
	ip netns exec b timeout $((seconds + 30)) iperf3 -s -1 --forceflush >>"$scratch/iperf3" &
	server=$!
	wait_until 10 has_text "$scratch/iperf3" listening 1
	timeout $((seconds + 20)) iperf3 -c 192.0.2.2 -t "$seconds" -J >"$scratch/iperf3.json"
	wait "$server"
	jq -e .end.sum_received.bits_per_second "$scratch/iperf3.json"
}
for ((round = 0; round < rounds; round++)); do
	tcp >>"$scratch/tcp_a"
	tracing reply 2 -q -c 0 -i 3600 127.0.0.1
	tcp >>"$scratch/tcp_c"
	tracing_end
done
a=$(median <"$scratch/tcp_a")
c=$(median <"$scratch/tcp_c")
result tcp_nothing "$(calculate "$a / 1e9")" Gbit/s
result tcp_waiting "$(calculate "$c / 1e9")" Gbit/s
result tcp_ratio "$(calculate "$c / $a")" c/a
