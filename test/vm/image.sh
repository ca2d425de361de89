#!/bin/bash
# Builds the initramfs that gets a kernel of the cache from its first breath to our root:
# busybox, the modules for 9p and the overlay, and the script `init`; and copies of what the scenarios
# start again and again, so that not every start of it asks the host for a dozen files.
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

# The programs of test/e2e, and what most programs read as they start.
hot_commands=(awk bash basename cat cp cut diff dirname env find grep head ip ip6tables-legacy
	ip6tables-nft iptables-legacy iptables-nft iptables-legacy-restore iptables-nft-restore
	ip6tables-legacy-restore ip6tables-nft-restore jq kill kmod ln ls mkdir mktemp modprobe mount
	mv nft nsenter paste ping readlink rm rmmod sed setsid sleep sort stat sysctl tail tee timeout touch tr
	tty umount uname unshare wc xargs)
hot_files=(/bin /lib /lib64 /sbin /etc/{ld.so.cache,nsswitch.conf,host.conf,hosts,gai.conf,passwd,group,protocols,services}
	/etc/iproute2/* /usr/{lib,share}/iproute2/* /usr/lib/locale/C.utf8 /usr/lib/locale/C.utf8/*
	/usr/lib/locale/C.utf8/LC_MESSAGES/* /usr/lib/*/gconv/gconv-modules.cache
	/usr/lib/*/xtables/* /usr/lib/*/libnss_files.so.2)

# The file and every symbolic link on the way to it.
with_links() { # PATH
	local path='' rest=$1 part target
	while [[ $rest ]]; do
		rest=${rest#/}
		part=${rest%%/*}
		rest=${rest#"$part"}
		if [[ $part == .. ]]; then
			path=${path%/*}
		elif [[ -L $path/$part ]]; then
			echo "$path/$part"
			target=$(readlink "$path/$part")
			[[ $target != /* ]] || path=
			rest=$target$rest
		else
			path+=/$part
		fi
	done
	[[ ! -f $path ]] || echo "$path"
}

# What to copy: the files, the programs that the host has, and their libraries.
hot() {
	local name files=()
	for name in "${hot_files[@]}" "$E2E_TOOLS"/*; do
		[[ ! -e $name ]] || files+=("$name")
	done
	for name in "${hot_commands[@]}"; do
		name=$(type -P "$name") && files+=("$name")
	done
	{
		printf '%s\n' "${files[@]}"
		# which complains of all that is no dynamic program
		ldd "${files[@]}" 2>/dev/null | grep -oE '(^|[[:space:]])/[^ :]+' | tr -d '[:blank:]' || true
	} | sort -u | while read -r name; do
		with_links "$name"
	done | sort -u
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
mkdir "$root/hot"
tar -C / -c --no-recursion -T <(hot | sed "s|^/||") | tar -C "$root/hot" -x
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$output"
