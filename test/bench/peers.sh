#!/bin/bash
# tracepkt beside pwru and a script for bpftrace (peers.bt), as Debian 13 packages them, in one emulated
# machine with kernel 6.12, in rounds that take turns: what each costs packets that it is not about, how
# long it takes until it listens, its memory then, and the lines that it prints for one ping. The guest's
# clock counts instructions, a nanosecond each: under emulation, on a host with other things to do,
# nothing else can be measured twice.
#
# The packets are those of cost.sh: small UDP datagrams through a veth pair into a rule that drops them,
# with (a) nothing attached, (b) an empty program at each tracepoint that tracepkt is attached to all the time, and
# each peer, asked for the ping to one host. tracepkt and peers.bt are also at the entry and the return of
# nft_do_chain(), which (b) is not: hence (b2), with empty programs there, too.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=guest.sh
. "${0%/*}/guest.sh"
if [[ ! ${TRACEPKT_VM-} ]]; then
	BENCH_PEERS=$("$bench_dir/fetch-peers.sh") || exit
	export BENCH_PEERS
fi
# Counting takes longer.
clock=(--icount)
[[ ! ${BENCH_BRIEF-} ]] || clock=()
in_guest ${clock[@]+"${clock[@]}"} --timeout 3000 6.12
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

rounds=3 compilations=1 blasts=3 packets=10000
[[ ! $brief ]] || rounds=1 blasts=1 packets=2000

say() {
	echo "peers.sh: $*" >&2
}

# ---- the contestants --------------------------------------------------------------------------

for folder in proc sys dev; do
	mount --rbind "/$folder" "$BENCH_PEERS/$folder"
done
cp "$bench_dir/peers.bt" "$BENCH_PEERS/root/" # the guest's root has a scratch layer
cat "$BENCH_PEERS"/usr/lib/x86_64-linux-gnu/*.so* >/dev/null # in fewer pieces than a loader asks for
modprobe nf_tables

# A command until end, from the moment when it says that it is ready; the time that this took and its
# memory are noted.
begin() { # NAME MARK COMMAND...
	local seconds pid
	out=$scratch/out.$1
	coproc peer { exec "$build/test/bench/bench_until" 300 "$2" "$out" "${@:3}"; }
	# shellcheck disable=SC2154  # set by coproc
	running=$peer_PID to=${peer[1]}
	read -r -u "${peer[0]}" seconds pid || {
		say "$1 does not start:"
		tail -n 20 "$out" >&2
		exit 1
	}
	echo "$seconds" >>"$scratch/start.$1"
	"settle_$1"
	awk '/^(Rss|Pss):/ { print $1, $2 }' "/proc/$pid/smaps_rollup" >>"$scratch/memory.$1"
}

end() {
	exec {to}>&-
	wait "$running"
}

begin_empty() {
	begin empty ready "$build/test/bench/bench_empty" "${points[@]}"
}

begin_functions() {
	begin functions ready "$build/test/bench/bench_empty" "${points[@]}" kprobe:nft_do_chain
}

begin_tracepkt() {
	begin tracepkt 'first ping sent' "$tracepkt" -v -c 0 -i 3600 127.0.0.1
}

begin_pwru() {
	begin pwru 'Listening for events' chroot "$BENCH_PEERS" \
		pwru --output-meta --output-tuple 'icmp and host 198.51.100.2'
}

# It says so before the last probe is attached, some 30 ms.
begin_bpftrace() {
	begin bpftrace ready chroot "$BENCH_PEERS" bpftrace -B line /root/peers.bt
}

settle_empty() { :; }
settle_functions() { :; }
settle_tracepkt() {
	wait_until 20 has_text "$out" reply 2 # it waits for the next ping
	sleep 0.5                             # and is no longer where it is for a ping only
}
settle_pwru() { :; }
settle_bpftrace() {
	ping -c 1 -q 127.0.0.1 >"$scratch/ping"
	wait_until 20 has_text "$out" ' lo 127.0.0.1 ' 2
}

# ---- where the packets go ---------------------------------------------------------------------

pair
drop_datagrams

# As if of Docker: a bridge, a container at one port, chains on the host.
ip netns add host
ip netns add container
ip -n host link set lo up
ip -n host link add br0 type bridge
ip -n host link add veth0 type veth peer name eth0 netns container
ip -n host link set veth0 master br0 up
ip -n host addr add 198.51.100.1/24 dev br0
ip -n host link set br0 up
ip -n container addr add 198.51.100.2/24 dev eth0
ip -n container link set eth0 up
ip netns exec host nft -f - <<'RULES'
	table ip filter {
		chain INPUT {
			type filter hook input priority 0
			ct state established counter
		}
		chain OUTPUT {
			type filter hook output priority 0
			counter
		}
	}
RULES
one_ping() {
	ip netns exec host ping -c 1 -q -W 1 198.51.100.2 >"$scratch/ping"
}
wait_until 10 one_ping

# ---- start-up, cost and memory ----------------------------------------------------------------

for ((round = 0; round < compilations; round++)); do
	settle_compiling() { settle_tracepkt; }
	begin compiling 'first ping sent' "$tracepkt" -v --no-cache -c 0 -i 3600 127.0.0.1
	end
done
"$tracepkt" -v 127.0.0.1 >"$scratch/rows" 2>"$scratch/points" # the probes are kept from now on
mapfile -t points < <(sed -n 's/^tracepkt: \([a-z0-9_]*\): attached, .*/\1/p' "$scratch/points" |
	grep -vE '_do_(table|chain)$')
[[ ${#points[@]} -gt 0 ]] || { say "tracepkt attaches to no tracepoint"; exit 1; }

# The lowest of a few: now and then the guest has something else to do.
blast() { # PACKETS
	local i
	for ((i = 0; i < blasts; i++)); do
		"$build/test/bench/bench_blast" 192.0.2.2 "$1"
	done | sort -g | head -n 1
}
contestants=(empty functions tracepkt pwru bpftrace)
blast "$packets" >"$scratch/warm"
for ((round = 0; round < rounds; round++)); do
	blast "$packets" >>"$scratch/cost.nothing"
	for name in "${contestants[@]}"; do
		"begin_$name"
		case $name in
		pwru) blast $((packets / 10)) ;; # which takes as long as all the others
		*) blast "$packets" ;;
		esac >>"$scratch/cost.$name"
		end
	done
done
a=$(median <"$scratch/cost.nothing")
b=$(median <"$scratch/cost.empty")
result peers_udp_nothing "$a" ns/packet
for name in "${contestants[@]}"; do
	x=$(median <"$scratch/cost.$name")
	result "peers_udp_$name" "$x" ns/packet
	result "peers_udp_${name}_ratio" "$(calculate "$x / $a")" x/a
	result "peers_udp_${name}_cost_ratio" "$(calculate "($x - $a) / ($b - $a)")" '(x-a)/(b-a)'
done
x=$(median <"$scratch/cost.functions")
for name in tracepkt bpftrace; do
	result "peers_udp_${name}_cost_ratio_functions" \
		"$(calculate "($(median <"$scratch/cost.$name") - $a) / ($x - $a)")" '(x-a)/(b2-a)'
done
for name in compiling "${contestants[@]:2}"; do
	result "peers_start_$name" "$(median <"$scratch/start.$name")" s
done
for name in compiling "${contestants[@]:2}"; do
	for kind in Rss Pss; do
		value=$(awk -v kind="$kind:" '$1 == kind { print $2 }' "$scratch/memory.$name" | median)
		result "peers_memory_${name}_${kind,,}" "$(calculate "$value / 1024")" MiB
	done
done

# ---- lines for one ping -----------------------------------------------------------------------

ip netns exec host "$tracepkt" -q 198.51.100.2 >"$scratch/rows"
result peers_lines_tracepkt "$(grep -c -- '->' "$scratch/rows")" lines
for name in pwru bpftrace; do
	"begin_$name"
	sleep 2 # lines may come late
	before=$(wc -l <"$out")
	one_ping
	sleep 2
	end
	# without empty lines, and what they say of themselves at the end
	result "peers_lines_$name" "$(tail -n +$((before + 1)) "$out" |
		grep -cE '^0x|^[0-9]+ [a-z0-9]+ |: (dropped|the driver)')" lines
done
