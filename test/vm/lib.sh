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
