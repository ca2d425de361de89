#!/bin/bash
# Devices without a carrier, down, or of another station.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

one_router

# Another station's MAC address, in both directions. Without reasons, that function has others, too.
otherhost=$(by_reasons ': it was sent to another station'\''s MAC address' \
	': probably it was sent to another station'\''s MAC address, or its IP header is damaged')
ns_ip a neigh replace 192.0.2.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
expect_lost "lost: the request was dropped in netns r on left$otherhost" -N a 192.0.2.1
ns_ip a neigh del 192.0.2.1 dev eth0
ns_ip b neigh replace 198.51.100.1 lladdr 02:00:00:00:00:98 dev eth0 nud permanent
expect_lost "lost: the reply was dropped in netns r on right$otherhost" -N a 198.51.100.2
ns_ip b neigh del 198.51.100.1 dev eth0
wait_ping a 198.51.100.2

# The other end is down: at the router, then at the sender.
seen_down() { # NS DEVICE: has the kernel taken notice that there is no carrier?
	local text
	text=$(in_ns "$1" ip -o link show "$2")
	[[ $text =~ state' '(LOWERLAYER)?DOWN ]]
}
ns_ip b link set eth0 down
wait_until 10 seen_down r right
expect_lost 'lost: the packet cannot go on in netns r on right: the device has no carrier' -N a 198.51.100.2
knows a eth0 192.0.2.1 r left
ns_ip r link set left down
run_tracepkt -W 0.3 -N a 192.0.2.1 # it may not have, yet
expect_status 1
says "$out" 'lost: the request was dropped in netns a on eth0: (eth0 has no carrier|its other end, left in netns r, is down)' ||
	fail 'another outcome'
wait_until 10 seen_down a eth0
expect_lost 'lost: the request was dropped in netns a on eth0: eth0 has no carrier' -N a 192.0.2.1
ns_ip a neigh del 192.0.2.1 dev eth0
expect_lost 'lost: the request never left netns a: eth0 has no carrier' -N a 192.0.2.1
ns_ip r link set left up

# The router's own is down, so that it has no route by it.
ns_ip r link set right down
wait_ping a 192.0.2.1
run_tracepkt -W 2 -N a 198.51.100.2
expect_status 1
expect_last_line 'answered by an error: 192.0.2.1 says network unreachable (the request was dropped in netns r on left: there is no route to 198.51.100.2 there)'

# A dummy, with a carrier and without.
if part 'a dummy' ns_ip a link add d0 type dummy; then
	up a d0
	addr a d0 203.0.113.1/24
	expect_lost 'lost: the request was sent in netns a on d0, a dummy device, which swallows everything' \
		-N a 203.0.113.2
	if part 'a dummy without carrier' ns_ip a link set d0 carrier off; then
		expect_lost 'lost: the request was dropped in netns a on d0: d0 has no carrier' -N a 203.0.113.2
	fi
fi
expect_nothing_left
