#!/bin/bash
# A neighbour does not answer: of the sender, of a router, of the one that replies.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

one_router

# Until the kernel gives up, after 3 s, the request waits; then it is dropped.
expect_told 'never_left neighbour: lost: nobody at 192.0.2.9 answers ARP in netns a on eth0 (1 asked, neighbour INCOMPLETE)' \
	-N a 192.0.2.9
expect_told 'never_left neighbour: lost: nobody at 192.0.2.10 answers ARP in netns a on eth0 (3 asked, neighbour FAILED)' \
	-W 3.6 -N a 192.0.2.10

expect_told 'request_lost neighbour: lost: nobody at 198.51.100.9 answers ARP in netns r on right (1 asked, neighbour INCOMPLETE)' \
	-N a 198.51.100.9
expect_told 'error neighbour: answered by an error: 192.0.2.1 says host unreachable, for nobody at 198.51.100.10 answers ARP in netns r on right (3 asked, neighbour FAILED)' \
	-W 3.6 -N a 198.51.100.10

# The way of the reply: of the target, then of the router.
ns_ip b route replace default via 198.51.100.77
expect_told 'reply_lost neighbour: lost: the request arrived in netns b on eth0, but its reply got stuck: nobody at 198.51.100.77 answers ARP in netns b on eth0 (1 asked, neighbour INCOMPLETE)' \
	-N a 198.51.100.2
expect_told 'reply_lost neighbour: lost: the reply got stuck: nobody at 198.51.100.77 answers ARP in netns b on eth0 (3 asked, neighbour FAILED)' \
	-W 3.6 -N a 198.51.100.2

ns_ip b route replace default via 198.51.100.1
wait_ping a 198.51.100.2
ns_ip r route add 203.0.113.9 via 192.0.2.77
addr a lo 203.0.113.9/32
expect_told 'reply_lost neighbour: lost: the reply got stuck: nobody at 192.0.2.77 answers ARP in netns r on left (1 asked, neighbour INCOMPLETE)' \
	-N a -I 203.0.113.9 198.51.100.2
expect_hops <<'HOPS'
	a eth0  tx request 203.0.113.9 198.51.100.2
	r left  rx request 203.0.113.9 198.51.100.2
	r right tx request 203.0.113.9 198.51.100.2
	b eth0  rx request 203.0.113.9 198.51.100.2
	b eth0  tx reply   198.51.100.2 203.0.113.9
	r right rx reply   198.51.100.2 203.0.113.9
HOPS

need_ipv6
one_router6
expect_told 'never_left neighbour: lost: nobody at 2001:db8:1::9 answers neighbour discovery in netns a on eth0 (1 asked, neighbour INCOMPLETE)' \
	-N a 2001:db8:1::9
expect_told 'never_left neighbour: lost: nobody at 2001:db8:1::10 answers neighbour discovery in netns a on eth0 (3 asked, neighbour FAILED)' \
	-W 3.6 -N a 2001:db8:1::10
expect_told 'request_lost neighbour: lost: nobody at 2001:db8:2::9 answers neighbour discovery in netns r on right (1 asked, neighbour INCOMPLETE)' \
	-N a 2001:db8:2::9
expect_told 'error neighbour: answered by an error: 2001:db8:1::1 says address unreachable, for nobody at 2001:db8:2::10 answers neighbour discovery in netns r on right (3 asked, neighbour FAILED)' \
	-W 3.6 -N a 2001:db8:2::10

ns_ip b -6 route del default
route b default via 2001:db8:2::77
expect_told 'reply_lost neighbour: lost: the request arrived in netns b on eth0, but its reply got stuck: nobody at 2001:db8:2::77 answers neighbour discovery in netns b on eth0 (1 asked, neighbour INCOMPLETE)' \
	-N a 2001:db8:2::2
