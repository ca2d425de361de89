#!/bin/bash
# A router without a route to the target, or with a route or rule against it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

two_routers
ns_sysctl r1 net.ipv4.icmp_ratemask=0 # no limits; see icmp_errors

# Told of a ping to $target that r1 refuses, by a route or rule of a type: a router says so, but where
# that is a blackhole.
expect_refused() { # TYPE WHAT-IS-SAID-OF-UNREACHABLE WHY
	local says=$2 why="(the request was dropped in netns r1 on left: $3)"
	case $1 in
	blackhole)
		expect_told "request_lost route_blackhole: lost: the request was dropped in netns r1 on left: $3" -N a $target
		return
		;;
	prohibit) says='communication administratively prohibited' ;;
	esac
	expect_told "error route_$1: answered by an error: $router says $says $why" -N a $target
}
target=203.0.113.2 router=192.0.2.1

ns_ip r1 route del 203.0.113.0/24
expect_told 'error no_route: answered by an error: 192.0.2.1 says network unreachable (the request was dropped in netns r1 on left: there is no route to 203.0.113.2 there)' \
	-N a $target
expect_hops <<'HOPS'
	a eth0  tx request 192.0.2.2 203.0.113.2
	r1 left rx request 192.0.2.2 203.0.113.2
	r1 left tx error   192.0.2.1 192.0.2.2 icmp 3/0
	a eth0  rx error   192.0.2.1 192.0.2.2 icmp 3/0
HOPS
expect_drops <<'DROPS'
	r1 left drop request 192.0.2.2 203.0.113.2 IP_INNOROUTES
DROPS

for type in unreachable prohibit blackhole; do
	ns_ip r1 route replace "$type" 203.0.113.0/24
	expect_refused $type 'host unreachable' "the route to $target there is of type $type"
done

ns_ip r1 route replace 203.0.113.0/24 via 198.51.100.2
for type in unreachable prohibit blackhole; do
	ns_ip r1 rule add to 203.0.113.2 "$type" prio 100
	expect_refused $type 'network unreachable' "a rule of policy routing there (ip rule) says $type for $target"
	ns_ip r1 rule del prio 100
done
# A rule that asks for the source and the device.
for type in prohibit blackhole; do
	ns_ip r1 rule add from 192.0.2.0/24 iif left $type prio 100
	expect_refused $type '' "a rule of policy routing there (ip rule) says $type for $target"
	ns_ip r1 rule del prio 100
done

# The sender's own: there is nothing to trace.
expect_own() { # PREFIX ADDRESS [FAMILY-OPTION]
	local type no_way="no way to $2 in that namespace" family=("${@:3}")
	for type in unreachable prohibit blackhole; do
		ns_ip a ${family[@]+"${family[@]}"} rule add to "$2" "$type" prio 100
		run_tracepkt -W 0.3 -N a "$2"
		expect_error "$no_way: a rule of policy routing says $type; 'ip${3:+ $3} rule' lists it"
		ns_ip a ${family[@]+"${family[@]}"} rule del prio 100
		ns_ip a ${family[@]+"${family[@]}"} route add "$type" "$1"
		run_tracepkt -W 0.3 -N a "$2"
		expect_error "$no_way: the route to it is of type $type; 'ip route show table all match $2' lists it"
		says <(in_ns a ip route show table all match "$2") "$type ${1%/*}" || fail 'it does not'
		ns_ip a ${family[@]+"${family[@]}"} route del "$type" "$1"
	done
	ns_ip a ${family[@]+"${family[@]}"} route del default
	run_tracepkt -W 0.3 -N a "$2"
	expect_error "no route to $2 in that namespace; 'ip route get' tells more"
}
expect_own 203.0.113.2/32 203.0.113.2
route a default via 192.0.2.1
# A rule that asks for the source, and a source that is not for there.
ns_ip a rule add from 192.0.2.2 blackhole prio 100
run_tracepkt -W 0.3 -I 192.0.2.2 -N a 203.0.113.2
expect_error "no way to .* in that namespace: a rule of policy routing says blackhole; 'ip rule' lists it"
ns_ip a rule del prio 100
run_tracepkt -W 0.3 -I 127.0.0.1 -N a 203.0.113.2
expect_error 'cannot reach 203.0.113.2 in that namespace with -I 127.0.0.1: Invalid argument'

need_ipv6
two_routers6
ns_sysctl r1 net.ipv6.icmp.ratelimit=0
target=2001:db8:3::2 router=2001:db8:1::1

ns_ip r1 route del 2001:db8:3::/64
expect_told 'error no_route: answered by an error: 2001:db8:1::1 says no route to destination (the request was dropped in netns r1 on left: there is no route to 2001:db8:3::2 there)' \
	-N a $target
expect_hops <<'HOPS'
	a eth0  tx request 2001:db8:1::2 2001:db8:3::2
	r1 left rx request 2001:db8:1::2 2001:db8:3::2
	r1 left tx error   2001:db8:1::1 2001:db8:1::2 icmp 1/0
	a eth0  rx error   2001:db8:1::1 2001:db8:1::2 icmp 1/0
HOPS
expect_drops <<'DROPS'
	r1 left drop request 2001:db8:1::2 2001:db8:3::2 IP_INNOROUTES
DROPS
for type in unreachable prohibit blackhole; do
	ns_ip r1 -6 route replace "$type" 2001:db8:3::/64
	expect_refused $type 'no route to destination' "the route to $target there is of type $type"
	ns_ip r1 -6 route del "$type" 2001:db8:3::/64
done
route r1 2001:db8:3::/64 via 2001:db8:2::2
for type in unreachable prohibit blackhole; do
	ns_ip r1 -6 rule add to 2001:db8:3::2 "$type" prio 100
	expect_refused $type 'no route to destination' "a rule of policy routing there (ip rule) says $type for $target"
	ns_ip r1 -6 rule del prio 100
done
expect_own 2001:db8:3::2/128 2001:db8:3::2 -6
