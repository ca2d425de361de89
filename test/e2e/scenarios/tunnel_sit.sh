#!/bin/bash
# IPv6 in IPv4: the ping shows at the tunnel devices, which have no MAC header.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_ipv6
ns_add a b
veth a eth0 b eth0
addr a eth0 198.51.100.1/24
addr b eth0 198.51.100.2/24
link_or_skip a t0 type sit local 198.51.100.1 remote 198.51.100.2
ns_ip b link add t0 type sit local 198.51.100.2 remote 198.51.100.1
up a t0
up b t0
addr a t0 2001:db8::1/64
addr b t0 2001:db8::2/64
wait_ping a 2001:db8::2

trace -N a 2001:db8::2
expect_status 0
only_devices=t0
expect_hops <<'HOPS'
	a t0 tx request 2001:db8::1 2001:db8::2
	b t0 rx request 2001:db8::1 2001:db8::2
	b t0 tx reply   2001:db8::2 2001:db8::1
	a t0 rx reply   2001:db8::2 2001:db8::1
HOPS
