#!/bin/bash
# Downloads Debian's Docker and unpacks it into the cache, as a tree that run.sh --docker lays over /.
# Prints the folder. Does nothing but that when the cache has it.
set -Eeuo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=apt.sh
# shellcheck source-path=SCRIPTDIR source=apt.sh
. "$vm_dir/apt.sh"

# Of bookworm, as its libraries are older than those of any host that can build tracepkt.
suite=bookworm
# Docker and those of its libraries that a small system may lack.
packages=(docker.io containerd runc libdevmapper1.02.1 libseccomp2)

case ${1-} in
-h | --help) echo "usage: fetch-docker.sh [DIR]"; exit ;;
esac
dir=${1:-$cache_dir}

if [[ ! -e $dir/docker ]]; then
	need apt-get dpkg-deb flock
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	exec 9>"$dir/.lock"
	flock 9
	temp=$(mktemp -d "$dir/.fetch.XXXXXX")
	trap 'rm -rf "$temp"' EXIT
	trap 'exit 1' INT TERM HUP
	trap 'die "failed at line $LINENO"' ERR
	if [[ ! -e $dir/docker ]]; then
		apt_open "$temp/apt" "$suite"
		apt_unpack "$temp/docker" "${packages[@]}"
		mv -T "$temp/docker" "$dir/docker"
	fi
fi
(cd "$dir/docker" && pwd)
