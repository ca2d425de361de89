#!/bin/bash
# A later fragment is lost on the way: the ping is not answered, and what is told is where the fragment went.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_tool nft
one_router
rules r nft <<'RULES'
	table inet guard {
		chain across {
			type filter hook forward priority 0; policy accept
			ip frag-off & 0x1fff == 370 drop
			frag frag-off == 362 drop
		}
	}
RULES
# Of three fragments, BYTES apart, r drops the last.
expect_lost() { # A B BYTES
	expect_status 1
	expect_hops_unordered <<-HOPS
		a eth0  tx request $1 $2
		r left  rx request $1 $2
		r right tx request $1 $2
		b eth0  rx request $1 $2
		a eth0  tx request $1 $2 fragment $3
		r left  rx request $1 $2 fragment $3
		r right tx request $1 $2 fragment $3
		b eth0  rx request $1 $2 fragment $3
		a eth0  tx request $1 $2 fragment $((2 * $3))
		r left  rx request $1 $2 fragment $((2 * $3))
	HOPS
	expect_drops <<-DROPS
		r left drop request $1 $2 NETFILTER_DROP fragment $((2 * $3))
	DROPS
	[[ ${outcomes[0]} == "request_lost firewall: lost: a fragment (from byte $((2 * $3))) of the request was \
dropped in netns r on "* ]] ||
		fail "another outcome: ${outcomes[*]}"
}
trace -s 4000 -W 0.5 -N a 198.51.100.2
expect_lost 192.0.2.2 198.51.100.2 1480
need_ipv6
one_router6
trace -s 4000 -W 0.5 -N a 2001:db8:2::2
expect_lost 2001:db8:1::2 2001:db8:2::2 1448
