#!/bin/bash
# Foo over UDP and GUE: IPIP, SIT and GRE, with UDP put before them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

[[ ! ${TRACEPKT_VM-} ]] || modprobe -qa fou fou6 # which nothing loads
two_hosts
for host in a b; do
	for listener in '5555 ipproto 4' '5556 ipproto 47' '5557 gue'; do
		# shellcheck disable=SC2086  # words
		or_skip FOU in_ns "$host" ip fou add port $listener
	done
done
tunnel_add t0 4 type ipip encap fou encap-sport auto encap-dport 5555
tunnel_up t0 4
expect_tunnel t0 4 4 17/5555
tunnel_del t0

tunnel_add t1 4 type gretap encap fou encap-sport auto encap-dport 5556
tunnel_up t1 4 6
expect_tunnel t1 4 4 17/5556
[[ ! -e /proc/net/if_inet6 ]] || expect_tunnel t1 4 6 17/5556
tunnel_del t1

tunnel_add t2 4 type ipip encap gue encap-sport auto encap-dport 5557
tunnel_up t2 4
expect_tunnel t2 4 4 17/5557
tunnel_del t2

need_ipv6
tunnel_add t3 4 type sit mode any encap gue encap-sport auto encap-dport 5557
tunnel_up t3 6
expect_tunnel t3 4 6 17/5557
