#!/bin/bash
# A ping of 4,000 bytes in fragments through a router: the whole way of each is shown, and nothing else,
# for all is answered. Between them, what one fragment passes and what the next does may be in any order.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

expect_fragments() { # SRC DST OFFSET...: those after the first
	local offset expected got
	expect_status 0
	expect_outcome </dev/null
	expect_drops </dev/null
	rows device >"$scratch/rows"
	for offset in '' "${@:3}"; do
		offset=${offset:+ fragment $offset}
		expected="a eth0 tx request $1 $2$offset
r left rx request $1 $2$offset
r right tx request $1 $2$offset
b eth0 rx request $1 $2$offset
b eth0 tx reply $2 $1$offset
r right rx reply $2 $1$offset
r left tx reply $2 $1$offset
a eth0 rx reply $2 $1$offset"
		got=$(grep -E "^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+$offset\$" "$scratch/rows") || true
		[[ $got == "$expected" ]] || fail "another way of the fragment at '$offset':"$'\n'"$got"
	done
	[[ $(wc -l <"$scratch/rows") -eq $((8 * ($# - 1))) ]] || fail 'not the number of rows'
}

one_router
trace -W 5 -s 4000 -N a 198.51.100.2
expect_fragments 192.0.2.2 198.51.100.2 1480 2960

need_ipv6
one_router6
trace -W 5 -s 4000 -N a 2001:db8:2::2
expect_fragments 2001:db8:1::2 2001:db8:2::2 1448 2896
