#!/bin/bash
# Runs the tests: sudo ./test.sh [CTEST-ARGUMENT]... Installs what they need, builds once with
# sanitizers and once without (for valgrind and the kernel matrix), and runs CTest on both. With
# WHOLE_MATRIX=1 all scenarios run on all kernels (test/vm/matrix.txt), which takes an hour or two more.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=cmake/packages.sh
. cmake/packages.sh

test_packages=(check clang clang-format clang-tidy cppcheck shellcheck valgrind git)

packages_of() {
	cat test/*/packages.txt 2>/dev/null | sed 's/#.*//' | xargs
}

# CTest's results as counts: adds to passed, failed and skipped.
count() {
	local log=$1
	passed=$((passed + $(grep -cE '^ *[0-9]+/[0-9]+ Test.* Passed ' "$log" || true)))
	skipped=$((skipped + $(grep -cE '^ *[0-9]+/[0-9]+ Test.*\*\*\*Skipped ' "$log" || true)))
	failed=$((failed + $(grep -cE '^ *[0-9]+/[0-9]+ Test.*\*\*\*(Failed|Timeout|Exception|Not Run)' \
		"$log" || true)))
}

run() {
	local dir=$1 log=$1/ctest.log
	shift
	local status
	(
		set +e
		cd "$dir" && ctest --output-on-failure --no-tests=ignore "$@"
		echo "ctest ended with $?"
	) 2>&1 | tee "$log" |
		grep -vE '^ *Start +[0-9]+:|^Test project|^Constructing|^ctest ended|^$' || true
	count "$log"
	# 8: some tests failed, which are counted; anything else: CTest itself did
	status=$(sed -n 's/^ctest ended with //p' "$log")
	case $status in
	0 | 8) ;;
	*) failed=$((failed + 1)) && say "CTest ended with ${status:-nothing} in $dir" ;;
	esac
	skip_reasons "$dir"
}

# What skipped tests had to say.
skip_reasons() {
	awk '
		/^[0-9]+\/[0-9]+ Test: / { name = $3; reason = "" }
		/^skip: |is not installed$/ { reason = $0; sub(/^skip: /, "", reason) }
		/^"[^"]*" end time: / && reason != "" { said[name] = reason }
		FNR != NR && /\*\*\*Skipped / {
			match($0, /: [^ ]+ /)
			name = substr($0, RSTART + 2, RLENGTH - 3)
			printf "skipped %s: %s\n", name, said[name]
		}' "$1/Testing/Temporary/LastTest.log" "$1/ctest.log"
}

# A job of the matrix is a test, and so are its scenarios: adds them, and tells of what was skipped.
count_scenarios() { # DIR
	local file
	for file in "$1"/test/vm/results/*.tsv; do
		[ -e "$file" ] || continue
		awk -F '\t' -v job="$(basename "$file" .tsv)" '
			$2 == "skip" { printf "skipped vm.%s.%s: %s\n", job, $1, $4 }' "$file"
		passed=$((passed + $(cut -f2 "$file" | grep -cx ok || true)))
		failed=$((failed + $(cut -f2 "$file" | grep -cx FAIL || true)))
		skipped=$((skipped + $(cut -f2 "$file" | grep -cx skip || true)))
	done
}

need_root
read -ra more < <(packages_of)
install_packages "${build_packages[@]}" "${demo_packages[@]}" "${test_packages[@]}" "${more[@]}"
werror=OFF # another compiler may find more to warn of than CI's does
[ "${CI:-}" = true ] && werror=ON
say "building with sanitizers"
build build/sanitize -DTRACEPKT_SANITIZE=ON -DTRACEPKT_WERROR="$werror" -DCMAKE_BUILD_TYPE=Debug
say "building without"
build build/plain -DTRACEPKT_WERROR="$werror"

passed=0 failed=0 skipped=0
# leaks of LLVM's own are none of ours; ours are found by valgrind and the unit tests
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
say "testing"
run build/sanitize -LE 'valgrind|bench|vm|whole' -j "$(nproc)" "$@"
run build/plain -L valgrind -j "$(nproc)" "$@"
run build/plain -L bench "$@"
rm -rf build/plain/test/vm/results
run build/plain -L "$([ "${WHOLE_MATRIX:-}" ] && echo whole || echo vm)" -j 2 "$@" # two guests at a time, whatever the machine: they are what takes long
count_scenarios build/plain
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
