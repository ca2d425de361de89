#!/bin/bash
# How long from start to the first ping sent, on loopback: startup.sh [BUILD-DIRECTORY [RUNS]].
# Prints the median and the spread of RUNS (11) runs with kernel types from BTF: compiling the probes
# each time, then with those that an earlier run has compiled.
set -euo pipefail
build=${1:-build/plain}
runs=${2:-11}
[ "$(id -u)" = 0 ] || { echo "startup.sh: must be root" >&2; exit 2; }
[ -x "$build/test/bench/bench_startup" ] ||
	{ echo "startup.sh: $build is not built; ./test.sh builds build/plain" >&2; exit 2; }
measure() { # OPTION...
	# shellcheck disable=SC2016
	unshare --net --mount sh -c 'mount -t tmpfs none /run && ip link set lo up && "$@"' sh sh -c '
		"$2" -q 127.0.0.1 >/dev/null
		runs=$1 tracepkt=$2 bench=$3
		shift 3
		exec "$bench" "$runs" "$tracepkt" -v --types=btf "$@" 127.0.0.1
	' sh "$runs" "$build/tracepkt" "$build/test/bench/bench_startup" "$@"
}

echo "compiled each time:"
measure --no-cache
echo "compiled by an earlier run:"
measure
