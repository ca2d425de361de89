#!/bin/bash
# Modules of netfilter that are not loaded: a note says so and what would help, nothing is loaded
# unasked, and what can be shown is shown. With all of them there is no note.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy nft rmmod
one_link

expect_note() { # MODULE... that are not loaded
	local module note=''
	for module; do
		note+="${note:+; }${module/_tables/tables} chains are not shown: $module is not loaded (modprobe $module)"
	done
	[[ $(<"$err") == "tracepkt: $note" ]] || fail "another note than: $note"
	for module; do
		[[ ! -e /sys/module/$module ]] || fail "$module was loaded"
	done
}

need_no_module ip_tables ip6_tables nf_tables
trace -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS
expect_note ip_tables ip6_tables nf_tables

# The tools load them.
rules b iptables-legacy <<'RULES'
*filter
:INPUT ACCEPT [0:0]
COMMIT
RULES
trace -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 filter.INPUT ACCEPT
	b eth0 chain reply   192.0.2.2 192.0.2.1 filter.OUTPUT ACCEPT
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS
expect_note ip6_tables nf_tables

need_netfilter nft
trace -N a 192.0.2.2
expect_status 0
[[ ! -s $err ]] || fail 'something on standard error'
expect_nothing_left
