#!/bin/bash
# Runs the scenarios, all or those named, one after the other, and tells how each went.
# Usage: run.sh [NAME...]; in the environment TRACEPKT, TRACEPKT_ARGS and the rest of lib.sh.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)

export TRACEPKT=${TRACEPKT:-$dir/../../build/tracepkt}
[[ -x $TRACEPKT ]] || { echo "run.sh: no program at $TRACEPKT; set TRACEPKT" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ ! ${E2E_TOOLS-} ]]; then
	export E2E_TOOLS=$work/tools
	mkdir "$E2E_TOOLS"
	for source in "$dir"/tools/*.c; do
		"${CC:-cc}" -O2 -D_GNU_SOURCE -o "$E2E_TOOLS/$(basename "$source" .c)" "$source" -ljansson
	done
fi

names=("$@")
[[ ${#names[@]} -gt 0 ]] || for script in "$dir"/scenarios/*.sh; do
	names+=("$(basename "$script" .sh)")
done

passed=0 failed=0 skipped=0
for name in "${names[@]}"; do
	result=0
	timeout -k 5 "${E2E_SCENARIO_LIMIT:-120}" bash "$dir/scenarios/${name%.sh}.sh" >"$work/output" 2>&1 ||
		result=$?
	case $result in
	0)
		passed=$((passed + 1))
		echo "ok   $name"
		;;
	77)
		skipped=$((skipped + 1))
		echo "skip $name: $(sed -n 's/^skip: //p' "$work/output")"
		;;
	*)
		failed=$((failed + 1))
		echo "FAIL $name (exit status $result)"
		sed 's/^/     /' "$work/output"
		;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
