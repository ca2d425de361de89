#!/bin/bash
# IPsec between two hosts. The request is encrypted before any device shows it, so it is known by its
# socket, and then by its address, past a veth that hands it over as it is. The reply is made by the
# kernel, which has one socket for all: it shows only when it is decrypted, and in transport mode
# not even then, for no device is asked about what is inside.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	from=$(outside "$family" a)
	to=$(outside "$family" b)
	net=$((family == 4 ? 32 : 128))

	ipsec a "$from" b "$to" transport
	ipsec_policy "$from/$net" "$to/$net" a "$from" b "$to" transport
	wait_ping a "$to"
	trace -N a "$to"
	expect_status 0
	expect_hops <<-HOPS
		a eth0 tx request $from $to in - $from $to 50
		b eth0 rx request $from $to in - $from $to 50
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	ipsec_end a b

	ipsec a "$from" b "$to" tunnel
	ipsec_policy "$from/$net" "$to/$net" a "$from" b "$to" tunnel
	wait_ping a "$to"
	trace -N a "$to"
	expect_status 0
	expect_hops <<-HOPS
		a eth0 tx request $from $to in - $from $to 50
		b eth0 rx request $from $to in - $from $to 50
		b eth0 rx request $from $to
		a eth0 rx reply   $to $from
	HOPS
	expect_drops </dev/null
	expect_outcome </dev/null
	ipsec_end a b
done
