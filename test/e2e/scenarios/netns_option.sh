#!/bin/bash
# -N: the ping goes out in another namespace, given by name, by process and by path, and is traced
# from there on in all namespaces.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_link

nsenter --net=/run/netns/a sleep 60 &
sleeper=$!
same_namespace() {
	[[ $(stat -Lc %i "/proc/$sleeper/ns/net") == "${ns_inode[a]}" ]]
}
wait_until 5 same_namespace

for spec in a "$sleeper" "/proc/$sleeper/ns/net" /run/netns/a; do
	trace -N "$spec" 192.0.2.2
	expect_status 0
	expect_hops <<-'HOPS'
		a eth0 tx request 192.0.2.1 192.0.2.2
		b eth0 rx request 192.0.2.1 192.0.2.2
		b eth0 tx reply   192.0.2.2 192.0.2.1
		a eth0 rx reply   192.0.2.2 192.0.2.1
	HOPS
	expect_netns_names
done
kill "$sleeper"

# A name that looks like a process id is a name, if there is such a name.
ip netns add 1
ns_prepare 1
trace -N 1 127.0.0.1
expect_status 0
expect_hops <<'HOPS'
	1 lo tx request 127.0.0.1 127.0.0.1
	1 lo rx request 127.0.0.1 127.0.0.1
	1 lo tx reply   127.0.0.1 127.0.0.1
	1 lo rx reply   127.0.0.1 127.0.0.1
HOPS
