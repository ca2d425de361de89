#!/bin/bash
# Runs one line of matrix.txt: boots its kernel and runs its scenarios: job.sh NAME. A line a scenario,
# with the seconds that it took; the last line has the counts. The same goes to NAME.tsv in the folder
# of results. Exit status 77 if the kernel cannot be had, but where CI=true.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

skip() {
	[[ ${CI-} != true ]] || die "$*"
	echo "skip: $*"
	exit 77
}

milliseconds() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# record SCENARIO ok|skip|FAIL [REASON]: with the time since the last record.
record() {
	local now
	now=$(milliseconds)
	printf '%s\t%s\t%d.%d\t%s\n' "$1" "$2" $(((now - since) / 1000)) $(((now - since) % 1000 / 100)) \
		"${3-}" >>"$part"
	printf '%-4s %5.1f s  %s%s\n' "$2" "$((now - since))e-3" "$1" "${3:+: $3}"
	since=$now
}

record_skip() { # SCENARIO REASON
	if grep -qxF "$1: $2" "$vm_dir/skips.txt"; then
		record "$1" skip "$2"
	else
		record "$1" FAIL "skipped, which skips.txt does not know of: $2"
	fi
}

# Reads what test/e2e/run.sh says, a line a scenario with details below.
read_results() {
	local line name
	while IFS= read -r line; do
		name=${line#* }
		name=${name#"${name%%[! ]*}"}
		case $line in
		'(booted)') since=$(milliseconds) && echo "(booted in $(((since - begin) / 1000)) s)" ;;
		'ok   '*) record "${name##*/}" ok ;;
		'skip '*': '*) record_skip "$(basename "${name%%: *}")" "${name#*: }" ;;
		'FAIL '*' (exit status '*) record "$(basename "${name%% (*}")" FAIL "${name#* }" ;;
		*' passed, '*' failed, '*' skipped') ;; # we count ourselves
		*) printf '%s\n' "$line" ;;
		esac
	done
}

count() { # STATUS
	cut -f2 "$part" | grep -cx "$1" || true
}

[[ $# -eq 1 ]] || { echo "usage: job.sh NAME" >&2; exit 1; }
job=$1
read -r _ kernel types attach set options < <(awk -v job="$job" '$1 == job' "$vm_dir/matrix.txt") ||
	die "matrix.txt has no '$job'"
[[ $EUID -eq 0 ]] || skip 'not root'
command -v qemu-system-x86_64 >/dev/null || skip 'qemu-system-x86_64 is not installed'
[[ -x $TRACEPKT ]] || die "no program at $TRACEPKT; ./test.sh builds it"
export TRACEPKT_ARGS="--attach=$attach --types=$types"
read -ra options <<<"${options-}"

mapfile -t names < <(scenarios_of "$set")
[[ ${#names[@]} -gt 0 ]] || die "the set $set is empty"
for name in "${names[@]}"; do
	script_of "$name" >/dev/null || die "matrix.txt: $job: no scenario '$name'"
done

mkdir -p "$results_dir"
results=$results_dir/$job.tsv part=$results_dir/$job.part
rm -f "$results"
: >"$part"
reason=$(fetch_for "$kernel" ${options[@]+"${options[@]}"} 2>&1 >/dev/null) ||
	skip "kernel $kernel: $reason"
begin=$(milliseconds) since=$(milliseconds)
# If we are killed, the guest ends too.
# shellcheck disable=SC2016  # for the guest's shell
read_results < <(exec setpriv --pdeathsig TERM "$vm_dir/run.sh" --quiet --timeout 3000 \
	${options[@]+"${options[@]}"} "$kernel" -- \
	bash -c 'echo "(booted)"; exec "$@"' - "$vm_dir/scenarios.sh" "${names[@]}" 2>&1 </dev/null)
for name in "${names[@]}"; do
	cut -f1 "$part" | grep -qx "$name" || record "$name" FAIL "the guest came to no result"
done
mv "$part" "$results"
part=$results
echo "$((($(milliseconds) - begin) / 1000)) s in all"
echo "$(count ok) passed, $(count FAIL) failed, $(count skip) skipped"
[[ $(count FAIL) -eq 0 && $(count ok) -gt 0 ]]
