#!/bin/bash
# Runs the benchmarks, all or those named: run.sh [BENCHMARK...]. Prints a table; results.tsv,
# results.json and, where gnuplot is, plots are written to $BENCH_RESULTS (build/bench). In the
# environment: BENCH_BUILD, the build that is measured (build/plain); BENCH_BRIEF=1, to see that all
# of it works. vmstart and peers boot a guest of the kernel matrix; BENCH_ORIGINAL names a program for
# vmstart.sh to time.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)
results=${BENCH_RESULTS:-$dir/../../build/bench}
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(cost startup memory events scale vmstart peers)

mkdir -p "$results"
results=$(cd "$results" && pwd)
: >"$results/results.tsv"
for name in "${names[@]}"; do
	[[ -x $dir/$name.sh && ! $name =~ ^(run|check|fetch-peers)$ ]] ||
		{ echo "run.sh: no benchmark $name" >&2; exit 2; }
	echo "$name ..." >&2
	"$dir/$name.sh" >>"$results/results.tsv"
done
jq -R -s '
	split("\n") | map(select(length > 0) | split("\t") | {(.[0]): {value: (.[1] | tonumber), unit: .[2]}}) | add
' "$results/results.tsv" >"$results/results.json"

plot() { # NAME LABEL COLUMN
	local data=$results/$1.dat
	sed -n "s/^scale_$1_\([0-9]*\)_$3\t\([^\t]*\)\t.*/\1 \2/p" "$results/results.tsv" >"$data"
	[[ -s $data ]] || return 0
	gnuplot <<-COMMANDS
		set terminal svg size 640,400
		set output "$results/$1_$3.svg"
		set logscale x
		set xlabel "$2"
		set ylabel "$4"
		set yrange [0:*]
		unset key
		plot "$data" with linespoints pointtype 7
	COMMANDS
}
if command -v gnuplot >/dev/null; then
	for column in 'to_ping;start to first ping, s' 'to_exit;start to end, s' 'memory;memory, MiB'; do
		plot hops 'links on the way' "${column%;*}" "${column#*;}"
		plot namespaces 'namespaces on the host' "${column%;*}" "${column#*;}"
		plot rules 'rules on the way' "${column%;*}" "${column#*;}"
	done
fi
column -t -s "$(printf '\t')" "$results/results.tsv"
