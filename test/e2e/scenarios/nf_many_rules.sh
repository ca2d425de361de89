#!/bin/bash
# Chains of 3,000 rules, of each backend: one row each, and the ping is not late for it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy ip6tables-legacy iptables-nft nft
one_link

strangers() { # FORMAT: a line for each of 3,000 addresses
	# shellcheck disable=SC2059
	printf -- "$1\n" 10.0.{0..11}.{0..249}
}
strangers6() { # FORMAT
	# shellcheck disable=SC2059
	printf -- "$1\n" 2001:db8:{10..21}::{0..249}
}
for table in filter mangle; do
	{
		printf '%s\n' "*$table" ':INPUT ACCEPT [0:0]'
		strangers '-A INPUT -s %s -j DROP'
		echo COMMIT
	} >"$scratch/$table"
done
rules b iptables-legacy <"$scratch/filter"
rules b iptables-nft <"$scratch/mangle"
{
	echo 'table inet guard {'
	echo 'chain enter { type filter hook input priority 10; policy accept;'
	strangers 'ip saddr %s drop'
	printf '%s\n' '}' '}'
} | rules b nft

trace -c 2 -i 0.1 -N a 192.0.2.2
expect_status 0
for n in 1 2; do
	expect_rows $n <<-'ROWS'
		a eth0 tx    request 192.0.2.1 192.0.2.2
		b eth0 rx    request 192.0.2.1 192.0.2.2
		b eth0 chain request 192.0.2.1 192.0.2.2 ip mangle.INPUT ACCEPT
		b eth0 chain request 192.0.2.1 192.0.2.2 filter.INPUT ACCEPT
		b eth0 chain request 192.0.2.1 192.0.2.2 inet guard.enter@input ACCEPT
		b eth0 chain reply   192.0.2.2 192.0.2.1 filter.OUTPUT ACCEPT
		b eth0 tx    reply   192.0.2.2 192.0.2.1
		a eth0 rx    reply   192.0.2.2 192.0.2.1
	ROWS
done
expect_counts 'sent == 2 && received == 2 && lost_events == 0'
expect_outcome </dev/null

# IPv6 has a code of its own in iptables-legacy only.
need_ipv6
one_link6
{
	printf '%s\n' '*filter' ':INPUT ACCEPT [0:0]'
	strangers6 '-A INPUT -s %s -j DROP'
	echo COMMIT
} | rules b ip6tables-legacy
trace -N a 2001:db8::2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx    request 2001:db8::1 2001:db8::2
	b eth0 rx    request 2001:db8::1 2001:db8::2
	b eth0 chain request 2001:db8::1 2001:db8::2 filter.INPUT ACCEPT
	b eth0 chain request 2001:db8::1 2001:db8::2 inet guard.enter@input ACCEPT
	b eth0 chain reply   2001:db8::2 2001:db8::1 filter.OUTPUT ACCEPT
	b eth0 tx    reply   2001:db8::2 2001:db8::1
	a eth0 rx    reply   2001:db8::2 2001:db8::1
ROWS
expect_nothing_left
