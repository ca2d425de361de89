#!/bin/bash
# Queueing disciplines that refuse the packet: the sender's, the answerer's, a router's.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool tc
two_stations

with_qdisc() { # NS DEVICE TEXT QDISC...
	part "qdisc $4" in_ns "$1" tc qdisc add dev "$2" root "${@:4}" || return 0
	expect_lost "$3 (tc qdisc $4)" -N a 192.0.2.2
	in_ns "$1" tc qdisc del dev "$2" root
}

request='lost: the request was dropped in netns a on eth0 by the queue of eth0'
reply='lost: the reply was dropped in netns b on eth0 by the queue of eth0'
with_qdisc a eth0 "$request" pfifo limit 0
with_qdisc a eth0 "$request" tbf rate 8kbit burst 90 limit 2000
with_qdisc a eth0 "$request" blackhole
with_qdisc a eth0 "$request" netem loss 100%
with_qdisc b eth0 "$reply" bfifo limit 10
with_qdisc b eth0 "$reply" netem loss 100%

# In a queue, not lost yet.
if part 'netem delay' in_ns a tc qdisc add dev eth0 root netem delay 9s; then
	expect_lost 'lost: the request waits in the queue in netns a on eth0 (tc qdisc netem)' -N a 192.0.2.2
	in_ns a tc qdisc del dev eth0 root
fi

# The leaf of a queue with classes: the device's own is named.
if part 'qdisc htb' in_ns a tc qdisc add dev eth0 root handle 1: htb default 1; then
	in_ns a tc class add dev eth0 parent 1: classid 1:1 htb rate 1mbit
	in_ns a tc qdisc add dev eth0 parent 1:1 pfifo limit 0
	expect_lost "$request (tc qdisc htb)" -N a 192.0.2.2
	in_ns a tc qdisc del dev eth0 root
fi

ns_add r c
veth a east r left
veth r right c eth0
router r
addr a east 203.0.113.1/28
addr r left 203.0.113.2/28
addr r right 203.0.113.17/28
addr c eth0 203.0.113.18/28
route a 203.0.113.16/28 via 203.0.113.2
route c default via 203.0.113.17
wait_ping a 203.0.113.18
in_ns r tc qdisc add dev right root pfifo limit 0
expect_lost 'lost: the request was dropped in netns r on right by the queue of right (tc qdisc pfifo)' \
	-N a 203.0.113.18
expect_nothing_left
