#!/bin/bash
# Too big for a link behind a router, for a route there, for the other end of a veth.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

one_router
size=1400 narrow=1300
bytes4=$((size + 8 + 20)) bytes6=$((size + 8 + 40)) # with the headers of ICMP and IP

ns_ip r link set right mtu $narrow
ns_ip b link set eth0 mtu $narrow
expect_told "error mtu: answered by an error: 192.0.2.1 says fragmentation needed (mtu $narrow) (the request was dropped in netns r on left: its $bytes4 bytes are too many for device right, whose mtu is $narrow, and it may not be fragmented)" \
	-s $size -N a 198.51.100.2
expect_drops <<'DROPS'
	r left drop request 192.0.2.2 198.51.100.2 PKT_TOO_BIG
DROPS
trace -W 5 -s $size -N a 198.51.100.2 # now a knows, and sends fragments
expect_status 0
expect_outcome </dev/null

# A link whose ends do not agree: of the reply, then of the request.
ns_ip b link set eth0 mtu 1500
expect_told "reply_lost mtu: lost: the reply was dropped in netns b on eth0: its $bytes4 bytes are too many for the other end in netns r on right, whose mtu is $narrow" \
	-s $size -N a 198.51.100.2
ns_ip r link set left mtu $narrow
expect_told "request_lost mtu: lost: the request was dropped in netns a on eth0: its $bytes4 bytes are too many for the other end in netns r on left, whose mtu is $narrow" \
	-s $size -N a 192.0.2.1
expect_drops <<'DROPS'
	a eth0 drop request 192.0.2.2 192.0.2.1 NOT_SPECIFIED
DROPS
ns_ip r link set left mtu 1500

need_ipv6
ns_ip b link set eth0 mtu $narrow
one_router6
expect_told "error mtu: answered by an error: 2001:db8:1::1 says packet too big (mtu $narrow) (the request was dropped in netns r on right: its $bytes6 bytes are too many for device right, whose mtu is $narrow)" \
	-s $size -N a 2001:db8:2::2
expect_drops <<'DROPS'
	r right drop request 2001:db8:1::2 2001:db8:2::2 PKT_TOO_BIG
DROPS
trace -W 5 -s $size -N a 2001:db8:2::2
expect_status 0
expect_outcome </dev/null

# The route has an mtu of its own; the error goes to b, which then knows.
ns_ip r link set right mtu 1500
ns_ip b link set eth0 mtu 1500
ns_ip r -6 route add 2001:db8:1::2/128 dev left mtu $narrow
expect_told "reply_lost mtu: lost: the reply was dropped in netns r on left: its $bytes6 bytes are too many for the route to 2001:db8:1::2 there, whose mtu is $narrow" \
	-s $size -N a 2001:db8:2::2
trace -W 5 -s $size -N a 2001:db8:2::2
expect_status 0
expect_outcome </dev/null
