#!/bin/bash
# Neither BTF nor headers for the kernel: one line that names what to install; the same for each source
# that is asked for and not there.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

[[ ! -e /sys/kernel/kheaders.tar.xz ]] || skip 'this kernel carries its headers, which cannot be hidden'
for dir in /sys/kernel/btf /lib/modules; do
	[[ ! -d $dir ]] || mount -t tmpfs -o ro none "$dir"
done
# As on Debian, whatever this machine runs.
printf 'ID=debian\n' >"$scratch/os-release"
if [[ -f /etc/os-release ]]; then mount --bind "$scratch/os-release" "$(readlink -f /etc/os-release)"; fi

release=$(uname -r)
release=${release//+/\\+} # in an expression
run_tracepkt --types=auto 127.0.0.1
expect_error "this kernel has no .*BTF.* headers are not installed; install the package linux-headers-$release"
run_tracepkt --types=btf 127.0.0.1
expect_error "this kernel has no .*BTF.*linux-headers-$release.*--types=headers.*"
run_tracepkt --types=headers 127.0.0.1
expect_error "the headers .* not installed; install the package linux-headers-$release"
run_tracepkt --types=kheaders 127.0.0.1
expect_error ".*kheaders.*linux-headers-$release.*"
expect_nothing_left
