#!/bin/bash
# No reply: to an address that nobody has, where the packet is never sent; and to one whose station
# is gone, where it is sent and nobody takes it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link

trace -W 0.3 -N a 192.0.2.99 # no neighbour answers, so there is nowhere to send it
expect_status 1
expect_hops </dev/null
expect_counts 'sent == 1 && received == 0'
expect_outcome <<'TEXT'
never_left neighbour: lost: nobody at 192.0.2.99 answers ARP in netns a on eth0 (1 asked, neighbour INCOMPLETE)
TEXT

ns_ip a neigh add 192.0.2.98 lladdr 02:00:00:00:00:98 dev eth0
trace -W 0.3 -N a 192.0.2.98
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.1 192.0.2.98
	b eth0 rx request 192.0.2.1 192.0.2.98
HOPS

run_tracepkt -W 0.3 -c 2 -i 0.1 -N a 192.0.2.98
expect_status 1
grep -qx '2 pings sent, no reply' "$out" || fail 'no line with the counts'

# The timeout is kept.
start=$(date +%s%N)
trace -W 1.5 -N a 192.0.2.98
expect_status 1
((($(date +%s%N) - start) / 1000000 >= 1500)) || fail 'it did not wait for the reply'
expect_nothing_left
