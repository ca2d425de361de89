#!/bin/bash
# How long tracepkt takes to start where LLVM has to read the kernel's headers, in an emulated machine with
# kernel 6.1: from exec to the first ping and to the end of a run on loopback, with what the time goes
# into, compiling each time; the same with types of BTF; and the Python program that tracepkt began as, for
# which original.py stands in. BENCH_ORIGINAL names a script to be timed in addition, from exec to exit.
# Medians of rounds that take turns: in the first, files have yet to be read from the host.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=guest.sh
. "${0%/*}/guest.sh"
# Counting takes longer.
clock=(--icount)
[[ ! ${BENCH_BRIEF-} ]] || clock=()
in_guest ${clock[@]+"${clock[@]}"} --headers --timeout 3000 6.1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

rounds=3 types=(btf headers)
[[ ! $brief ]] || rounds=1 types=(headers)
modprobe -a iptable_filter ip6table_filter # original.py attaches to functions in there

start() { # NAME COMMAND...
	"$build/test/bench/bench_startup" 1 "${@:2}" 127.0.0.1 >>"$scratch/$1"
}

# A script that tells nothing of itself, and may expect to be where it is.
foreign() {
	local begin=$EPOCHREALTIME status=0
	(cd "$(dirname "$BENCH_ORIGINAL")" && exec /usr/bin/python3 "$BENCH_ORIGINAL" 127.0.0.1) >"$scratch/rows" || status=$?
	calculate "$EPOCHREALTIME - $begin" >>"$scratch/foreign"
	echo >>"$scratch/foreign"
	[[ -s $scratch/rows ]] || { echo "$0: $BENCH_ORIGINAL showed nothing, and ended with $status" >&2; exit 1; }
}

for ((round = 0; round < rounds; round++)); do
	for which in "${types[@]}"; do
		start "$which" "$tracepkt" -v --no-cache "--types=$which"
	done
	start original /usr/bin/python3 "$bench_dir/original.py"
	[[ ! ${BENCH_ORIGINAL-} ]] || foreign
done

column() { # NAME NUMBER
	awk -v c="$2" '{ print $c }' "$scratch/$1" | median
}

# bench_startup has printed "SENT END TYPES COMPILE LOAD ATTACH" of each run, in seconds.
names=(to_ping to_exit types compile load attach)
for which in "${types[@]}"; do
	for number in "${!names[@]}"; do
		result "vmstart_${which}_${names[number]}" "$(column "$which" $((number + 1)))" s
	done
done
for number in 0 1; do
	name=${names[number]}
	headers=$(column headers $((number + 1)))
	original=$(column original $((number + 1)))
	result "vmstart_original_$name" "$original" s
	result "vmstart_ratio_$name" "$(calculate "$headers / $original")" headers/original
done
[[ ! ${BENCH_ORIGINAL-} ]] || result vmstart_named_original_to_exit "$(median <"$scratch/foreign")" s
