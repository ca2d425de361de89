#!/bin/bash
# Checksums that are wrong, of ICMP and of the IP header, after a program behind tun devices has
# forwarded the request. A listener on packet sockets and another ping change nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

ns_add a b
damaged() { # icmp|ip
	tunecho a --damage="$1" --to=tun1 tun0
	ns_ip a link set tun1 netns b
	up b tun1
	addr a tun0 192.0.2.1/24
	addr b tun1 192.0.2.2/24
}
damaged icmp
icmp="lost: the request was dropped in netns b on tun1: $(by_reasons '' 'probably ')its ICMP checksum is wrong"
expect_lost "$icmp" -N a 192.0.2.2

# Others that get copies of the packet.
in_ns b ping -qi 0.2 192.0.2.2 >/dev/null &
ping=$!
listener=
if command -v tcpdump >/dev/null; then
	: >"$scratch/tcpdump"
	in_ns b tcpdump -qni any icmp >/dev/null 2>"$scratch/tcpdump" &
	listener=$!
	wait_until 10 says "$scratch/tcpdump" listening || fail "tcpdump: $(cat "$scratch/tcpdump")"
fi
expect_lost "$icmp" -N a 192.0.2.2
kill "$ping" # fails if it has ended
[[ ! $listener ]] || kill "$listener"
wait "$ping" ${listener:+"$listener"} 2>/dev/null || true
tunecho_end

damaged ip
expect_lost "lost: the request was dropped in netns b on tun1: $(by_reasons 'the checksum of its IP header is wrong' \
	'probably it was sent to another station'\''s MAC address, or its IP header is damaged')" -N a 192.0.2.2
tunecho_end
expect_nothing_left
