#!/bin/bash
# Replies that come after --timeout: they count, and are told. After the last ping nobody waits longer.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

lost='lost: the request was sent on tun0 and read by the program behind that device, but nothing came back within 0.5 s'
late='late: the reply came after 0\.[67][0-9][0-9] s, more than the 0\.5 s of --timeout'

tunecho - --delay=650 tun0
addr - tun0 192.0.2.1/24
trace -c 3 -W 0.5 -i 1 192.0.2.2
expect_status 0
expect_counts 'sent == 3 && received == 2'
[[ ${#outcomes[@]} -eq 2 && ${outcomes[0]} == "request_lost tun: $lost" && ${outcome_pings[0]} -eq 1 &&
	${outcomes[1]} =~ ^'late -: '$late$ && ${outcome_pings[1]} -eq 2 ]] ||
	fail "not the outcomes expected: ${outcomes[*]}"

run_tracepkt -c 3 -W 0.5 -i 1 192.0.2.2
expect_status 0
[[ $(tail -n 1 "$out") =~ ^$late' (2 of 3 pings, first 1)'$ ]] || fail 'another last line than expected'

trace -W 0.5 192.0.2.2
expect_status 1
expect_outcome <<<"request_lost tun: $lost"
tunecho_end
