#!/bin/bash
# VXLAN between two hosts, with IPv4 and with IPv6 around it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	tunnel_add vx0 "$family" type vxlan id 7 dstport 4789 dev eth0
	tunnel_up vx0 4 6
	expect_tunnel vx0 "$family" 4 17/4789
	[[ ! -e /proc/net/if_inet6 ]] || expect_tunnel vx0 "$family" 6 17/4789
	tunnel_del vx0
done
