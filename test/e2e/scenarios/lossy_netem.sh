#!/bin/bash
# netem loses some of the requests: as many are told to be lost as it counts, each with a row.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool tc
ns_add a b
ns_sysctl a net.ipv6.conf.all.disable_ipv6=1 # for its own packets would be lost, too
veth a eth0 b eth0
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2
for pair in 'a b 192.0.2.2' 'b a 192.0.2.1'; do # netem would take questions for these, too
	read -r ns other address <<<"$pair"
	mac=$(in_ns "$other" ip -o link show eth0 | grep -o 'link/ether [^ ]*')
	ns_ip "$ns" neigh replace "$address" lladdr "${mac#* }" dev eth0 nud permanent
done
or_skip netem in_ns a tc qdisc add dev eth0 root netem loss 40%

trace -c 20 -i 0.05 -W 0.5 -N a 192.0.2.2
expect_status 0
dropped=$(in_ns a tc -s qdisc show dev eth0 | sed -n 's/.*(dropped \([0-9]*\),.*/\1/p')
expect_counts "sent == 20 && sent - received == $dropped && lost_events == 0"
for ((n = 0; n < dropped; n++)); do
	echo 'a eth0 drop request 192.0.2.1 192.0.2.2 QDISC_DROP'
done | expect_drops
((dropped == 0)) || [[ ${#outcomes[@]} -eq 1 && ${outcome_pings[0]} -eq $dropped ]] ||
	fail "other outcomes: ${outcomes[*]}"
