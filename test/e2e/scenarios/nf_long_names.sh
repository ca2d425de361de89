#!/bin/bash
# Tables and chains of nftables with names as long as they may be (255 bytes) come whole.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter nft
one_link
printf -v table '%0255d' 0
printf -v chain '%0255d' 0
table=t${table:1} chain=c${chain:1}
rules b nft <<-RULES
	table inet $table {
		chain $chain {
			type filter hook input priority 0; policy accept
		}
	}
RULES
trace -N a 192.0.2.2
expect_status 0
expect_rows <<-ROWS
	a eth0 tx    request 192.0.2.1 192.0.2.2
	b eth0 rx    request 192.0.2.1 192.0.2.2
	b eth0 chain request 192.0.2.1 192.0.2.2 inet $table.$chain@input ACCEPT
	b eth0 tx    reply   192.0.2.2 192.0.2.1
	a eth0 rx    reply   192.0.2.2 192.0.2.1
ROWS
