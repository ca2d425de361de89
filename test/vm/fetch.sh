#!/bin/bash
# Downloads a kernel of kernels.txt and unpacks it into the cache, with --headers its headers too.
# Prints the kernel's release. Does nothing but that when the cache has it.
set -Eeuo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=apt.sh
# shellcheck source-path=SCRIPTDIR source=apt.sh
. "$vm_dir/apt.sh"

usage() {
	cat <<-'USAGE'
		usage: fetch.sh [--headers] LABEL [DIR]
		  LABEL  a kernel of kernels.txt
		  DIR    the cache (default: $TRACEPKT_VM_CACHE, else build/vm of the checkout)
		DIR/LABEL gets release, vmlinux and tree/, DIR/LABEL-headers the headers: trees to lay over /.
	USAGE
}

# Hardware that no virtual machine of ours has: two thirds of the modules.
prune_modules() {
	local kernel=$1/kernel
	rm -rf "$kernel/sound"
	find "$kernel/drivers" -mindepth 1 -maxdepth 1 ! -name net ! -name virtio ! -name char \
		! -name block ! -name vhost -exec rm -rf {} +
	rm -rf "$kernel"/drivers/net/{ethernet,wireless,usb,phy,fddi,hamradio,wan,arcnet,plip,ieee802154}
}

# Unpacking a module takes the guest ten times as long as the host.
unpack_modules() {
	find "$1/kernel" -name '*.ko.xz' -exec xz -d -T1 {} +
	find "$1/kernel" -name '*.ko.zst' -exec zstd -q -d --rm {} +
}

# packages PATTERNS RELEASE: the names behind a column of kernels.txt, one a line.
packages() {
	local patterns=${1//,/$'\n'}
	patterns=${patterns//@/$2}
	printf '%s\n' "${patterns//%/${2%-amd64}}"
}

# le32 FILE OFFSET: a little-endian number.
le32() {
	od -An -v -tu4 -j "$2" -N4 --endian=little "$1" | tr -d ' '
}

# Takes the kernel out of its self-extracting image: QEMU starts it as it is (PVH), which saves the
# guest from unpacking it, 2.5 of 7 seconds. The offsets are those of Linux's boot protocol 2.08.
extract_vmlinux() {
	local setup_sectors offset length
	setup_sectors=$(od -An -tu1 -j 497 -N1 "$1")
	offset=$(((setup_sectors + 1) * 512 + $(le32 "$1" 584)))
	length=$(($(le32 "$1" 588) - 4)) # the last four bytes are the unpacked size
	head -c $((offset + length)) "$1" | tail -c "$length" >"$2.packed"
	case $(od -An -tx1 -N4 "$2.packed") in
	" fd 37 7a 58") xz -dc "$2.packed" >"$2" ;;
	" 28 b5 2f fd") zstd -dcq "$2.packed" >"$2" ;;
	*) die "unknown compression of the kernel image" ;;
	esac || die "cannot unpack the kernel image"
	rm "$2.packed" "$1"
}

fetch_kernel() {
	local into=$1 release modules first names
	first=$(kernel_field "$label" 3)
	first=${first%%@*}
	release=$(apt_newest "$first${label//./\\.}\.[0-9][^-]*(-[0-9]+)?-amd64") || true
	[[ -n $release ]] || die "suite $suite has no kernel $label (any more)"
	release=${release#"$first"}
	modules=$into/tree/usr/lib/modules/$release

	mapfile -t names < <(packages "$(kernel_field "$label" 3)" "$release")
	apt_unpack "$into/tree" "${names[@]}"
	prune_modules "$modules"
	unpack_modules "$modules"
	depmod --basedir "$into/tree" "$release" || die "depmod failed for $release"

	extract_vmlinux "$(find "$into/tree" -name 'vmlinuz*' -type f)" "$into/vmlinux"
	printf '%s\n' "$release" >"$into/release"
}

fetch_headers() {
	local names
	mapfile -t names < <(packages "$(kernel_field "$label" 4)" "$(<"$dir/$label/release")")
	apt_unpack "$1" "${names[@]}"
}

headers=
case ${1-} in
--headers) headers=1; shift ;;
-h | --help) usage; exit ;;
esac
(($# == 1 || $# == 2)) || { usage >&2; exit 1; }
label=$1
dir=${2:-$cache_dir}
require_label "$label"
suite=$(kernel_field "$label" 2)

if [[ ! -e $dir/$label || ($headers && ! -e $dir/$label-headers) ]]; then
	need depmod xz zstd
	cache_open "$dir"
	cache_put "$label" fetch_kernel
	[[ -z $headers ]] || cache_put "$label-headers" fetch_headers
fi
cat "$dir/$label/release"
