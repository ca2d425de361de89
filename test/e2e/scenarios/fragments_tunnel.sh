#!/bin/bash
# A large ping through a tunnel: cut into fragments in front of it, and behind it, where what is cut
# is a packet that nobody looks into.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

# Each piece of what goes from one host to the other, three in all. They may overtake each other where
# they are taken in, so the order of the rows is left open.
pieces() { # TYPE FROM TO SRC DST TUNNEL BYTES inside|outside
	local n offset outer=17/4789
	[[ $8 == inside ]] || printf '%s\n' "$2 vx0 tx $1 $4 $5" "$3 vx0 rx $1 $4 $5"
	for n in 0 1 2; do
		offset=" fragment $((n * $7))"
		[[ $n != 0 ]] || offset=
		[[ $8 == inside || ! $offset ]] || outer=17 # the port is in the first
		[[ $8 == outside ]] || printf '%s\n' "$2 vx0 tx $1 $4 $5$offset" "$3 vx0 rx $1 $4 $5$offset"
		printf '%s\n' "$2 eth0 tx $1 $4 $5 in vx0 $6 $outer$offset" \
			"$3 eth0 rx $1 $4 $5 in vx0 $6 $outer$offset"
	done
}

expect_pieces() { # OUTSIDE INSIDE BYTES inside|outside
	local a b from to
	a=$(inside "$2" a) b=$(inside "$2" b) from=$(outside "$1" a) to=$(outside "$1" b)
	trace -s 4000 -N a "$b"
	expect_status 0
	{
		pieces request a b "$a" "$b" "$from $to" "$3" "$4"
		pieces reply b a "$b" "$a" "$to $from" "$3" "$4"
	} | expect_hops_unordered
	expect_drops </dev/null
	expect_outcome </dev/null
	expect_counts 'lost_events == 0'
}

# What a full fragment holds: eights of bytes, behind a header of IPv4, or of IPv6 and its fragment header.
payload() { # 4|6 MTU
	echo $((($2 - ($1 == 4 ? 20 : 40 + 8)) / 8 * 8))
}

mtu() { # BYTES
	ns_ip a link set vx0 mtu "$1"
	ns_ip b link set vx0 mtu "$1"
}

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	tunnel_add vx0 "$family" type vxlan id 7 dstport 4789
	tunnel_up vx0 4 6
	mtu 1400
	expect_pieces "$family" 4 "$(payload 4 1400)" inside
	[[ ! -e /proc/net/if_inet6 ]] || expect_pieces "$family" 6 "$(payload 6 1400)" inside

	mtu 8000
	if [[ $family == 4 ]]; then
		expect_pieces 4 4 "$(payload 4 1500)" outside
		[[ ! -e /proc/net/if_inet6 ]] || expect_pieces 4 6 "$(payload 4 1500)" outside
	else
		# The kernel cuts no UDP with IPv6 around it for a tunnel: it tells itself that it is too big.
		for within in 4 6; do
			trace -s 4000 -W 0.5 -N a "$(inside "$within" b)"
			expect_status 1
			expect_hops <<-HOPS
				a vx0 tx request $(inside "$within" a) $(inside "$within" b)
				a lo  tx error   2001:db8:ff::1 2001:db8:ff::1 icmp 2/0
				a lo  rx error   2001:db8:ff::1 2001:db8:ff::1 icmp 2/0
			HOPS
			[[ ${outcomes[0]} == 'request_lost mtu: lost: the request was dropped in netns a on eth0: '* ]] ||
				fail "another outcome: ${outcomes[*]}"
		done
	fi
	tunnel_del vx0
done
