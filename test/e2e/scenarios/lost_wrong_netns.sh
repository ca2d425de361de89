#!/bin/bash
# The sender's address is there twice, and the reply goes to the other one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lost.sh
. "$lib_dir/lost.sh"

one_switch
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
wait_ping a 192.0.2.2 # the bridge takes its time to find a port up
addr c eth0 192.0.2.1/24
ns_ip c link set eth0 address 02:00:00:00:00:0c
wait_ping c 192.0.2.2
ns_ip b neigh replace 192.0.2.1 lladdr 02:00:00:00:00:0c dev eth0 nud permanent
expect_told "reply_lost wrong_netns: lost: the reply arrived in netns c on eth0, where the ping's address is, too" \
	-N a 192.0.2.2
