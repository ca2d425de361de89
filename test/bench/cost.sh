#!/bin/bash
# What tracepkt costs packets that it does not trace: small UDP datagrams through a veth pair into a rule
# that drops them, and TCP through a veth pair, each in turn (a) with nothing attached, (b) with an
# empty program at each tracepoint that tracepkt is attached to all the time, (c) with tracepkt between two pings,
# (d) with tracepkt that follows 64 skbs, in every fifth round.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

rounds=125 packets=90000 slices=12 tcp_rounds=60 window=0.2
[[ ! $brief ]] || rounds=1 packets=20000 slices=2 tcp_rounds=2

pair
drop_datagrams
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

# bench_empty ends with its standard input.
empty_begin() {
	local ready
	coproc empty { exec "$build/test/bench/bench_empty" "${points[@]}"; }
	# shellcheck disable=SC2154  # set by coproc
	empty_pid=$empty_PID empty_input=${empty[1]}
	read -r -u "${empty[0]}" ready
	[[ $ready == ready ]]
}

empty_end() {
	exec {empty_input}>&-
	wait "$empty_pid"
}

blast_b() {
	empty_begin
	blast
	empty_end
}

blast_c() {
	tracing reply 2 -q -c 0 -i 3600 127.0.0.1
	taskset -c -p "$first" "$tracer" >"$scratch/taskset"
	sleep 0.1 # and it has detached what it needs for a ping only
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
	for which in a b c; do
		"blast_$which" >>"$scratch/$which"
	done
	((round % 5 != 0)) || blast_d >>"$scratch/d"
done
# On a processor whose other thread is somebody else's, a packet takes a third more for tenths of a second or for
# minutes, and medians tell who was lucky. All of that can only add: of a round the lowest of short slices
# counts, and of the rounds the tenth part that is the lowest.
for which in a b c d; do
	declare "$which=$(lowest_tenth <"$scratch/$which")"
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

# TCP: one connection all the time, as throughput differs more from one to the next than by what is
# attached. Both ends share one CPU, which so has all of the work, and CUBIC does not wait for the clock
# as BBR does. A round looks at the bytes that leave, in turn with nothing attached (a), and with
# empty programs (b) or tracepkt (c); its ratios are those to the (a) before and after.
ip netns exec b taskset -c "$last" iperf3 -s -1 --forceflush >"$scratch/iperf3" 2>&1 &
wait_until 10 has_text "$scratch/iperf3" listening 1
taskset -c "$last" timeout 600 iperf3 -c 192.0.2.2 -t 600 -C cubic >"$scratch/client" 2>&1 &
client=$!
mkdir "$scratch/sys"
mount -t sysfs sysfs "$scratch/sys" # the one at /sys has the devices of another namespace
taskset -c -p "$first" $$ >"$scratch/taskset"
sleep 1

rate() { # bits a nanosecond, and so Gbit/s
	local from to begin end
	read -r from <"$scratch/sys/class/net/eth0/statistics/tx_bytes"
	begin=$EPOCHREALTIME
	sleep "$window"
	read -r to <"$scratch/sys/class/net/eth0/statistics/tx_bytes"
	end=$EPOCHREALTIME
	calculate "($to - $from) * 8 / ($end - $begin) / 1e9"
}
for ((round = 0; round < tcp_rounds; round++)); do
	before=$(rate)
	empty_begin
	b=$(rate)
	empty_end
	between=$(rate)
	tracing reply 2 -q -c 0 -i 3600 127.0.0.1
	sleep 0.1
	c=$(rate)
	tracing_end
	after=$(rate)
	printf '%s\n' "$before" >>"$scratch/tcp_a"
	calculate "2 * $b / ($before + $between)" >>"$scratch/tcp_b"
	calculate "2 * $c / ($between + $after)" >>"$scratch/tcp_c"
	echo | tee -a "$scratch/tcp_b" >>"$scratch/tcp_c"
done
kill "$client"
wait "$client" || true
result tcp_nothing "$(median <"$scratch/tcp_a")" Gbit/s
result tcp_ratio_empty_programs "$(median <"$scratch/tcp_b")" b/a
result tcp_ratio "$(median <"$scratch/tcp_c")" c/a
