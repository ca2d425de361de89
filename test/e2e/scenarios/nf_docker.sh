#!/bin/bash
# A host with rules like those of Docker, of iptables-legacy and of iptables-nft: the table, byte for
# byte, with numbers and with names of the namespaces.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy iptables-nft

docker_host() { # HOST POD PROGRAM
	ns_add "$1" "$2"
	veth "$1" veth61528aa "$2" eth0
	bridge_add "$1" docker0 veth61528aa
	addr "$1" docker0 172.17.0.1/16
	addr "$2" eth0 172.17.0.2/16
	route "$2" default via 172.17.0.1
	wait_ping "$1" 172.17.0.2
	rules "$1" "$3" <<-'RULES'
		*nat
		:PREROUTING ACCEPT [0:0]
		:INPUT ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		:POSTROUTING ACCEPT [0:0]
		:DOCKER - [0:0]
		-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
		-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
		-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
		-A DOCKER -i docker0 -j RETURN
		COMMIT
		*filter
		:INPUT ACCEPT [0:0]
		:FORWARD DROP [0:0]
		:OUTPUT ACCEPT [0:0]
		:DOCKER - [0:0]
		-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		-A FORWARD -o docker0 -j DOCKER
		-A FORWARD -i docker0 -j ACCEPT
		COMMIT
	RULES
}

# The rows of DESIGN.md, but for the column of times, and the last line.
expect_table() { # NAME-OF-HOST NAME-OF-POD
	sed "s/\[        HOST]/$(printf '[%12s]' "$1")/; s/\[         POD]/$(printf '[%12s]' "$2")/" \
		>"$scratch/expected" <<-'TABLE'
		    NETWORK NS        INTERFACE    TYPE ADDRESSES                          IPTABLES
		[        HOST]          docker0 request 172.17.0.1 -> 172.17.0.2               nat.OUTPUT      :ACCEPT
		[        HOST]          docker0 request 172.17.0.1 -> 172.17.0.2            filter.OUTPUT      :ACCEPT
		[        HOST]          docker0 request 172.17.0.1 -> 172.17.0.2               nat.POSTROUTING :ACCEPT
		[        HOST]          docker0 request 172.17.0.1 -> 172.17.0.2
		[        HOST]      veth61528aa request 172.17.0.1 -> 172.17.0.2
		[         POD]             eth0 request 172.17.0.1 -> 172.17.0.2
		[         POD]             eth0   reply 172.17.0.2 -> 172.17.0.1
		[        HOST]      veth61528aa   reply 172.17.0.2 -> 172.17.0.1
		[        HOST]          docker0   reply 172.17.0.2 -> 172.17.0.1
		[        HOST]          docker0   reply 172.17.0.2 -> 172.17.0.1            filter.INPUT       :ACCEPT
	TABLE
	sed -E '$d; s/^(.{74}) +([0-9]+|TIME\/us)( |$)/\1\3/; s/ +$//' "$out" >"$scratch/got"
	diff -u --label expected --label got "$scratch/expected" "$scratch/got" >"$scratch/diff" ||
		fail "another table than expected:"$'\n'"$(cat "$scratch/diff")"
	[[ $(tail -n 1 "$out") =~ ^'1 of 1 pings answered, rtt min/avg/max = '[0-9.]+/[0-9.]+/[0-9.]+' ms'$ ]] ||
		fail 'another last line than expected'
}

docker_host legacy pod1 iptables-legacy
run_tracepkt -n -N legacy 172.17.0.2
expect_status 0
expect_table "${ns_inode[legacy]}" "${ns_inode[pod1]}"

docker_host nft pod2 iptables-nft
run_tracepkt -N nft 172.17.0.2
expect_status 0
expect_table nft pod2
expect_nothing_left
