#!/bin/bash
# What is told of a firewall whose chains cannot be seen: which part of netfilter has tables there.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool nft iptables-legacy
[[ ! -e /sys/bus/event_source/devices/kprobe/type ]] || skip 'this kernel has kprobes: chains are seen (nf_lost)'
two_stations
request='icmp type echo-request' reply='icmp type echo-reply'

# A chain of nftables in NS; expects the text with the firewall's part behind it. Since 6.9 or so a chain
# drops by itself, so that nftables is known to have done it.
chain() { # NS FAMILY HOOK RULE TEXT
	fw_rule "${@:1:4}"
	run_tracepkt -W 0.3 -N a 192.0.2.2
	expect_status 1
	if says "$out" 'at nft_do_chain'; then
		expect_last_line "$5 by a rule of nftables, whose chains cannot be traced here${6-}"
	else
		expect_last_line "$5, probably by a firewall rule (nftables has tables there, but chains cannot be traced here)${6-}"
	fi
	in_ns "$1" nft flush ruleset
}
lost_request='lost: the request was dropped in netns b on eth0'
lost_reply='lost: the reply was dropped in netns b on eth0'
refused='lost: the request never left netns a: it was refused'
chain b inet input "$request drop" "$lost_request"
chain b netdev 'ingress device "eth0"' "$request drop" "$lost_request"
chain b ip output "$reply drop" "$lost_reply"
chain b ip output "$reply reject" "$lost_reply"
chain b ip input "$request reject with icmp type host-prohibited" \
	'answered by an error: 192.0.2.2 says host prohibited (the request was dropped in netns b on eth0' ')'
chain a inet output "$request drop" "$refused"
chain a inet postrouting "$request drop" "$refused"
chain a inet input "$reply drop" 'lost: the reply was dropped in netns a on eth0'

# iptables-legacy returns what it decides.
legacy=', probably by a firewall rule (iptables has tables there, but chains cannot be traced here)'
part 'iptables-legacy' in_ns b iptables-legacy -A INPUT -p icmp -j DROP || {
	expect_nothing_left
	exit 0
}
expect_lost "$lost_request$legacy" -N a 192.0.2.2
in_ns b iptables-legacy -F
in_ns b iptables-legacy -A OUTPUT -p icmp -j DROP
expect_lost "$lost_reply$legacy" -N a 192.0.2.2
in_ns b iptables-legacy -F
if part NFQUEUE in_ns b iptables-legacy -A INPUT -p icmp -j NFQUEUE --queue-num 3; then
	expect_lost "$lost_request: a firewall rule sent it to a queue (NFQUEUE), and probably no program reads that" \
		-N a 192.0.2.2
fi
expect_nothing_left
