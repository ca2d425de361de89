#!/bin/bash
# Names that a terminal would take for a command: made harmless in the table, exact in JSON.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

evil=$'\e[2J'
ns_add pod
veth - "$evil" pod eth0
addr - "$evil" 192.0.2.1/24
addr pod eth0 192.0.2.2/24
wait_ping - 192.0.2.2

trace 192.0.2.2
expect_status 0
expect_jq 'map(.ifname) == [$evil, "eth0", "eth0", $evil, null]' --arg evil "$evil"

printf '%s' "$evil" >"$scratch/escape"
no_escape() { # FILE
	! LC_ALL=C grep -q "$(head -c 1 "$scratch/escape")" "$1" ||
		fail "an escape character in $1"
}
no_escape "$out"

run_tracepkt 192.0.2.2
expect_status 0
no_escape "$out"
grep -qF "$(printf '] %16s request 192.0.2.1 -> 192.0.2.2' '\x1b[2J')" "$out" || fail 'the name is not in the table'

run_tracepkt -I "$evil"x 192.0.2.2
expect_error '.*'
no_escape "$err"

# Bytes that are no UTF-8: the output stays UTF-8.
odd=$'a\xff\xc3b'
ip link set "$evil" down
ip link set "$evil" name "$odd"
up - "$odd"
wait_ping - 192.0.2.2
trace 192.0.2.2
expect_status 0
iconv -f UTF-8 -t UTF-8 "$out" >/dev/null || fail 'not UTF-8'
expect_jq 'map(.ifname) == ["a\\xff\\xc3b", "eth0", "eth0", "a\\xff\\xc3b", null]'
run_tracepkt 192.0.2.2
expect_status 0
iconv -f UTF-8 -t UTF-8 "$out" >/dev/null || fail 'not UTF-8'
