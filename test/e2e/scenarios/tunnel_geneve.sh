#!/bin/bash
# Geneve, with IPv4 and with IPv6 around it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	link_or_skip a gn0 type geneve id 7 remote "$(outside "$family" b)"
	ns_ip b link add gn0 type geneve id 7 remote "$(outside "$family" a)"
	tunnel_up gn0 4 6
	expect_tunnel gn0 "$family" 4 17/6081
	[[ ! -e /proc/net/if_inet6 ]] || expect_tunnel gn0 "$family" 6 17/6081
	tunnel_del gn0
done
