#!/bin/bash
# Kinds of tunnels that are seldom met: L2TP over IP and over UDP, ERSPAN.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

# A tunnel of both ends, each with an id of its own, for the kernel takes its time to forget one.
l2tp() { # FAMILY ID ip|udp [OPTION...]
	local ns other
	for ns in a b; do
		other=$([[ $ns == a ]] && echo b || echo a)
		in_ns "$ns" ip l2tp add tunnel tunnel_id "$2" peer_tunnel_id "$2" local "$(outside "$1" "$ns")" \
			remote "$(outside "$1" "$other")" encap "${@:3}" 2>"$scratch/why" ||
			skip "this kernel has no L2TP ($(head -n 1 "$scratch/why"))"
		ns_ip "$ns" l2tp add session name "l2tp$2" tunnel_id "$2" session_id "$2" peer_session_id "$2"
	done
	tunnel_up "l2tp$2" 4 6
}

l2tp_end() { # ID
	ns_ip a l2tp del tunnel tunnel_id "$1"
	ns_ip b l2tp del tunnel tunnel_id "$1"
}

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	l2tp "$family" "1$family" ip
	expect_tunnel "l2tp1$family" "$family" 4 115
	l2tp_end "1$family"

	l2tp "$family" "2$family" udp udp_sport "170$family" udp_dport "170$family"
	expect_tunnel "l2tp2$family" "$family" 4 "17/170$family"
	l2tp_end "2$family"
done

tunnel_add er0 4 type erspan seq key 5 erspan_ver 1 erspan 9
tunnel_up er0 4
expect_tunnel er0 4 4 47
tunnel_del er0
