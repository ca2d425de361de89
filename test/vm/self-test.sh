#!/bin/bash
# Proves what run.sh promises: output, exit status, time limit, death of the guest, nothing left behind.
# shellcheck disable=SC2016  # expressions for the guest
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

label=${1:-6.1}
run=$vm_dir/run.sh
out=$(mktemp)
err=$(mktemp)
failures=0

# expect STATUS [OPTION]... COMMAND: runs it in a guest.
expect() {
	local wanted=$1 status=0
	shift
	"$run" "${options[@]}" "$label" -- "$@" >"$out" 2>"$err" </dev/null || status=$?
	verify "status $wanted: ${options[*]} $*" test "$status" -eq "$wanted"
}

verify() {
	local what=$1
	shift
	if "$@"; then
		echo "ok: $what"
	else
		echo "FAILED: $what"
		((++failures))
		sed 's/^/  out: /' "$out" | tail -n 20
		sed 's/^/  err: /' "$err" | tail -n 20
	fi
}

says() {
	grep -qF -e "$2" "$1"
}

lines() {
	[[ $(grep -c . "$1") -eq $2 ]]
}

"$vm_dir/fetch.sh" --headers "$label" >/dev/null || exit
release=$("$vm_dir/fetch.sh" "$label")
# A cache of our own, so that what others run now does not look like something left behind.
TRACEPKT_VM_CACHE=$(mktemp -d "$cache_dir/self-test.XXXXXX")
export TRACEPKT_VM_CACHE
trap 'rm -rf "$out" "$err" "$TRACEPKT_VM_CACHE"' EXIT
cp -al "$cache_dir/$label" "$cache_dir/$label-headers" "$TRACEPKT_VM_CACHE"

options=(--timeout 60)
expect 0 true
verify "no output" lines "$out" 0
expect 7 bash -c 'exit 7'
expect 127 no-such-command
expect 0 bash -c 'uname -r; echo to-err >&2; echo again >/dev/stderr; echo also >/dev/stdout'
verify "standard output" test "$(paste -sd ' ' "$out")" = "$release also"
verify "standard error" says "$err" again
TRACEPKT_VM_PASS="ONE TWO" ONE='a  "b' TWO=$'x\ny' expect 0 bash -c 'printf "%s|" "$PWD" "$ONE" "$TWO"'
verify "folder and environment" test "$(<"$out")" = "$repo_dir|a  \"b|"$'x\ny|'
expect 0 bash -c 'sleep 1000 & setsid sleep 1000 & echo started'
verify "does not wait for what is left running" says "$out" started
expect 0 bash -c 'trap "echo caught" INT; kill -INT $$; seq 200000'
verify "an interrupt can be caught" says "$out" caught
verify "nothing of a long output is lost" test "$(tail -n1 "$out")" = 200000
expect 0 bash -c 'test -e /sys/kernel/btf/vmlinux && ! test -e /lib/modules/$(uname -r)/build'
expect 0 bash -c 'test "$(ip -br link | wc -l)" = 1; ! ping -c1 -W1 192.0.2.1; touch /usr/x "$0"' "$repo_dir/x"
verify "the host is not written to" test ! -e "$repo_dir/x" -a ! -e /usr/x

options=(--timeout 60 --headers --hide-btf)
expect 0 bash -c 'test -e /lib/modules/$(uname -r)/build/include/generated/autoconf.h &&
	test -e /lib/modules/$(uname -r)/source/include/linux/skbuff.h && ! ls /sys/kernel/btf | grep .'

options=(--timeout 60 --nic)
expect 0 bash -c 'modprobe virtio_net && cd /sys/class/net/eth0 && ip link set eth0 up &&
	ip addr add 192.0.2.1/24 dev eth0 && ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0 &&
	! ping -c1 -W1 192.0.2.2 && cat carrier && (($(<statistics/tx_packets))) && cat statistics/rx_packets'
verify "the card sends and receives nothing" test "$(tail -n2 "$out" | paste -sd ' ')" = "1 0"

options=(--timeout 12)
expect 124 sleep 1000
verify "says so" says "$err" "no end after 12 seconds"
options=(--timeout 60)
expect 125 bash -c 'echo c >/proc/sysrq-trigger; sleep 100'
verify "shows the panic" says "$err" "Kernel panic - not syncing: sysrq triggered crash"
options=(--timeout 60 --quiet)
expect 125 bash -c 'echo c >/proc/sysrq-trigger; sleep 100'
verify "shows the panic, though quiet" says "$err" "Kernel panic - not syncing: sysrq triggered crash"
options=(--timeout x)
expect 125 true

# Two at once.
options=(--timeout 60)
"$run" "$label" -- bash -c 'sleep 3; cat /run/vm/command | tr -d "\0"; exit 3' >"$out" 2>&1 &
first=$!
"$run" "$label" -- bash -c 'exit 4' >/dev/null 2>&1
second_status=$?
wait "$first"
verify "two at once: 3 and 4" test "$? $second_status" = "3 4"

verify "nothing left behind" test -z "$(find "$TRACEPKT_VM_CACHE" -maxdepth 1 -name 'run.*')"

# A signal ends the guest too; so does the death of run.sh.
for signal in TERM KILL; do
	"$run" --quiet "$label" -- sleep 1000 >/dev/null 2>&1 &
	first=$!
	sleep 5
	guest=$(pgrep -P "$first" -f 'timeout.*qemu')
	kill -"$signal" "$first"
	wait "$first" 2>/dev/null
	sleep 1
	verify "no guest after SIG$signal" test -n "$guest" -a \
		-z "$(ps -e -o pgid=,stat= | awk -v group="$guest" '$1 == group && $2 !~ /^Z/')"
done
((failures == 0))
