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

fetch_docker() { # TREE
	apt_unpack "$1" "${packages[@]}"
}

case ${1-} in
-h | --help) echo "usage: fetch-docker.sh [DIR]"; exit ;;
esac
dir=${1:-$cache_dir}

if [[ ! -e $dir/docker ]]; then
	cache_open "$dir"
	cache_put docker fetch_docker
fi
(cd "$dir/docker" && pwd)
