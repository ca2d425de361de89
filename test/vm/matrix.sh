#!/bin/bash
# The matrix without CTest, all jobs of matrix.txt or those named, two guests at a time:
# matrix.sh [NAME...]. TRACEPKT names the program. Then the table, as far as there are results.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

names=("$@")
[[ $# -gt 0 ]] || mapfile -t names < <(job_names)
failed=0
# shellcheck disable=SC2016  # for the inner shell
printf '%s\n' "${names[@]}" | xargs -P 2 -I NAME \
	bash -o pipefail -c '"$0" "$1" 2>&1 | sed -u "s/^/$1: /"' "$vm_dir/job.sh" NAME || failed=1
"$vm_dir/table.sh"
exit "$failed"
