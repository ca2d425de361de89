#!/bin/bash
# IPv6 in IPv4, and beside it IPv4 in IPv4: the tunnel devices have no MAC header.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_ipv6
two_hosts
tunnel_add t0 4 type sit mode any
tunnel_up t0 4 6
expect_tunnel t0 4 6 41
expect_tunnel t0 4 4 4
