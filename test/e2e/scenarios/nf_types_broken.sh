#!/bin/bash
# Headers with which the netfilter probes do not compile (a later kernel may have such): the devices are
# shown all the same, and a warning says that chains are not. The user's own netfilter.c must compile.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_netfilter iptables-legacy nft
header=/lib/modules/$(uname -r)/source/include/net/netfilter/nf_tables.h
[[ -e $header ]] || skip 'there are no headers'
one_link
in_ns b nft 'add table inet t'
sed 's/family:6/kin:6/' "$header" >"$scratch/nf_tables.h"
! cmp -s "$header" "$scratch/nf_tables.h" || fail "nothing to break in $header"
mount --bind "$scratch/nf_tables.h" "$(readlink -f "$header")"

trace --types=headers -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx request 192.0.2.1 192.0.2.2
	b eth0 rx request 192.0.2.1 192.0.2.2
	b eth0 tx reply   192.0.2.2 192.0.2.1
	a eth0 rx reply   192.0.2.2 192.0.2.1
ROWS
expect_stderr_line "netfilter chains are not shown: their probes do not compile with the types of this kernel; -v shows the compiler's messages"
expect_stderr_line 'netns b has tables of nftables whose chains are not shown: the picture has a hole there'
[[ $(wc -l <"$err") -eq 2 ]] || fail 'more than these two lines on standard error'

"$TRACEPKT" --dump-probes="$scratch/probes"
run_tracepkt --types=headers --probe-dir="$scratch/probes" -N a 192.0.2.2
expect_status 2
expect_stderr_line 'the probes do not compile with kernel types from headers; --types=btf may do'
