#!/bin/bash
# Where chains cannot be shown (no kprobes) and the ping crosses a namespace with tables: a warning that
# names both, once each, beside the note; none of a namespace that the ping does not come to.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

[[ ! -e /sys/bus/event_source/devices/kprobe/type ]] || skip 'this kernel has kprobes'
need_tool iptables-legacy nft
one_router
ns_add beside
or_skip iptables in_ns r iptables-legacy -A FORWARD -j ACCEPT
in_ns beside iptables-legacy -A FORWARD -j ACCEPT
for ns in r b; do
	or_skip nftables in_ns $ns nft 'add table inet t'
done

trace -c 2 -i 0.1 -N a 198.51.100.2
expect_status 0
for n in 1 2; do
	expect_rows $n <<-'ROWS'
		a eth0  tx request 192.0.2.2 198.51.100.2
		r left  rx request 192.0.2.2 198.51.100.2
		r right tx request 192.0.2.2 198.51.100.2
		b eth0  rx request 192.0.2.2 198.51.100.2
		b eth0  tx reply   198.51.100.2 192.0.2.2
		r right rx reply   198.51.100.2 192.0.2.2
		r left  tx reply   198.51.100.2 192.0.2.2
		a eth0  rx reply   198.51.100.2 192.0.2.2
	ROWS
done
expect_stderr_line 'netfilter chains are not shown: this kernel has no kprobes .*'
stderr_without_note >"$scratch/got"
cat >"$scratch/expected" <<'LINES'
tracepkt: netns r has tables of iptables, nftables whose chains are not shown: the picture has a hole there
tracepkt: netns b has tables of nftables whose chains are not shown: the picture has a hole there
LINES
diff -U99 --label expected --label got "$scratch/expected" "$scratch/got" >"$scratch/diff" ||
	fail "other warnings than expected:"$'\n'"$(cat "$scratch/diff")"
expect_nothing_left
