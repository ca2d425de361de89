#!/bin/bash
# SIGINT, SIGTERM, SIGHUP and SIGQUIT in the middle of a trace without end: the summary is still
# printed, the exit status tells of the replies, nothing is left.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for signal in INT TERM HUP QUIT; do
	trace_start -c 0 -i 0.1 127.0.0.1
	wait_rows 8
	kill -"$signal" "$tracer"
	trace_wait 20 # closing a perf tracepoint waits for RCU, long on a busy machine
	expect_status 0
	check_json
	expect_counts 'received >= 2 && sent - received <= 1'
	expect_nothing_left
done

# The same with no reply yet.
ns_add a b
veth a eth0 b eth0
addr a eth0 192.0.2.1/24
ns_ip a neigh add 192.0.2.98 lladdr 02:00:00:00:00:98 dev eth0
trace_start -c 0 -i 0.1 -N a 192.0.2.98
wait_rows 4
kill -INT "$tracer"
trace_wait 20
expect_status 1
expect_counts 'received == 0 && sent >= 2'
expect_nothing_left
