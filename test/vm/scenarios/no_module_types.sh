#!/bin/bash
# A kernel without BTF of its modules and without headers: chains are left out, with a note that says
# why and what would bring them; devices are traced all the same.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../e2e/lib.sh
. "$(dirname "$0")/../../e2e/lib.sh"

need_tool iptables-legacy nft
[[ ! -e /sys/kernel/btf/nf_tables && ! -e /lib/modules/$(uname -r)/build ]] || skip 'there are types'
iptables-legacy -S >/dev/null
nft 'add table inet t'
[[ -e /sys/module/ip_tables && -e /sys/module/nf_tables ]] || fail 'no modules'
trace 127.0.0.1
expect_status 0
expect_rows 1 <<'ROWS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
ROWS
expect_stderr_line '(.*; )?iptables and nftables chains are not shown: the kernel has no BTF of their module; install .*'
