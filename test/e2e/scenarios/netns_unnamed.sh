#!/bin/bash
# A namespace without a name, which only a process keeps: the number stands for it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

unshare --net sleep 60 &
sleeper=$!
other_namespace() {
	[[ $(stat -Lc %i "/proc/$sleeper/ns/net") != "${ns_inode[-]}" ]]
}
wait_until 5 other_namespace
ip link add here type veth peer name there netns "$sleeper"
nsenter --net -t "$sleeper" ip addr add 192.0.2.2/24 dev there
nsenter --net -t "$sleeper" ip link set there up
up - here
addr - here 192.0.2.1/24
wait_ping - 192.0.2.2
inode=$(stat -Lc %i "/proc/$sleeper/ns/net")

trace 192.0.2.2
expect_status 0
expect_jq 'map(select(.event == "device") | [.netns, .netns_name, .ifname, .dir, .type])
	== [[$own, null, "here", "tx", "request"], [$other, null, "there", "rx", "request"],
	    [$other, null, "there", "tx", "reply"], [$own, null, "here", "rx", "reply"]]' \
	--argjson own "${ns_inode[-]}" --argjson other "$inode"

run_tracepkt 192.0.2.2
expect_status 0
grep -Eq "^\\[ *$inode\\] +there request " "$out" || fail 'the number is not in the table'
kill "$sleeper"
