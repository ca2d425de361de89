#!/bin/bash
# Too big for a link behind a router, for a route there, for the other end of a veth.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router

ns_ip r link set right mtu 1300
ns_ip b link set eth0 mtu 1300
trace -s 1400 -W 0.3 -N a 198.51.100.2
expect_status 1
expect_outcome <<'OUTCOME'
error mtu: answered by an error: 192.0.2.1 says fragmentation needed (mtu 1300) (the request was dropped in netns r on left: its 1428 bytes are too many for device right, whose mtu is 1300, and it may not be fragmented)
OUTCOME
expect_drops <<'DROPS'
	r left drop request 192.0.2.2 198.51.100.2 PKT_TOO_BIG
DROPS
trace -W 5 -s 1400 -N a 198.51.100.2 # now a knows, and sends fragments
expect_status 0
expect_outcome </dev/null

# A link whose ends do not agree: of the reply, then of the request.
ns_ip b link set eth0 mtu 1500
trace -s 1400 -W 0.3 -N a 198.51.100.2
expect_status 1
expect_outcome <<'OUTCOME'
reply_lost mtu: lost: the reply was dropped in netns b on eth0: its 1428 bytes are too many for the other end in netns r on right, whose mtu is 1300
OUTCOME
ns_ip r link set left mtu 1300
trace -s 1400 -W 0.3 -N a 192.0.2.1
expect_status 1
expect_outcome <<'OUTCOME'
request_lost mtu: lost: the request was dropped in netns a on eth0: its 1428 bytes are too many for the other end in netns r on left, whose mtu is 1300
OUTCOME
expect_drops <<'DROPS'
	a eth0 drop request 192.0.2.2 192.0.2.1 NOT_SPECIFIED
DROPS
ns_ip r link set left mtu 1500

need_ipv6
ns_ip b link set eth0 mtu 1300
one_router6
trace -s 1400 -W 0.3 -N a 2001:db8:2::2
expect_status 1
expect_outcome <<'OUTCOME'
error mtu: answered by an error: 2001:db8:1::1 says packet too big (mtu 1300) (the request was dropped in netns r on right: its 1448 bytes are too many for device right, whose mtu is 1300)
OUTCOME
expect_drops <<'DROPS'
	r right drop request 2001:db8:1::2 2001:db8:2::2 PKT_TOO_BIG
DROPS
trace -W 5 -s 1400 -N a 2001:db8:2::2
expect_status 0
expect_outcome </dev/null

# The route has an mtu of its own; the error goes to b, which then knows.
ns_ip r link set right mtu 1500
ns_ip b link set eth0 mtu 1500
ns_ip r -6 route add 2001:db8:1::2/128 dev left mtu 1300
trace -s 1400 -W 0.3 -N a 2001:db8:2::2
expect_status 1
expect_outcome <<'OUTCOME'
reply_lost mtu: lost: the reply was dropped in netns r on left: its 1448 bytes are too many for the route to 2001:db8:1::2 there, whose mtu is 1300
OUTCOME
trace -W 5 -s 1400 -N a 2001:db8:2::2
expect_status 0
expect_outcome </dev/null
