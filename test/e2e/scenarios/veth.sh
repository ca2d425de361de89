#!/bin/bash
# A veth pair between two namespaces, both families, from each side.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link

trace -N a 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	a eth0 tx request 192.0.2.1 192.0.2.2
	b eth0 rx request 192.0.2.1 192.0.2.2
	b eth0 tx reply   192.0.2.2 192.0.2.1
	a eth0 rx reply   192.0.2.2 192.0.2.1
HOPS
expect_netns_names
expect_counts 'sent == 1 && received == 1 && lost_events == 0'

need_ipv6
addr a eth0 2001:db8::1/64
addr b eth0 2001:db8::2/64
wait_ping b 2001:db8::1

trace -N b 2001:db8::1
expect_status 0
expect_hops <<'HOPS'
	b eth0 tx request 2001:db8::2 2001:db8::1
	a eth0 rx request 2001:db8::2 2001:db8::1
	a eth0 tx reply   2001:db8::1 2001:db8::2
	b eth0 rx reply   2001:db8::1 2001:db8::2
HOPS
expect_nothing_left
