#!/bin/bash
# How long tracepkt takes to start: from exec to the first ping, and to the end of a run on loopback,
# compiling the probes and with those that an earlier run has compiled, with what the time goes into.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

runs=11
[[ ! $brief ]] || runs=1

# bench_startup prints "SENT END TYPES COMPILE LOAD ATTACH" of each run, in seconds.
measure() { # PREFIX OPTION...
	local column name names=(to_ping to_exit types compile load attach)
	"$build/test/bench/bench_startup" "$runs" "$tracepkt" -v "${@:2}" 127.0.0.1 >"$scratch/times"
	for column in "${!names[@]}"; do
		name=${names[column]}
		result "$1_$name" "$(awk -v c=$((column + 1)) '{ print $c }' "$scratch/times" | median)" s
	done
}

types=btf
[[ -r /sys/kernel/btf/vmlinux ]] || types=headers
measure "start_$types" "--types=$types" --no-cache
"$tracepkt" -q "--types=$types" 127.0.0.1 >"$scratch/rows"
measure start_kept "--types=$types"
