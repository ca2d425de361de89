#!/bin/bash
# GRE with IPv4 around it, of packets (whose devices have no MAC header) and of frames.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

two_hosts
tunnel_add t0 4 type gre
tunnel_up t0 4 6
expect_tunnel t0 4 4 47
[[ ! -e /proc/net/if_inet6 ]] || expect_tunnel t0 4 6 47
tunnel_del t0

# with all that GRE may have in its header
tunnel_add t1 4 type gretap key 7 csum seq
tunnel_up t1 4 6
expect_tunnel t1 4 4 47
[[ ! -e /proc/net/if_inet6 ]] || expect_tunnel t1 4 6 47
