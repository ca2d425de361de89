# shellcheck shell=bash
# What the benchmarks share; sourced by them. run.sh calls each as "SCRIPT", with BENCH_BRIEF=1 to see
# that it works. A benchmark prints a line a figure, "NAME<TAB>VALUE<TAB>UNIT"; what else it has to
# say goes to standard error. It runs as root, in network, mount and process namespaces of its own, in
# which everything ends with it.
set -euo pipefail
bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "${BENCH_BUILD:-$bench_dir/../../build/plain}" && pwd) ||
	{ echo "$0: nothing is built; ./test.sh builds build/plain" >&2; exit 2; }
tracepkt=$build/tracepkt
tools=$build/test/e2e/tools
# shellcheck disable=SC2034  # for those that source this
brief=${BENCH_BRIEF-}

[[ $(id -u) -eq 0 ]] || { echo "$0: must be root" >&2; exit 2; }
[[ -x $build/test/bench/bench_blast && -x $tracepkt ]] ||
	{ echo "$0: $build is not built; ./test.sh builds build/plain" >&2; exit 2; }
if [[ ! ${BENCH_INSIDE-} ]]; then
	BENCH_INSIDE=1 exec "$tools/world" enter bash "$0" "$@"
fi
scratch=$(mktemp -d /run/bench.XXXXXX) # which is the world's own
ip link set lo up

result() { # NAME VALUE UNIT
	printf '%s\t%s\t%s\n' "$@"
}

median() { # of the lines of standard input
	sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

lowest_tenth() { # the greatest of that part of the lines of standard input
	sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 9) / 10)] }'
}

calculate() { # EXPRESSION of awk
	awk "BEGIN { printf \"%.4g\", $1 }"
}

wait_until() { # SECONDS COMMAND...
	local until=$((SECONDS + $1))
	until "${@:2}"; do
		((SECONDS < until)) || { echo "$0: in vain: ${*:2}" >&2; exit 1; }
		sleep 0.02
	done
}

has_text() { # FILE PATTERN COUNT
	[[ $(grep -c -- "$2" "$1") -ge $3 ]]
}

# Two namespaces, the one that we are in and b, with a veth pair: 192.0.2.1 and .2.
pair() {
	ip netns add b
	ip link add eth0 type veth peer name eth0 netns b
	ip addr add 192.0.2.1/24 dev eth0
	ip link set eth0 up
	ip -n b addr add 192.0.2.2/24 dev eth0
	ip -n b link set lo up
	ip -n b link set eth0 up
	wait_until 10 ping -c 1 -q -W 1 192.0.2.2 >"$scratch/ping"
}

# b drops what bench_blast sends.
drop_datagrams() {
	ip netns exec b nft -f - <<-'RULES'
		table ip bench {
			chain incoming {
				type filter hook prerouting priority -300
				udp dport 9 drop
			}
		}
	RULES
}

# tracepkt in the background, as long as it takes until $out has COUNT lines with PATTERN.
tracing() { # PATTERN COUNT ARGUMENT...
	out=$scratch/out
	"$tracepkt" "${@:3}" >"$out" 2>"$scratch/err" &
	tracer=$!
	wait_until 60 has_text "$out" "$1" "$2"
}

tracing_end() {
	kill -TERM "$tracer"
	wait "$tracer" || true
}
