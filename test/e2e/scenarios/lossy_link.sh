#!/bin/bash
# A link that loses every third request: as many are told to be lost, and no other.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b
[[ -c /dev/net/tun ]] || skip 'no /dev/net/tun'
: >"$scratch/link"
"$E2E_TOOLS/tunlink" 3 /run/netns/a tun0 /run/netns/b tun0 >"$scratch/link" 2>&1 &
wait_until 10 says "$scratch/link" 'ready|:' || fail 'tunlink does not start'
says "$scratch/link" ready || fail "tunlink: $(cat "$scratch/link")"
addr a tun0 192.0.2.1/24
addr b tun0 192.0.2.2/24

lossy() { # A B LOST...
	local seq fate lost=" ${*:3} "
	trace -c 10 -i 0.05 -W 0.5 -N a "$2"
	expect_status 0
	expect_counts 'sent == 10 && received == 7 && lost_events == 0'
	for seq in {1..10}; do
		fate=''
		[[ $lost == *" $seq "* ]] || fate="
			b tun0 rx request $1 $2
			b tun0 tx reply   $2 $1
			a tun0 rx reply   $2 $1"
		expect_hops "$seq" <<<"a tun0 tx request $1 $2$fate"
	done
	expect_drops </dev/null
	expect_outcome <<-'OUTCOME'
		request_lost tun: lost: the request was sent in netns a on tun0 and read by the program behind that device, but nothing came back within 0.5 s
	OUTCOME
	[[ ${outcome_pings[0]} -eq 3 ]] || fail "${outcome_pings[0]} pings are told to be lost"
}
lossy 192.0.2.1 192.0.2.2 3 6 9

need_ipv6
addr a tun0 2001:db8::1/64
addr b tun0 2001:db8::2/64
lossy 2001:db8::1 2001:db8::2 2 5 8 # it goes on counting
