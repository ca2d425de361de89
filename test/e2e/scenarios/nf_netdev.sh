#!/bin/bash
# nftables at a device: ingress of the families netdev and inet, and egress where the kernel has it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter nft
one_link
rules b nft <<'RULES'
	table netdev card {
		chain enter {
			type filter hook ingress device "eth0" priority 0; policy accept
		}
	}
	table inet guard {
		chain early {
			type filter hook ingress device "eth0" priority 10; policy accept
		}
	}
RULES
egress=
in_ns a nft -f - 2>"$scratch/egress" <<'RULES' && egress=1
	table netdev card {
		chain leave {
			type filter hook egress device "eth0" priority 0; policy accept
		}
	}
RULES
[[ $egress || $(cat "$scratch/egress") == *'not supported'* ]] || fail "nft: $(cat "$scratch/egress")"
leave() { # SRC DST
	[[ ! $egress ]] || echo "a eth0 chain request $1 $2 netdev card.leave@egress ACCEPT"
}

trace -N a 192.0.2.2
expect_status 0
expect_rows <<ROWS
	$(leave 192.0.2.1 192.0.2.2)
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 netdev card.enter@ingress ACCEPT
	b eth0 chain request 192.0.2.1 192.0.2.2 inet guard.early@ingress ACCEPT
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS

need_ipv6
one_link6
rules b nft <<'RULES'
	add rule inet guard early icmpv6 type echo-request drop
RULES
trace -W 0.5 -N a 2001:db8::2
expect_status 1
expect_rows <<ROWS
	$(leave 2001:db8::1 2001:db8::2)
	a eth0 tx    request 2001:db8::1 2001:db8::2
	b eth0 rx    request 2001:db8::1 2001:db8::2
	b eth0 chain request 2001:db8::1 2001:db8::2 netdev card.enter@ingress ACCEPT
	b eth0 chain request 2001:db8::1 2001:db8::2 inet guard.early@ingress DROP
ROWS

# Dropped on the way out, it is never sent.
if [[ $egress ]]; then
	rules a nft <<-'RULES'
		add rule netdev card leave ip6 daddr 2001:db8::2 drop
	RULES
	trace -W 0.5 -N a 2001:db8::2
	expect_status 1
	expect_rows <<-'ROWS'
		a eth0 chain request 2001:db8::1 2001:db8::2 netdev card.leave@egress DROP
	ROWS
fi
expect_nothing_left
