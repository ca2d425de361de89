#!/bin/bash
# The memory of tracepkt between two pings: resident (RSS) and with shared pages counted in part (PSS),
# after it has compiled the probes and with those that an earlier run has compiled. The child that
# compiles is gone by then; its peak is told, too.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

kilobytes() { # KEY FILE
	awk -v key="$1:" '$1 == key { print $2 }' "$2"
}

measure() { # PREFIX OPTION...
	tracing reply 2 -q -c 0 -i 3600 "${@:2}" 127.0.0.1
	sleep 0.3
	cat "/proc/$tracer/smaps_rollup" >"$scratch/memory"
	tracing_end
	result "$1_rss" "$(calculate "$(kilobytes Rss "$scratch/memory") / 1024")" MiB
	result "$1_pss" "$(calculate "$(kilobytes Pss "$scratch/memory") / 1024")" MiB
}
measure memory_compiled --no-cache
"$tracepkt" -q 127.0.0.1 >"$scratch/rows"
measure memory_kept

# The largest of all processes that there were.
/usr/bin/time -f %M -o "$scratch/peak" "$tracepkt" -q --no-cache 127.0.0.1 >"$scratch/rows"
result memory_peak_compiling "$(calculate "$(tail -n 1 "$scratch/peak") / 1024")" MiB
