#!/bin/bash
# Firewalls that drop or reject, and the chain that did it: iptables-legacy, iptables-nft, nftables of
# several families; queues that no program reads.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_netfilter iptables-legacy iptables-nft nft
one_router
request='icmp type echo-request' reply='icmp type echo-reply'
target=198.51.100.2

chain() { # NS FAMILY HOOK RULE TEXT
	fw_rule "${@:1:4}"
	expect_lost "$5" -N a "$target"
	in_ns "$1" nft flush ruleset
}
at_b='lost: the request was dropped in netns b on eth0 by'
refused='lost: the request never left netns a: it was refused by'
chain b inet input "$request drop" "$at_b nftables inet fw.c (DROP)"
chain b ip prerouting "$request drop" "$at_b nftables ip fw.c (DROP)"
chain b netdev 'ingress device "eth0"' "$request drop" "$at_b nftables netdev fw.c (DROP)"
chain r inet forward "$request drop" 'lost: the request was dropped in netns r on left by nftables inet fw.c (DROP)'
chain r inet forward "$reply drop" 'lost: the reply was dropped in netns r on right by nftables inet fw.c (DROP)'
chain b inet output "$reply drop" 'lost: the reply was dropped in netns b on eth0 by nftables inet fw.c (DROP)'
chain a inet output "$request drop" "$refused nftables inet fw.c (DROP)"
chain a ip postrouting "$request drop" "$refused nftables ip fw.c (DROP)"
chain b inet input "$request queue num 77" "$at_b nftables inet fw.c (QUEUE 77): probably no program reads that queue"

for tool in iptables-legacy iptables-nft; do
	in_ns b $tool -A INPUT -p icmp -j DROP
	expect_lost "$at_b iptables filter.INPUT (DROP)" -N a $target
	in_ns b $tool -F
	in_ns r $tool -A FORWARD -p icmp -j DROP
	expect_lost 'lost: the request was dropped in netns r on left by iptables filter.FORWARD (DROP)' -N a $target
	in_ns r $tool -F
	in_ns r $tool -t mangle -A POSTROUTING -p icmp -j DROP
	expect_lost 'lost: the request was dropped in netns r on right by iptables mangle.POSTROUTING (DROP)' -N a $target
	in_ns r $tool -t mangle -F
	in_ns a $tool -A OUTPUT -p icmp -j DROP
	expect_lost "$refused iptables filter.OUTPUT (DROP)" -N a $target
	in_ns a $tool -F
	in_ns b $tool -A INPUT -p icmp -j NFQUEUE --queue-num 3
	expect_lost "$at_b iptables filter.INPUT (QUEUE 3): probably no program reads that queue" -N a $target
	in_ns b $tool -F
	in_ns b $tool -A INPUT -p icmp --icmp-type echo-request -j REJECT
	run_tracepkt -W 0.5 -N a $target
	expect_status 1
	expect_last_line "answered by an error: 198.51.100.2 says port unreachable (the request was dropped in netns b on eth0 by iptables filter.INPUT (DROP))"
	in_ns b $tool -F
done
expect_nothing_left
