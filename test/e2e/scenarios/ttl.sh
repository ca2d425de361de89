#!/bin/bash
# -t: a ping that a router gives up gets an error; with one more it gets a reply.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_router

trace -t 1 -W 0.3 -N a 198.51.100.2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.2 198.51.100.2
	r left rx request 192.0.2.2 198.51.100.2
	r left tx error   192.0.2.1 192.0.2.2 icmp 11/0
	a eth0 rx error   192.0.2.1 192.0.2.2 icmp 11/0
HOPS
expect_drops <<'HOPS'
	r left drop request 192.0.2.2 198.51.100.2 IP_INHDR
HOPS
expect_counts 'sent == 1 && received == 0'
expect_outcome <<'TEXT'
error ttl: answered by an error: 192.0.2.1 says time to live exceeded (ttl 1 was spent in netns r)
TEXT

run_tracepkt -t 1 -W 0.3 -N a 198.51.100.2
expect_status 1
grep -qx '1 ping sent, no reply' "$out" || fail 'no line with the counts'
expect_last_line 'answered by an error: 192.0.2.1 says time to live exceeded (ttl 1 was spent in netns r)'

trace -t 2 -N a 198.51.100.2
expect_status 0
expect_hops <<'HOPS'
	a eth0  tx request 192.0.2.2 198.51.100.2
	r left  rx request 192.0.2.2 198.51.100.2
	r right tx request 192.0.2.2 198.51.100.2
	b eth0  rx request 192.0.2.2 198.51.100.2
	b eth0  tx reply   198.51.100.2 192.0.2.2
	r right rx reply   198.51.100.2 192.0.2.2
	r left  tx reply   198.51.100.2 192.0.2.2
	a eth0  rx reply   198.51.100.2 192.0.2.2
HOPS

need_ipv6
one_router6
trace -t 1 -W 0.3 -N a 2001:db8:2::2
expect_status 1
expect_hops <<'HOPS'
	a eth0 tx request 2001:db8:1::2 2001:db8:2::2
	r left rx request 2001:db8:1::2 2001:db8:2::2
	r left tx error   2001:db8:1::1 2001:db8:1::2 icmp 3/0
	a eth0 rx error   2001:db8:1::1 2001:db8:1::2 icmp 3/0
HOPS
expect_outcome <<'TEXT'
error ttl: answered by an error: 2001:db8:1::1 says hop limit exceeded (hop limit 1 was spent in netns r)
TEXT
