# shellcheck shell=bash
# Sourced by the benchmarks that run in a guest of the kernel matrix (test/vm), before lib.sh: that one
# leaves the network, from which kernels and packages come.
bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# On the host: boots a guest with this script as its command, and ends as it does. In the guest it
# returns. What is told of the kernel is told if the guest dies.
in_guest() { # OPTION-OF-run.sh... LABEL
	if [[ ${TRACEPKT_VM-} ]]; then
		export BENCH_INSIDE=1 # the guest is a world of its own
		return
	fi
	BENCH_BUILD=$(cd "${BENCH_BUILD:-$bench_dir/../../build/plain}" && pwd) || {
		echo "$0: nothing is built; ./test.sh builds build/plain" >&2
		exit 2
	}
	TRACEPKT=$BENCH_BUILD/tracepkt E2E_TOOLS=$BENCH_BUILD/test/e2e/tools
	TRACEPKT_VM_PASS="BENCH_BUILD BENCH_BRIEF BENCH_ORIGINAL BENCH_PEERS"
	export BENCH_BUILD TRACEPKT E2E_TOOLS TRACEPKT_VM_PASS
	# If we are killed, the guest ends too.
	exec setpriv --pdeathsig TERM "$bench_dir/../vm/run.sh" --quiet "$@" -- bash "$bench_dir/${0##*/}"
}
