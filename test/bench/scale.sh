#!/bin/bash
# How time and memory grow with the length of the path, with the number of namespaces on the host, and
# with the number of rules that the ping meets.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

runs=5 hops=(5 50 500) namespaces=(10 1000 5000) rules=(10 100 1000 10000)
[[ ! $brief ]] || { runs=1 hops=(3 6) namespaces=(10 20) rules=(10 20); }

# Seconds from exec to the first ping and to the end, and the most memory: NAME SIZE NETNS ARGUMENT...
measure() {
	local i size=$2 times=$scratch/times peak=$scratch/peak
	: >"$times"
	: >"$peak"
	for ((i = 0; i < runs; i++)); do
		ip netns exec "$3" "$build/test/bench/bench_startup" 1 "$tracepkt" -v "${@:4}" >>"$times"
		ip netns exec "$3" /usr/bin/time -a -f %M -o "$peak" "$tracepkt" -q "${@:4}" >"$scratch/rows"
	done
	result "scale_$1_${size}_to_ping" "$(awk '{ print $1 }' "$times" | median)" s
	result "scale_$1_${size}_to_exit" "$(awk '{ print $2 }' "$times" | median)" s
	result "scale_$1_${size}_memory" "$(calculate "$(median <"$peak") / 1024")" MiB
}

"$tracepkt" -q 127.0.0.1 >"$scratch/rows" # the probes are kept from now on

# A row of namespaces, each a bridge between two veth pairs, but for the first and the last: N links.
# (Routers would use up the time to live.)
end() { # NETNS DEVICE ADDRESS
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$1" link set "$2" up
}
row_of() { # N
	local i
	for ((i = 0; i <= $1; i++)); do
		ip netns add "n$i"
	done
	for ((i = 0; i < $1; i++)); do
		echo "link add right netns n$i type veth peer name left netns n$((i + 1))"
	done | ip -batch -
	end n0 right 192.0.2.1/24
	end "n$1" left 192.0.2.2/24
	for ((i = 1; i < $1; i++)); do
		ip -n "n$i" -batch - <<-'COMMANDS'
			link add br0 type bridge
			link set left master br0 up
			link set right master br0 up
			link set br0 up
		COMMANDS
	done
	wait_until 30 ip netns exec n0 ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping"
}
for n in "${hops[@]}"; do
	row_of "$n"
	measure hops "$n" n0 192.0.2.2
	result "scale_hops_${n}_rows" "$(grep -c -- '->' "$scratch/rows")" rows
	for ((i = 0; i <= n; i++)); do
		ip netns del "n$i"
	done
done

ip netns add first
ip -n first link set lo up
made=0
for n in "${namespaces[@]}"; do
	for (( ; made < n; made++)); do
		echo "netns add x$made"
	done | ip -batch -
	made=$n
	measure namespaces "$n" first 127.0.0.1
done

pair
ip netns add a
ip link set eth0 netns a
ip -n a addr add 192.0.2.1/24 dev eth0
ip -n a link set eth0 up
wait_until 10 ip netns exec a ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping"
for n in "${rules[@]}"; do
	{
		echo 'flush ruleset'
		echo 'table ip bench { chain incoming { type filter hook prerouting priority 0; }; }'
		for ((i = 0; i < n; i++)); do
			echo "add rule ip bench incoming ip saddr 198.51.100.$((i % 250)) ip id $i counter"
		done
	} | ip netns exec b nft -f -
	measure rules "$n" a 192.0.2.2
done
