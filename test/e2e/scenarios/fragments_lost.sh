#!/bin/bash
# A later fragment is lost on the way: the ping is not answered, and what is told is where the fragment
# went, even if the target has told by then that it waited for it in vain.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

need_tool nft tc
one_router
host_for_copies
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
expect_dropped() { # A B BYTES
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
# The target's patience is over before the ping's is.
expect_timed_out() { # B BYTES
	trace -s 4000 -W 3 -N a "$1"
	expect_status 1
	digest
	[[ ${outcomes[*]} == "error firewall: answered by an error: $1 says fragment reassembly time exceeded \
(a fragment (from byte $((2 * $2))) of the request was dropped in netns r on "* ]] ||
		fail "another outcome: ${outcomes[*]}"
}
trace -s 4000 -W 0.5 -N a 198.51.100.2
expect_dropped 192.0.2.2 198.51.100.2 1480
ns_sysctl b net.ipv4.ipfrag_time=1
expect_timed_out 198.51.100.2 1480
# A fragment goes astray, and nobody drops it but for somebody else: there is nothing better to tell.
in_ns r tc qdisc add dev left clsact
if kernel_since 6 2 && part 'redirected fragments' in_ns r tc filter add dev left ingress protocol ip \
	u32 match u16 0x0172 0x1fff at 6 action mirred egress redirect dev aside; then
	trace -s 4000 -W 3 -N a 198.51.100.2
	expect_status 1
	expect_outcome <<-OUTCOME
		error fragments: answered by an error: 198.51.100.2 says fragment reassembly time exceeded (the request was dropped in netns b on eth0: not all of its fragments came in time)
	OUTCOME
fi
need_ipv6
one_router6
trace -s 4000 -W 0.5 -N a 2001:db8:2::2
expect_dropped 2001:db8:1::2 2001:db8:2::2 1448
ns_sysctl b net.ipv6.ip6frag_time=1
expect_timed_out 2001:db8:2::2 1448
