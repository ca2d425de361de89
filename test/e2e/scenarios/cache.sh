#!/bin/bash
# Compiled probes are kept for the next run, which gives the same rows; what is kept serves for the very
# same probes only, and only if nobody else can have put it there.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

cache=/run/tracepkt
umount "$cache" 2>/dev/null || true # where scenarios share one
rm -rf "$cache"

look() { # compiled|kept OPTION...
	run_tracepkt -v -o json "${@:2}" 127.0.0.1
	expect_status 0
	expect_hops <<-HOPS
		- lo tx request 127.0.0.1 127.0.0.1
		- lo rx request 127.0.0.1 127.0.0.1
		- lo tx reply 127.0.0.1 127.0.0.1
		- lo rx reply 127.0.0.1 127.0.0.1
	HOPS
	case $1 in
	kept) expect_stderr_line 'probes as compiled by an earlier run' ;;
	compiled) ! grep -q 'by an earlier run' "$err" || fail 'nothing was compiled' ;;
	esac
}

kept_files() {
	find "$cache" -type f 2>/dev/null | wc -l
}

if [[ ! ${TRACEPKT_VM-} ]]; then # compiling takes long there
	look compiled --no-cache
	[[ ! -e $cache ]] || fail '--no-cache keeps something'
fi
look compiled
[[ $(stat -c '%a %u' "$cache") == '700 0' ]] || fail "$cache is not root's alone"
files=$(kept_files)
((files > 0)) || fail 'nothing is kept'
look kept
look kept -s 4 # id, cookie and its length are no part of what is compiled
[[ ! ${TRACEPKT_VM-} ]] || exit 0 # the rest is the same with all kernels

look compiled --no-cache
[[ $(kept_files) == "$files" ]] || fail 'the same probes are kept twice'

# The probes of a directory are other ones, and others again when edited.
"$TRACEPKT" --dump-probes="$scratch/probes"
look compiled --probe-dir="$scratch/probes"
look kept --probe-dir="$scratch/probes"
sed -i 's/^\te\.probe = j->probe;$/&\n\te.extra = 0;/' "$scratch/probes/device.c"
look compiled --probe-dir="$scratch/probes"
look kept --probe-dir="$scratch/probes"

# What is broken is compiled anew, and mended.
for file in "$cache"/*.image; do
	truncate -s 2000 "$file"
done
look compiled
look kept

# So is what the kernel does not take: here without the last instruction of the last program.
for file in "$cache"/*.image; do
	printf '\377\377\377\377\377\377\377\377' |
		dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 8)) conv=notrunc status=none
done
look compiled
look kept

# Not from a directory or a file that others may write.
chmod 777 "$cache"
look compiled
chmod 700 "$cache"
look kept
chmod 666 "$cache"/*.image
look compiled
rm -rf "$cache"
mkdir -m 700 "$scratch/elsewhere"
ln -s "$scratch/elsewhere" "$cache"
look compiled
[[ ! $(ls -A "$scratch/elsewhere") ]] || fail 'it follows a symbolic link'
rm "$cache"
