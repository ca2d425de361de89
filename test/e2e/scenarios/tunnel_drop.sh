#!/bin/bash
# What the far end of a tunnel does not let in: the packet is lost inside of the tunnel.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_tool nft
two_hosts
tunnel_add vx0 4 type vxlan id 7 dstport 4789 dev eth0
tunnel_up vx0 4
rules b nft <<'RULES'
	table ip guard {
		chain in {
			type filter hook input priority 0; policy accept
			udp dport 4789 drop
		}
	}
RULES
trace -W 0.5 -N a 192.0.2.2
expect_status 1
expect_hops <<'HOPS'
	a vx0  tx request 192.0.2.1 192.0.2.2
	a eth0 tx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
	b eth0 rx request 192.0.2.1 192.0.2.2 in vx0 198.51.100.1 198.51.100.2 17/4789
HOPS
expect_drops <<'DROPS'
	b eth0 drop request 192.0.2.1 192.0.2.2 NETFILTER_DROP in vx0 198.51.100.1 198.51.100.2 17/4789
DROPS
# Who did it is known where chains are seen; else some kernels tell what is part of nftables.
told='request_lost firewall: lost: the request was dropped in netns b on eth0'
hidden='probably by a firewall rule (nftables has tables there, but chains cannot be traced here)'
if says "$err" '(netfilter|nftables) chains are not shown'; then
	[[ ${outcomes[*]} == "$told"@(' by a rule of nftables, whose chains cannot be traced here'|", $hidden") ]] ||
		fail "another outcome: ${outcomes[*]}"
else
	expect_outcome <<<"$told by nftables ip guard.in (DROP)"
fi
