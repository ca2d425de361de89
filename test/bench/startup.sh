#!/bin/bash
# How long from start to the first ping sent, on loopback: startup.sh [BUILD-DIRECTORY [RUNS]].
# Prints the median and the spread of RUNS (11) runs with kernel types from BTF.
set -euo pipefail
build=${1:-build/plain}
runs=${2:-11}
[ "$(id -u)" = 0 ] || { echo "startup.sh: must be root" >&2; exit 2; }
[ -x "$build/test/bench/bench_startup" ] ||
	{ echo "startup.sh: $build is not built; ./test.sh builds build/plain" >&2; exit 2; }
# shellcheck disable=SC2016
exec unshare --net sh -c 'ip link set lo up && exec "$@"' sh \
	"$build/test/bench/bench_startup" "$runs" "$build/tracepkt" -v --types=btf 127.0.0.1
