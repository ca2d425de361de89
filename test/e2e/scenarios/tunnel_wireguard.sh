#!/bin/bash
# WireGuard: it encrypts in the packet where it lies, so the packet is followed by its address from the
# device that encrypts to the one that has decrypted, here past a veth, which hands it over as it is.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_tool wg
two_hosts
link_or_skip a wg0 type wireguard
ns_ip b link add wg0 type wireguard

# keys for nothing but this
keys=(eA2tKvIq9kC0kcqSHc4Vc9+2Lrm6xYtyVwDsUbFg4Vk= 2DcrnEgPxA0ytFtw1eMc3kF0U6Ym8pMBJUSzFVb4HXk=)
hosts=(a b)
for n in 0 1; do
	echo "${keys[n]}" >"$scratch/key$n"
	public[n]=$(wg pubkey <"$scratch/key$n")
done
configure() { # OUTSIDE
	for n in 0 1; do
		end=$(outside "$1" "${hosts[1 - n]}")
		[[ $1 == 4 ]] || end="[$end]"
		in_ns "${hosts[n]}" wg set wg0 listen-port 51820 private-key "$scratch/key$n" \
			peer "${public[1 - n]}" allowed-ips 0.0.0.0/0,::/0 endpoint "$end:51820"
	done
}
configure 4
tunnel_up wg0 4 6
expect_tunnel wg0 4 4 17/51820
need_ipv6
expect_tunnel wg0 4 6 17/51820
configure 6
expect_tunnel wg0 6 4 17/51820
expect_tunnel wg0 6 6 17/51820
