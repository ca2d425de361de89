#!/bin/bash
# A tun device: no program has opened it, one that does not read, one with a short queue that is full.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

[[ -c /dev/net/tun ]] || skip 'no /dev/net/tun'
ns_add a
ns_ip a tuntap add dev tun0 mode tun
ns_ip a link set tun0 txqueuelen 1
up a tun0
addr a tun0 192.0.2.1/24
expect_lost 'lost: the request was dropped in netns a on tun0: no program has opened tun0' -N a 192.0.2.2

tunecho a --deaf tun0
expect_lost 'lost: the request waits in netns a on tun0 for a program to read it' -N a 192.0.2.2
expect_lost "$(by_reasons \
	'lost: the request was dropped in netns a on tun0: the program behind tun0 does not read what is sent to it fast enough' \
	'lost: the request was dropped in netns a on tun0: probably the program behind tun0 does not read what is sent to it fast enough')" \
	-N a 192.0.2.2
tunecho_end
expect_nothing_left
