#!/bin/bash
# Chains whose types nobody has, for the modules have no BTF and there are no headers: a note says what to
# install, and a warning which namespace on the way has tables; the devices are shown.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_kprobes
need_tool iptables-legacy ip6tables-legacy nft
[[ -e /sys/kernel/btf/vmlinux ]] || skip 'this kernel has no BTF'
[[ -d /lib/modules/$(uname -r) ]] || skip 'there are no modules'
one_link
or_skip iptables in_ns b iptables-legacy -A INPUT -j ACCEPT
or_skip ip6tables in_ns b ip6tables-legacy -S
in_ns b nft 'add table inet t'
for module in ip_tables ip6_tables nf_tables; do
	[[ -e /sys/module/$module/initstate ]] || skip "$module is no module"
done

# BTF of vmlinux alone, and no headers.
touch "$scratch/vmlinux"
mount --bind /sys/kernel/btf/vmlinux "$scratch/vmlinux"
mount -t tmpfs none /sys/kernel/btf
touch /sys/kernel/btf/vmlinux
mount --bind "$scratch/vmlinux" /sys/kernel/btf/vmlinux
mount -t tmpfs none "/lib/modules/$(uname -r)"

trace --types=btf -N a 192.0.2.2
expect_status 0
expect_rows <<'ROWS'
	a eth0 tx request 192.0.2.1 192.0.2.2
	b eth0 rx request 192.0.2.1 192.0.2.2
	b eth0 tx reply   192.0.2.2 192.0.2.1
	a eth0 rx reply   192.0.2.2 192.0.2.1
ROWS
expect_stderr_line "iptables and nftables chains are not shown: the kernel has no BTF of their module; install the package linux-headers-.*"
expect_stderr_line 'netns b has tables of iptables, ip6tables, nftables whose chains are not shown: the picture has a hole there'
[[ $(wc -l <"$err") -eq 2 ]] || fail 'more than these two lines on standard error'
expect_nothing_left
