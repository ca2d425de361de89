#!/bin/bash
# Downloads what matrix.txt needs, before its jobs begin, and takes the results of the last run away.
# What cannot be had is told: a failure where CI=true; elsewhere those jobs are skipped.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rm -rf "$results_dir"
missing=0
while read -r _ kernel _ _ _ options; do
	read -ra options <<<"$options"
	reason=$(fetch_for "$kernel" ${options[@]+"${options[@]}"} 2>&1 >/dev/null) ||
		{ echo "kernel $kernel: $reason" && missing=1; }
done < <(grep -v -e '^#' -e '^$' "$vm_dir/matrix.txt")
[[ ${CI-} != true || $missing -eq 0 ]]
