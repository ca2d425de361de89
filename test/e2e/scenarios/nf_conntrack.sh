#!/bin/bash
# Connection tracking: a reply whose request was not tracked is invalid; a table that is full.
set -euo pipefail
# The machine's first network namespace, to be remembered before it is left.
[[ ${E2E_WORLD-} ]] || { exec {first}</proc/self/ns/net && export first; }
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_netfilter nft
two_stations
rules a nft <<'RULES'
	table inet fw {
		chain o {
			type filter hook output priority -300
			icmp type echo-request notrack
		}
		chain c {
			type filter hook input priority 0
			ct state invalid drop
		}
	}
RULES
# What tracked nothing does not know whether it is the tracking's fault.
expect_lost 'lost: the reply was dropped in netns a on eth0 by nftables inet fw.c (DROP)' -N a 192.0.2.2

# With another connection it does.
ns_ip a addr add 192.0.2.9/24 dev eth0
in_ns b ping -qnc1 -W1 192.0.2.9 >/dev/null
expect_lost 'lost: the reply was dropped in netns a on eth0 by nftables inet fw.c (DROP; connection tracking calls it invalid)' \
	-N a 192.0.2.2
in_ns a nft flush ruleset

[[ ${TRACEPKT_VM-} ]] || { echo 'without a full table: net.netfilter.nf_conntrack_max is only writable in the first namespace'; exit 0; }
fw_rule b inet input 'ct state new accept'
file=/proc/sys/net/netfilter/nf_conntrack_max
before=$(in_first cat $file)
in_ns a ping -qnc1 -W1 192.0.2.2 >/dev/null
in_ns a ping -qnc1 -W1 192.0.2.2 >/dev/null
count=$(in_ns b cat /proc/sys/net/netfilter/nf_conntrack_count)
((count >= 1)) || fail 'nothing is tracked'
in_first bash -c "echo 1 >$file"
run_tracepkt -W 0.3 -N a 192.0.2.2
in_first bash -c "echo $before >$file"
expect_status 1
expect_last_line "lost: the request was dropped in netns b on eth0: the table of connection tracking is full (net.netfilter.nf_conntrack_count = $count, nf_conntrack_max = 1)"
expect_nothing_left
