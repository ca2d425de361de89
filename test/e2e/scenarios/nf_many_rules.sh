#!/bin/bash
# Chains of 3,000 rules, of each backend: one row each, and the ping is not late for it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

need_netfilter iptables-legacy iptables-nft nft
ns_add a b
veth a eth0 b eth0
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2

strangers() { # FORMAT: a line for each of 3,000 addresses
	local n
	for ((n = 0; n < 3000; n++)); do
		# shellcheck disable=SC2059
		printf -- "$1\n" "10.0.$((n / 250)).$((n % 250))"
	done
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
expect_jq '.[-1] | .sent == 2 and .received == 2 and .lost_events == 0'
expect_nothing_left
