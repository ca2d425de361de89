#!/bin/bash
# Two hosts behind one address ping another host with the same ICMP id, so that the router has to change
# it, here for both: ours is followed, the other one does not show.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_tool nft
one_router
ns_add other
veth other eth0 r aside
addr other eth0 203.0.113.2/24
addr r aside 203.0.113.1/24
route other default via 203.0.113.1
wait_ping other 198.51.100.2
rules r nft <<'RULES'
	table ip hide {
		chain leave {
			type nat hook postrouting priority 100; policy accept
			oifname "right" ip protocol icmp snat to 198.51.100.1:1000-1001
		}
	}
RULES

trace_start -c 0 -i 0.1 -N a 198.51.100.2
wait_rows 8
id=$(in_ns a timeout 10 "$E2E_TOOLS/listen" --id)
changed=$(in_ns b timeout 10 "$E2E_TOOLS/listen" --id)
[[ $id != "$changed" && $changed =~ ^100[01]$ ]] || fail "the id is $id, then $changed"
in_ns other ping -qnc10 -i0.2 -W2 -e "$id" 198.51.100.2 >"$scratch/ping" 2>&1 ||
	fail "the other host cannot ping: $(<"$scratch/ping")"
kill -INT "$tracer"
trace_wait
expect_status 0
for seq in {1..15}; do
	expect_hops "$seq" <<-'HOPS'
		a eth0  tx request 192.0.2.2    198.51.100.2
		r left  rx request 192.0.2.2    198.51.100.2
		r right tx request 198.51.100.1 198.51.100.2
		b eth0  rx request 198.51.100.1 198.51.100.2
		b eth0  tx reply   198.51.100.2 198.51.100.1
		r right rx reply   198.51.100.2 198.51.100.1
		r left  tx reply   198.51.100.2 192.0.2.2
		a eth0  rx reply   198.51.100.2 192.0.2.2
	HOPS
done
expect_jq 'map(select(.event == "device")) | group_by(.seq)[:-1] | all(.[]; length == 8)'
expect_counts 'lost_events == 0 && sent - received <= 1'
