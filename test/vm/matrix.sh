#!/bin/bash
# Runs the scenarios of test/e2e/ on the kernels of matrix.txt: matrix.sh [--all] [NAME...]. Without
# --all only those that tell kernels apart (core.txt). TRACEPKT names the binary. Prints a line a
# scenario and what docs/compatibility.md has as its table.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

here=$vm_dir
top=$(cd "$here/../.." && pwd)
: "${TRACEPKT:=$top/build/plain/tracepkt}"
[[ -x $TRACEPKT ]] || die "no program at $TRACEPKT; ./test.sh builds it"
all=
if [[ ${1-} == --all ]]; then
	all=1
	shift
fi
wanted=("$@")

scenarios() {
	if [[ $all ]]; then
		basename -s .sh -a "$top"/test/e2e/scenarios/*.sh
	else
		sed 's/#.*//' "$here/core.txt"
	fi
}

is_wanted() {
	local name
	[[ ${#wanted[@]} -gt 0 ]] || return 0
	for name in "${wanted[@]}"; do
		[[ $name != "$1" ]] || return 0
	done
	return 1
}

# One line of matrix.txt: boots the kernel and runs the scenarios in it; the last line has the counts.
run_one() {
	local kernel=$1 types=$2 attach=$3 names
	shift 3
	names=$(scenarios | tr '\n' ' ')
	TRACEPKT_VM_PASS='CI TRACEPKT TRACEPKT_ARGS E2E_TOOLS E2E_LIMIT E2E_SCENARIO_LIMIT' \
		TRACEPKT="$TRACEPKT" TRACEPKT_ARGS="--attach=$attach --types=$types" \
		E2E_TOOLS="$(dirname "$TRACEPKT")/test/e2e/tools" E2E_LIMIT=120 E2E_SCENARIO_LIMIT=400 \
		"$here/run.sh" --quiet --timeout 3000 "$@" "$kernel" bash -c "test/e2e/run.sh $names" 2>&1
}

passed=0 failed=0 skipped=0 table=''
while read -r name kernel types attach options; do
	[[ $name && $name != \#* ]] || continue
	is_wanted "$name" || continue
	[[ $options != - ]] || options=
	log=$(mktemp)
	begin=$SECONDS
	# shellcheck disable=SC2086  # several options, or none
	run_one "$kernel" "$types" "$attach" $options </dev/null | sed "s/^/$name: /" | tee "$log" || true
	if ! read -r p f s < <(sed -nE 's/.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log" | tail -n 1); then
		p=0 f=1 s=0
		echo "$name: the guest came to no end"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	table+="| $kernel | $types | $attach | $p | $f | $s | $((SECONDS - begin)) s |"$'\n'
	rm -f "$log"
done <"$here/matrix.txt"
printf '| kernel | types | attach | passed | failed | skipped | time |\n|---|---|---|---|---|---|---|\n%s' "$table"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
