#!/bin/bash
# All five tables of iptables in every namespace, which accept everything: at the sender, at two
# routers and at the target, on both ways. On the left iptables-legacy, on the right iptables-nft.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft
two_routers
for ns in a r1; do all_tables $ns iptables-legacy; done
for ns in r2 b; do all_tables $ns iptables-nft; done

# One namespace's chains of a hook for the packet $is: "request SRC DST" or "reply SRC DST".
chains() { # NS DEVICE HOOK TABLE...
	local family='' table
	[[ $1 != r2 && $1 != b ]] || family=$nft
	for table in "${@:4}"; do
		echo "$1 $2 chain $is $family $table.$3 ACCEPT"
	done
}

# The tables in the order of their priorities. Those of nat see the first packet of a connection.
sends() { # NS [nat]
	chains "$1" eth0 OUTPUT raw mangle ${2:+"$2"} filter security
	chains "$1" eth0 POSTROUTING mangle ${2:+"$2"}
	echo "$1 eth0 tx $is"
}

forwards() { # NS FROM TO [nat]
	echo "$1 $2 rx $is"
	chains "$1" "$2" PREROUTING raw mangle ${4:+"$4"}
	chains "$1" "$2" FORWARD mangle filter security
	chains "$1" "$3" POSTROUTING mangle ${4:+"$4"}
	echo "$1 $3 tx $is"
}

takes() { # NS [nat]
	echo "$1 eth0 rx $is"
	chains "$1" eth0 PREROUTING raw mangle ${2:+"$2"}
	# the table security has priority 50, but 150 with iptables-nft (nft_xt_builtin in its nft.c)
	if [[ $1 == a ]]; then
		chains "$1" eth0 INPUT mangle filter security ${2:+"$2"}
	else
		chains "$1" eth0 INPUT mangle filter ${2:+"$2"} security
	fi
}

rightwards() { # [nat]
	sends a "$@"
	forwards r1 left right "$@"
	forwards r2 left right "$@"
	takes b "$@"
}

leftwards() { # [nat]
	sends b "$@"
	forwards r2 right left "$@"
	forwards r1 right left "$@"
	takes a "$@"
}

nft=ip
trace -N a 203.0.113.2
expect_status 0
expect_rows < <(
	is='request 192.0.2.2 203.0.113.2'
	rightwards nat
	is='reply 203.0.113.2 192.0.2.2'
	leftwards
)
expect_no_stderr

trace -N b 192.0.2.2
expect_status 0
expect_rows < <(
	is='request 203.0.113.2 192.0.2.2'
	leftwards nat
	is='reply 192.0.2.2 203.0.113.2'
	rightwards
)

need_ipv6
two_routers6
for ns in a r1; do all_tables $ns ip6tables-legacy; done
for ns in r2 b; do all_tables $ns ip6tables-nft; done

nft=ip6
trace -N a 2001:db8:3::2
expect_status 0
expect_rows < <(
	is='request 2001:db8:1::2 2001:db8:3::2'
	rightwards nat
	is='reply 2001:db8:3::2 2001:db8:1::2'
	leftwards
)
expect_nothing_left
