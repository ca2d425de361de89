#!/bin/bash
# Devices behind which a packet is gone: a program that reads and does not answer, a dummy.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

tunecho - --drop-every=1 tun0
addr - tun0 192.0.2.1/24
expect_told 'request_lost tun: lost: the request was sent on tun0 and read by the program behind that device, but nothing came back within 0.3 s' \
	192.0.2.2
# shellcheck disable=SC2154 # tunecho sets it
kill -STOP "$tunecho"
expect_told 'request_lost tun: lost: the request waits on tun0 for a program to read it' \
	192.0.2.2
kill -CONT "$tunecho"
tunecho_end

if ! ns_ip - link add dummy0 type dummy 2>"$scratch/why"; then
	says "$scratch/why" 'Unknown device type' || fail "no dummy0: $(cat "$scratch/why")"
	echo 'not tested: this kernel has no dummy devices'
	exit 0
fi
up - dummy0
addr - dummy0 198.51.100.1/24
expect_told 'request_lost dummy: lost: the request was sent on dummy0, a dummy device, which swallows everything' \
	198.51.100.2
