#!/bin/bash
# Hops are shown as they happen: into a pipe, the rows of each ping come when it is sent, not at the
# end.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ran='tracepkt -o json -c 3 -i 1 127.0.0.1 | ...'
"$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o json -c 3 -i 1 127.0.0.1 2>"$err" |
	while IFS= read -r line; do
		printf '%s %s\n' "${EPOCHREALTIME/./}" "$line" # in microseconds
	done >"$scratch/stamped"
cut -d ' ' -f 2- "$scratch/stamped" >"$out"
check_json
[[ ${#row_text[@]} -eq 12 ]] || fail "${#row_text[@]} rows, expected 12"

# When the first and the last row of each ping came, in ms from the first of all.
mapfile -t stamps < <(cut -d ' ' -f 1 "$scratch/stamped")
for stamp in "${stamps[@]}"; do
	ms+=($(((stamp - stamps[0]) / 1000)))
done
for n in 1 2; do
	((ms[4 * n] >= 1000 * n - 300 && ms[4 * n] <= 1000 * n + 300)) ||
		fail "the rows of ping $((n + 1)) came ${ms[4 * n]} ms after the first row: ${ms[*]}"
done
((ms[3] <= 200)) || fail "the first ping's rows took ${ms[3]} ms"
((ms[12] - ms[11] <= 500)) || fail "the end came ${ms[12]} ms after the first row"
