# Shared by the scripts of this folder: where things are, how to fail, the kernel table. Sourced.
# shellcheck shell=bash disable=SC2034

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo_dir=$(cd "$vm_dir/../.." && pwd)
cache_dir=${TRACEPKT_VM_CACHE:-$repo_dir/build/vm}
PATH=$PATH:/usr/sbin:/sbin

# What die exits with; run.sh changes it, to be told apart from the status of the command it runs.
die_status=1

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$die_status"
}

need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool not found: install the packages of test/vm/packages.txt"
	done
}

kernel_labels() {
	awk '!/^#/ && NF { print $1 }' "$vm_dir/kernels.txt"
}

# kernel_field LABEL COLUMN
kernel_field() {
	awk -v label="$1" -v column="$2" '$1 == label { print $column }' "$vm_dir/kernels.txt"
}

require_label() {
	[[ -n $(kernel_field "$1" 1) ]] ||
		die "no kernel '$1': have $(kernel_labels | paste -sd ' ')"
}

# ---- scenarios: those of test/e2e, and a few of this folder that only make sense in a guest ------

# script_of NAME: its file, or nothing.
script_of() {
	local dir
	for dir in "$repo_dir/test/e2e/scenarios" "$vm_dir/scenarios"; do
		[[ ! -f $dir/$1.sh ]] || { echo "$dir/$1.sh" && return; }
	done
	return 1
}

# scenarios_of SET: the names, one a line. A set is a list of scenarios, of files in sets/, of `all`
# (test/e2e) and of patterns (`nf_*`, `!(nf_*)`), with commas between; what `-` stands in front of is left
# out; `:1/2` takes the first of every two.
scenarios_of() {
	local term terms share=1/1 wanted='' without=''
	IFS=, read -ra terms <<<"${1%%:*}"
	[[ $1 != *:* ]] || share=${1#*:}
	for term in "${terms[@]}"; do
		if [[ $term == -* ]]; then
			without+=$(names_of "${term#-}")$'\n'
		else
			wanted+=$(names_of "$term")$'\n'
		fi
	done
	printf '%s' "$wanted" | grep -vxFf <(printf '%s' "${without:-.}") | sort -u |
		awk -v first="${share%/*}" -v step="${share#*/}" 'NR % step == first % step'
}

# One term of a set.
names_of() {
	local term=$1
	shopt -s extglob
	if [[ $term == all || $term == *'*'* ]]; then
		# shellcheck disable=SC2086  # a pattern
		basename -s .sh -a "$repo_dir"/test/e2e/scenarios/${term/#all/*}.sh
	elif [[ -f $vm_dir/sets/$term.txt ]]; then
		sed 's/#.*//; /^[[:space:]]*$/d' "$vm_dir/sets/$term.txt"
	else
		echo "$term"
	fi
}

job_names() {
	awk '!/^#/ && NF { print $1 }' "$vm_dir/matrix.txt"
}

# The program to test, and where the results of a run of the matrix lie.
: "${TRACEPKT:=$repo_dir/build/plain/tracepkt}"
: "${E2E_TOOLS:=${TRACEPKT%/*}/test/e2e/tools}"
: "${E2E_LIMIT:=240}" "${E2E_SCENARIO_LIMIT:=600}" # seconds; emulation is slow
: "${E2E_CACHE:=1}"                                # and so is compiling: once a guest
results_dir=${TRACEPKT_VM_RESULTS:-${TRACEPKT%/*}/test/vm/results}

# fetch_for LABEL [OPTION of run.sh]...: what a guest with these needs is in the cache then.
fetch_for() {
	local label=$1 headers='' option
	shift
	for option; do
		case $option in
		--headers) headers=1 ;;
		--docker) "$vm_dir/fetch-docker.sh" "$cache_dir" || return ;;
		esac
	done
	"$vm_dir/fetch.sh" ${headers:+--headers} "$label" "$cache_dir"
}
