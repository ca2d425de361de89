#!/bin/bash
# IPsec that signs and does not encrypt (AH): the ping stays to be seen behind the header of AH, which
# IPv6 has among its extension headers. In IPv4 the request is known by its socket first.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

ah() { # ADDRESS1 ADDRESS2 MODE
	local ns from=$1 to=$2 mode=$3 key
	key=0x$(printf '%064d' 1)
	for ns in a b; do
		in_ns "$ns" ip xfrm state add src "$from" dst "$to" proto ah spi 1 mode "$mode" \
			auth 'hmac(sha256)' "$key" 2>"$scratch/why" ||
			skip "this kernel has no AH ($(cat "$scratch/why"))"
		in_ns "$ns" ip xfrm state add src "$to" dst "$from" proto ah spi 2 mode "$mode" \
			auth 'hmac(sha256)' "$key"
	done
	ah_policy a out "$from" "$to" "$mode"
	ah_policy a in "$to" "$from" "$mode"
	ah_policy b in "$from" "$to" "$mode"
	ah_policy b out "$to" "$from" "$mode"
}

ah_policy() { # NS in|out FROM TO MODE
	ns_ip "$1" xfrm policy add src "$3" dst "$4" dir "$2" tmpl src "$3" dst "$4" proto ah mode "$5"
}

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	a=$(outside "$family" a)
	b=$(outside "$family" b)

	ah "$a" "$b" transport
	wait_ping a "$b"
	trace -N a "$b"
	expect_status 0
	sent="in - $a $b 51" returned="in - $b $a 51"
	[[ $family == 4 ]] || sent='' returned=''
	expect_hops <<-HOPS
		a eth0 tx request $a $b $sent
		b eth0 rx request $a $b $sent
		b eth0 tx reply   $b $a $returned
		a eth0 rx reply   $b $a $returned
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	ipsec_end a b

	ah "$a" "$b" tunnel
	wait_ping a "$b"
	trace -N a "$b"
	expect_status 0
	expect_hops <<-HOPS
		a eth0 tx request $a $b in - $a $b 51
		b eth0 rx request $a $b in - $a $b 51
		b eth0 rx request $a $b
		b eth0 tx reply   $b $a in - $b $a 51
		a eth0 rx reply   $b $a in - $b $a 51
		a eth0 rx reply   $b $a
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	ipsec_end a b
done
