#!/bin/bash
# Too few descriptors, wherever they end: one line says so and what to do. It is not taken for a kernel that
# refuses the probes, which would be compiled once more, and for nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
ip link set lo up

run_tracepkt 127.0.0.1 # what is compiled now is kept for the others
expect_status 0
run_tracepkt -v 127.0.0.1
expect_stderr_line 'probes as compiled by an earlier run'

# The limit is for good, even for root: not in this shell. Whoever compiles finds no compiler.
mkdir "$scratch/lib"
: >"$scratch/lib/libbcc.so.0"
with_files() { # N
	printf '#!/bin/bash\nulimit -n %d\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' \
		"$1" "$scratch/lib" "$program" >"$scratch/few"
	run_tracepkt 127.0.0.1
}
program=$TRACEPKT
TRACEPKT=$scratch/few
: >"$TRACEPKT"
chmod +x "$TRACEPKT"

few=18 files=146
while ((files - few > 1)); do # the least that does
	with_files $(((few + files) / 2))
	((status == 0)) && files=$(((few + files) / 2)) || few=$(((few + files) / 2))
done

advice='raise the limit( of open files)? \(ulimit -n\)'
for ((less = 1; less <= 6; less++)); do
	with_files $((files - less))
	expect_error "too many open files; $advice|cannot attach to the tracepoint [a-z_]*: Too many open files; $advice"
done
