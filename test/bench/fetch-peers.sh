#!/bin/bash
# Downloads pwru and bpftrace as Debian 13 packages them, with all that they depend on, and unpacks them
# into the cache of the kernel matrix, as a root of their own: a host need be no Debian 13. Prints the
# folder. Does nothing but that when the cache has it.
set -Eeuo pipefail
# shellcheck source-path=SCRIPTDIR/../vm source=../vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
# shellcheck source-path=SCRIPTDIR/../vm source=../vm/apt.sh
. "$vm_dir/apt.sh"

suite=trixie
peers=(pwru bpftrace)

# The packages that apt would install on a system that has none.
with_dependencies() {
	apt_try apt-get install --simulate --no-install-recommends "$@" || return
	awk '$1 == "Inst" { print $2 }' "$apt_dir/log"
}

fetch_peers() { # DIR
	local package packages
	# bpftrace runs programs that each Debian has.
	packages=$(with_dependencies "${peers[@]}" coreutils dash) || die "suite $suite: $(apt_reason)"
	mapfile -t packages <<<"$packages"
	apt_unpack "$1" "${packages[@]}"
	ln -sfn usr/lib64 "$1/lib64"
	mkdir -p "$1"/{dev,proc,sys,run,tmp,etc,root}
	for package in "${peers[@]}"; do
		apt-cache -c "$apt_dir/apt.conf" show "$package" | awk -v package="$package" '
			$1 == "Version:" && !seen++ { print package, $2 }'
	done >"$1/versions"
}

case ${1-} in
-h | --help) echo "usage: fetch-peers.sh [DIR]"; exit ;;
esac
dir=${1:-$cache_dir}

if [[ ! -e $dir/peers ]]; then
	cache_open "$dir"
	cache_put peers fetch_peers
fi
(cd "$dir/peers" && pwd)
