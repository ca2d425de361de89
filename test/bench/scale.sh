#!/bin/bash
# How time and memory grow with the length of the path, with the number of namespaces on the host, and
# with the number of rules that the ping meets.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

runs=7 hops=(5 50 500) namespaces=(10 1000 5000) rules=(10 100 1000 10000)
[[ ! $brief ]] || { runs=1 hops=(3 6) namespaces=(10 20) rules=(10 20); }
declare -A least=() # "NAME SIZE": the shortest time to the end, which other load disturbs least

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
	least["$1 $size"]=$(awk '{ print $2 }' "$times" | sort -g | head -n 1)
}

# How much more time the last size takes than it would if time grew from the last but one in proportion to
# the size; each counts above the smallest, so that what is always the same does not hide it: 1 is linear.
# Of the last but one at least 5 ms are counted, for less cannot be told from the noise of a start.
linear() { # NAME SIZE...
	local first=$2 middle=${*: -2:1} last=${*: -1}
	[[ $middle -gt $first ]] || middle=$last
	result "scale_$1_linear" "$(awk -v s="$first" -v m="$middle" -v l="$last" \
		-v time_s="${least["$1 $first"]}" -v time_m="${least["$1 $middle"]}" \
		-v time_l="${least["$1 $last"]}" 'BEGIN {
			rise = time_m - time_s > 0.005 ? time_m - time_s : 0.005
			printf "%.3g", (time_l - time_s) / (rise * (l - s) / (m - s))
		}')" ratio
}

"$tracepkt" -q 127.0.0.1 >"$scratch/rows" # the probes are kept from now on

# A row of namespaces, each a bridge between two veth pairs, but for the first and the last: N links.
# (Routers would use up the time to live.) The bridges are to send nothing by themselves.
end() { # NETNS DEVICE ADDRESS
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$1" link set "$2" up
}
row_of() { # N
	local i
	for ((i = 0; i <= $1; i++)); do
		echo "netns add n$i"
	done | ip -batch -
	for ((i = 0; i < $1; i++)); do
		echo "link add right netns n$i type veth peer name left netns n$((i + 1))"
	done | ip -batch -
	end n0 right 192.0.2.1/24
	end "n$1" left 192.0.2.2/24
	for ((i = 1; i < $1; i++)); do
		ip -n "n$i" -batch - <<-'COMMANDS'
			link add br0 type bridge mcast_snooping 0
			link set br0 addrgenmode none
			link set left addrgenmode none master br0 up
			link set right addrgenmode none master br0 up
			link set br0 up
		COMMANDS
	done
	wait_until 30 ip netns exec n0 ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping"
}
for n in "${hops[@]}"; do
	row_of "$n"
	measure hops "$n" n0 192.0.2.2
	result "scale_hops_${n}_rows" "$(grep -c -- '->' "$scratch/rows")" rows
	ip netns exec n0 "$tracepkt" -q -o json -c 20 -i 0 192.0.2.2 | tail -n 1 >"$scratch/summary"
	result "scale_hops_${n}_lost" "$(jq .lost_events "$scratch/summary")" events
	for ((i = 0; i <= n; i++)); do
		echo "netns del n$i"
	done | ip -batch -
done
linear hops "${hops[@]}"

# Namespaces that have a name, and a tenth of them that only a process keeps. The ping goes from one that
# was named before all others to one of the latter kind, so that both lists have to be gone through.
ip netns add first
unshare --net sleep infinity &
last=$!
not_ours() {
	! [[ /proc/$last/ns/net -ef /proc/self/ns/net ]]
}
wait_until 5 not_ours
ip link add eth0 netns first type veth peer name eth0 netns "$last"
end first eth0 192.0.2.1/24
nsenter --net -t "$last" ip addr add 192.0.2.2/24 dev eth0
nsenter --net -t "$last" ip link set eth0 up
wait_until 10 ip netns exec first ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping"
made=0
for n in "${namespaces[@]}"; do
	for ((i = made; i < n; i++)); do
		echo "netns add x$i"
	done | ip -batch -
	for ((i = made / 10; i < n / 10; i++)); do
		unshare --net sleep infinity &
	done
	made=$n
	measure namespaces "$n" first 192.0.2.2
done
linear namespaces "${namespaces[@]}"

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
linear rules "${rules[@]}"
