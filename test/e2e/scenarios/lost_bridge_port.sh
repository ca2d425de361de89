#!/bin/bash
# A bridge whose ports do not forward: the one that the packet comes in by, the one that it would leave
# by, all; a bridge that is down; VLAN filtering.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool bridge
one_bridge
addr h br0 192.0.2.3/24
wait_ping h 192.0.2.2
knows a eth0 192.0.2.2 b eth0
knows b eth0 192.0.2.1 a eth0
knows h br0 192.0.2.2 b eth0

# Each test begins with a bridge that knows where both are.
state() { # PORT STATE
	in_ns h bridge link set dev "$1" state "$2"
}
restore() {
	state va 3
	state vb 3
	in_ns a ping -qnc1 -W1 192.0.2.2 >/dev/null
}
forget() {
	in_ns h ip link set br0 type bridge fdb_flush
}
at_port='lost: the request was dropped in netns h on va'

sleep 1.5 # the kernel tells the bridge late that its ports have a carrier, and it enables them
state va 0
expect_lost "$at_port: the bridge port va is in state disabled" -N a 192.0.2.2
state va 3
state va 1
expect_lost "$at_port: the bridge port va is in state listening" -N a 192.0.2.2
restore
state va 2
expect_lost "$at_port: the bridge port va is in state learning" -N a 192.0.2.2
restore

# The way out: known, then to be flooded. Kernels that say NO_TX_TARGET when
# they flood are sure of it.
expect_nowhere() { # PORTS [STATE-OF-VB]
	for _ in 1 2 3 4 5; do
		[[ ! ${2-} ]] || state vb 2
		run_tracepkt -W 0.3 -N a 192.0.2.2
		# the kernel may have enabled the port in between
		[[ ! ${2-} || $(in_ns h bridge link show dev vb) != *"state $2"* ]] || break
	done
	expect_status 1
	if says "$out" NO_TX_TARGET; then
		expect_last_line "$at_port${probably/probably /} $1"
	else
		expect_last_line "$at_port$probably $1"
	fi
}
probably=': probably the bridge br0 had no port to send it out by'
state vb 2
expect_lost "$at_port$probably (vb is in state learning)" -N a 192.0.2.2
expect_lost "lost: the request was dropped in netns h on br0$probably (vb is in state learning)" -N h 192.0.2.2
forget
expect_nowhere '(vb is in state learning)' learning
restore
ns_ip h link set vb down
expect_nowhere '(vb is down)'
ns_ip h link set vb up
restore

ns_ip h link set br0 down
expect_lost "$at_port: the bridge br0 is down" -N a 192.0.2.2
ns_ip h link set br0 up
restore

if part 'VLAN filtering' in_ns h ip link set br0 type bridge vlan_filtering 1; then
	restore
	in_ns h bridge vlan del dev va vid 1
	expect_lost "$at_port by the VLAN filtering of the bridge br0" -N a 192.0.2.2
	in_ns h bridge vlan add dev va vid 1 pvid untagged
	restore
	in_ns h bridge vlan del dev vb vid 1
	expect_nowhere '(its VLAN filtering is on)'
fi
expect_nothing_left
