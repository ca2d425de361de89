#!/bin/bash
# Filters and programs of tc drop, on the way in and on the way out; programs of tcx, too.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool tc
two_stations

dropped() { # WHAT NS DIRECTION
	by_reasons "lost: the $1 was dropped in netns $2 on eth0 by a tc filter or program at the $3 of eth0" \
		"lost: the $1 was dropped in netns $2 on eth0, probably by a tc filter or program at the $3 of eth0"
}

drop_at() { # NS DIRECTION WHAT FILTER...
	in_ns "$1" tc qdisc add dev eth0 clsact
	if part "tc filter $4" in_ns "$1" tc filter add dev eth0 "$2" "${@:4}"; then
		expect_lost "$(dropped "$3" "$1" "$2")" -N a 192.0.2.2
	fi
	in_ns "$1" tc qdisc del dev eth0 clsact
}
program=(bpf direct-action bytecode '1,6 0 0 2') # returns TC_ACT_SHOT
for filter in program matchall; do
	words=("${program[@]}")
	[[ $filter == program ]] || words=(matchall action drop)
	drop_at b ingress request "${words[@]}"
	drop_at b egress reply "${words[@]}"
	drop_at a ingress reply "${words[@]}"
	drop_at a egress request "${words[@]}"
done

for ns in b a; do # the program stays, but is behind the other
	[[ $ns == a ]] && where=egress || where=ingress
	if part "tcx $where" in_ns $ns "$E2E_TOOLS/bpfdrop" "tcx-$where" eth0; then
		expect_lost "$(dropped request "$ns" "$where")" -N a 192.0.2.2
	fi
done
expect_nothing_left
