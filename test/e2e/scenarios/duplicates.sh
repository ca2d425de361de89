#!/bin/bash
# An address that two namespaces have: both reply.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

one_switch
addr a eth0 192.0.2.1/24
addr b eth0 192.0.2.2/24
addr c eth0 192.0.2.2/24
wait_ping a 192.0.2.2
trace -W 5 -N a 192.0.2.2 # the station that ARP has found replies
expect_status 0
expect_outcome </dev/null

# They have the same MAC address, too, and the bridge floods.
ns_ip b link set eth0 address 02:00:00:00:00:09
ns_ip c link set eth0 address 02:00:00:00:00:09
ns_ip a neigh replace 192.0.2.2 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
ns_ip sw link set br0 type bridge ageing_time 0
trace -W 5 -N a 192.0.2.2
expect_status 0
expect_outcome <<'OUTCOME'
answered duplicate_address: answered more than once: replies were made in netns c on eth0 and in netns b on eth0, so the address is there more than once
OUTCOME
expect_counts 'sent == 1 && received == 1'
[[ ${summary[duplicates]} -eq 1 ]] || fail 'not one duplicate'
