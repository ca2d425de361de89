#!/bin/bash
# Builds the initramfs that gets a kernel of the cache from its first breath to our root:
# busybox, the modules for 9p and the overlay, and the script `init`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

needed_modules=(virtio_pci virtio_console 9pnet_virtio 9p overlay)
applets=(sh cat cp insmod ip ln mkdir mknod mount rm sleep switch_root uname)

# The files to insert, in order. What is built in is no file.
module_files() {
	local module
	for module in "${needed_modules[@]}"; do
		modprobe --config /dev/null --dirname "$1/tree" --set-version "$2" --show-depends "$module" ||
			die "kernel $2 has no module $module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

(($# == 2)) || { echo "usage: image.sh KERNEL-DIR OUTPUT" >&2; exit 1; }
need cpio modprobe busybox
kernel_dir=$1
output=$(realpath "$2")
root=$(mktemp -d "$output.XXXXXX")
trap 'rm -rf "$root"' EXIT

mkdir -p "$root"/{bin,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in "${applets[@]}"; do
	ln -s busybox "$root/bin/$applet"
done
number=10
while read -r file; do
	cp "$file" "$root/modules/$((number++))-${file##*/}"
done < <(module_files "$kernel_dir" "$(<"$kernel_dir/release")")
install -m 755 "$vm_dir/init" "$vm_dir/start" "$root"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$output"
