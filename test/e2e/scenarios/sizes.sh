#!/bin/bash
# -s: payloads without room for a whole cookie, with just that, of a whole frame and of several:
# every fragment of a packet shows at every device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link
# The rows of each fragment: those of the packet, from offset to offset.
expect_fragments() { # SRC DST BYTES-OF-MESSAGE BYTES-OF-FRAGMENT
	local offset suffix
	for ((offset = 0; offset < $3; offset += $4)); do
		suffix=
		((offset == 0)) || suffix=" fragment $offset"
		printf '%s\n' "a eth0 tx request $1 $2$suffix" "b eth0 rx request $1 $2$suffix"
	done >"$scratch/rows"
	sed "s/^a/x/; s/^b/a/; s/^x/b/; s/request $1 $2/reply $2 $1/" "$scratch/rows" >>"$scratch/rows.back"
	cat "$scratch/rows" "$scratch/rows.back" | expect_hops
	rm "$scratch/rows.back"
}

for size in 0 1 7 8 1472 2031 4000 20000; do
	trace -s $size -N a 192.0.2.2
	expect_status 0
	expect_fragments 192.0.2.1 192.0.2.2 $((size + 8)) 1480
	expect_drops </dev/null
done
run_tracepkt -s 65508 -N a 192.0.2.2
expect_error '--size .*65507.*'

need_ipv6
one_link6
for size in 0 7 8 1452 4000; do
	trace -s $size -N a 2001:db8::2
	expect_status 0
	if ((size <= 1452)); then # with a fragment header 8 bytes fewer are left
		expect_fragments 2001:db8::1 2001:db8::2 $((size + 8)) 1460
	else
		expect_fragments 2001:db8::1 2001:db8::2 $((size + 8)) 1448
	fi
	expect_drops </dev/null
done
