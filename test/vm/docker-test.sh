#!/bin/bash
# Run inside a guest (run.sh --docker): real containers on docker0 and on a user-defined network, and what
# tracepkt shows of a ping to one and between two. TRACEPKT names the binary.
set -euo pipefail

fail() {
	echo "FAIL: $*"
	[[ ! -s $out ]] || sed 's/^/  /' "$out"
	exit 1
}

# Asserts the rows of the last run: "NETNS IFNAME DIR-OR-CHAIN TYPE" a line, - for the host's namespace.
expect_rows() {
	local got wanted
	got=$(jq -r --argjson host "$host" 'select(.event != "summary") | [
		(if .netns == $host then "-" else .netns_name end), .ifname,
		(.dir // "\(.table).\(.chain):\(.verdict)"), .type] | join(" ")' "$out")
	wanted=$(sed 's/^[[:space:]]*//')
	diff <(echo "$wanted") <(echo "$got") || fail "other rows than expected (<)"
}

who=$(mktemp) out=$(mktemp)
"$(dirname "$0")/docker-up.sh" >"$who"
host=$(stat -Lc %i /proc/self/ns/net)
field() { # CONTAINER NUMBER
	awk -v name="$1" -v n="$2" '$1 == name { print $n }' "$who"
}

"$TRACEPKT" -q -o json 172.17.0.2 >"$out" || fail "no reply from c1"
expect_rows <<-ROWS
	- docker0 nat.OUTPUT:ACCEPT request
	- docker0 nat.POSTROUTING:ACCEPT request
	- docker0 tx request
	- $(field c1 4) tx request
	c1 eth0 rx request
	c1 eth0 tx reply
	- $(field c1 4) rx reply
	- docker0 rx reply
ROWS

bridge=$(ip -j link show "$(field c3 4)" | jq -r ".[0].master")
"$TRACEPKT" -q -o json -N "$(field c3 3)" "$(field c4 2)" >"$out" || fail "no reply from c4"
expect_rows <<-ROWS
	c3 eth0 nat.OUTPUT:ACCEPT request
	c3 eth0 nat.POSTROUTING:ACCEPT request
	c3 eth0 tx request
	- $(field c3 4) rx request
	- $bridge nat.PREROUTING:ACCEPT request
	- $bridge filter.FORWARD:ACCEPT request
	- $bridge nat.POSTROUTING:ACCEPT request
	- $(field c4 4) tx request
	c4 eth0 rx request
	c4 eth0 tx reply
	- $(field c4 4) rx reply
	- $bridge filter.FORWARD:ACCEPT reply
	- $(field c3 4) tx reply
	c3 eth0 rx reply
ROWS
echo "ok   docker"
