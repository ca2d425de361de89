#!/bin/bash
# The backlog of a CPU is full: the reply to a long ping is sent in fragments, all while the CPU is busy
# with receiving, so that they pile up, if the request's do not. The limit is that of the whole machine.
set -euo pipefail
# The machine's first network namespace, to be remembered before it is left.
[[ ${E2E_WORLD-} ]] || { exec {first}</proc/self/ns/net && export first; }
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

[[ ${TRACEPKT_VM-} ]] || skip 'net.core.netdev_max_backlog is not of a namespace: only in a guest'
two_stations
limit_file=/proc/sys/net/core/netdev_max_backlog
before=$(in_first cat $limit_file)
in_first bash -c "echo 1 >$limit_file"
run_tracepkt -W 0.3 -s 6000 -N a 192.0.2.2
in_first bash -c "echo $before >$limit_file"
expect_status 1
where='(reply was dropped in netns a|request was dropped in netns b) on eth0'
says "$out" "lost: (the|a fragment \(from byte [0-9]+\) of the) $where: the CPU's backlog of received packets is full \(net.core.netdev_max_backlog\)" ||
	fail 'another outcome'
expect_nothing_left
