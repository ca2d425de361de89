#!/bin/bash
# The sender's address is there twice, and the reply goes to the other one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

ns_add a b c sw
veth a eth0 sw p1
veth b eth0 sw p2
veth c eth0 sw p3
bridge_add sw br0 p1 p2 p3
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
addr c eth0 192.0.2.1/24
ns_ip c link set eth0 address 02:00:00:00:00:0c
wait_ping c 192.0.2.2
ns_ip b neigh replace 192.0.2.1 lladdr 02:00:00:00:00:0c dev eth0 nud permanent
trace -W 0.3 -N a 192.0.2.2
expect_status 1
expect_outcome <<'OUTCOME'
reply_lost wrong_netns: lost: the reply arrived in netns c on eth0, where the ping's address is, too
OUTCOME
