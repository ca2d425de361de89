#!/bin/bash
# A container-like namespace behind a bridge and a veth pair, as with docker0; also the table, byte
# for byte, with and without the names of the namespaces.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add pod
veth - v0 pod eth0
bridge_add - br0 v0
addr - br0 192.0.2.1/24
addr pod eth0 192.0.2.2/24
wait_ping - 192.0.2.2

trace 192.0.2.2
expect_status 0
expect_hops <<'HOPS'
	-   br0  tx request 192.0.2.1 192.0.2.2
	-   v0   tx request 192.0.2.1 192.0.2.2
	pod eth0 rx request 192.0.2.1 192.0.2.2
	pod eth0 tx reply   192.0.2.2 192.0.2.1
	-   v0   rx reply   192.0.2.2 192.0.2.1
	-   br0  rx reply   192.0.2.2 192.0.2.1
HOPS
expect_netns_names

# The columns up to ADDRESSES, byte for byte, and a time that grows; what fills up may be left out.
expect_table() { # NAME-OF-OWN-NAMESPACE NAME-OF-POD
	{
		echo '    NETWORK NS        INTERFACE    TYPE ADDRESSES                           TIME/us IPTABLES'
		printf '[%12s] %16s %7s %-34s\n' \
			"$1" br0 request '192.0.2.1 -> 192.0.2.2' "$1" v0 request '192.0.2.1 -> 192.0.2.2' \
			"$2" eth0 request '192.0.2.1 -> 192.0.2.2' "$2" eth0 reply '192.0.2.2 -> 192.0.2.1' \
			"$1" v0 reply '192.0.2.2 -> 192.0.2.1' "$1" br0 reply '192.0.2.2 -> 192.0.2.1'
	} | sed 's/ *$//' >"$scratch/expected"
	sed '$d; s/ *$//' "$out" | sed '2,$s/ *[0-9]*$//' >"$scratch/got"
	sed '1d; $d; s/^.* //' "$out" >"$scratch/times"
	sort -nc "$scratch/times" || fail 'the times do not grow'
	diff -u --label expected --label got "$scratch/expected" "$scratch/got" >"$scratch/diff" ||
		fail "another table than expected:"$'\n'"$(cat "$scratch/diff")"
	[[ $(tail -n 1 "$out") =~ ^'1 of 1 pings answered, rtt min/avg/max = '[0-9.]+/[0-9.]+/[0-9.]+' ms'$ ]] ||
		fail 'another last line than expected'
}

run_tracepkt -n 192.0.2.2
expect_status 0
expect_table "${ns_inode[-]}" "${ns_inode[pod]}"

run_tracepkt 192.0.2.2
expect_status 0
expect_table "${ns_inode[-]}" pod

need_ipv6
addr - br0 2001:db8::1/64
addr pod eth0 2001:db8::2/64
wait_ping - 2001:db8::2
trace -N pod 2001:db8::1
expect_status 0
expect_hops <<'HOPS'
	pod eth0 tx request 2001:db8::2 2001:db8::1
	-   v0   rx request 2001:db8::2 2001:db8::1
	-   br0  rx request 2001:db8::2 2001:db8::1
	-   br0  tx reply   2001:db8::1 2001:db8::2
	-   v0   tx reply   2001:db8::1 2001:db8::2
	pod eth0 rx reply   2001:db8::1 2001:db8::2
HOPS
expect_nothing_left
