#!/bin/bash
# MACsec, which encrypts frames, so that no IP header is in sight; and with integrity only.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

ns_add a b
veth a eth0 b eth0
ns_ip a link set eth0 address 02:00:00:00:00:0a
ns_ip b link set eth0 address 02:00:00:00:00:0b
keys=(0102030405060708090a0b0c0d0e0f10 1112131415161718191a1b1c1d1e1f20)
for encrypt in on off; do
	link_or_skip a ms0 link eth0 type macsec encrypt "$encrypt"
	ns_ip b link add ms0 link eth0 type macsec encrypt "$encrypt"
	in_ns a ip macsec add ms0 tx sa 0 pn 1 on key 01 "${keys[0]}"
	in_ns b ip macsec add ms0 tx sa 0 pn 1 on key 02 "${keys[1]}"
	in_ns a ip macsec add ms0 rx port 1 address 02:00:00:00:00:0b
	in_ns b ip macsec add ms0 rx port 1 address 02:00:00:00:00:0a
	in_ns a ip macsec add ms0 rx port 1 address 02:00:00:00:00:0b sa 0 pn 1 on key 02 "${keys[1]}"
	in_ns b ip macsec add ms0 rx port 1 address 02:00:00:00:00:0a sa 0 pn 1 on key 01 "${keys[0]}"
	tunnel_up ms0 4 6
	for family in 4 6; do
		[[ $family == 4 || -e /proc/net/if_inet6 ]] || continue
		here=$(inside "$family" a)
		there=$(inside "$family" b)
		trace -N a "$there"
		expect_status 0
		expect_hops <<-HOPS
			a ms0  tx request $here $there
			a eth0 tx request $here $there in ms0 encapsulated
			b eth0 rx request $here $there in ms0 encapsulated
			b ms0  rx request $here $there
			b ms0  tx reply   $there $here
			b eth0 tx reply   $there $here in ms0 encapsulated
			a eth0 rx reply   $there $here in ms0 encapsulated
			a ms0  rx reply   $there $here
		HOPS
		expect_drops </dev/null
	done
	tunnel_del ms0
done
