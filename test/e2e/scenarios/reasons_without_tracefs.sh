#!/bin/bash
# Where no tracefs is mounted, the names of drop reasons come from one of our own, from 6.12 on, and no row
# waits for BTF to be read: 5 MB, 20 ms.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

btf=/sys/kernel/btf/vmlinux
[[ -r $btf ]] || skip 'this kernel has no BTF'
IFS=.- read -r major minor _ <<<"$(uname -r)"
((major > 6 || (major == 6 && minor >= 12))) || skip 'this kernel is asked for BTF first'
[[ ! -e /sys/kernel/tracing/events ]] || umount /sys/kernel/tracing # what the world has for perf tracepoints
need_tool strace

run_tracepkt --attach=raw 127.0.0.1 # compiles
expect_status 0
# the leak sanitizer refuses to run below strace
printf '#!/bin/bash\nASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" exec strace -f -e trace=openat,fsopen -o "%s" "%s" "$@"\n' \
	"$scratch/opens" "$TRACEPKT" >"$scratch/traced"
chmod +x "$scratch/traced"
TRACEPKT=$scratch/traced
run_tracepkt --attach=raw 127.0.0.1
expect_status 0
grep -q 'fsopen("tracefs"' "$scratch/opens" || fail 'no tracefs of our own'
[[ $(grep -c "\"$btf\"" "$scratch/opens") == 1 ]] || fail 'BTF was read more than once, to plan'
