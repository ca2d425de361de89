#!/bin/bash
# A kernel without modules can be asked about tables at once: nobody waits for /proc/kallsyms, which
# takes 50 ms to read, to be told that nothing would be loaded.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

[[ ! -e /sys/bus/event_source/devices/kprobe/type ]] || skip 'this kernel has kprobes'
[[ ! -e /proc/modules ]] || skip 'this kernel has modules'
need_tool nft
one_link
or_skip nftables in_ns b nft 'add table inet t'

trace -N a 192.0.2.2 # compiles
mkfifo "$scratch/fifo"
mount --bind "$scratch/fifo" /proc/kallsyms # whoever reads it waits for ever
trace -N a 192.0.2.2
umount /proc/kallsyms
expect_status 0
expect_stderr_line 'netns b has tables of nftables whose chains are not shown: the picture has a hole there'
expect_nothing_left
