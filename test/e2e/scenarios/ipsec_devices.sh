#!/bin/bash
# IPsec with devices of its own, vti and xfrm: these show the packet before it is encrypted and
# after it was decrypted, and what is in between is followed by its address.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

two_hosts
for family in 4 6; do
	[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
	any=0.0.0.0/0
	[[ $family == 4 ]] || any=::/0
	from=$(outside "$family" a)
	to=$(outside "$family" b)

	tunnel_add t0 "$family" type "vti${family#4}" key 7
	ipsec a "$from" b "$to" tunnel
	ipsec_policy "$any" "$any" a "$from" b "$to" tunnel mark 7
	tunnel_up t0 "$family"
	expect_tunnel t0 "$family" "$family" 50
	ipsec_end a b
	tunnel_del t0

	link_or_skip a x0 type xfrm dev eth0 if_id 7
	ns_ip b link add x0 type xfrm dev eth0 if_id 7
	ipsec a "$from" b "$to" tunnel if_id 7
	ipsec_policy "$any" "$any" a "$from" b "$to" tunnel if_id 7
	tunnel_up x0 "$family"
	expect_tunnel x0 "$family" "$family" 50
	ipsec_end a b
	tunnel_del x0
done
