#!/bin/bash
# Tunnels with IPv6 around them: IP in IPv6, which has an option in front (RFC 2473), and GRE of packets
# and of frames.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tunnel.sh
. "${0%/*}/../tunnel.sh"

need_ipv6
two_hosts
tunnel_add t0 6 type ip6tnl mode any
tunnel_up t0 4 6
expect_tunnel t0 6 4 4
expect_tunnel t0 6 6 41
tunnel_del t0

tunnel_add t1 6 type ip6gre key 7
tunnel_up t1 4 6
expect_tunnel t1 6 4 47
expect_tunnel t1 6 6 47
tunnel_del t1

tunnel_add t2 6 type ip6gretap
tunnel_up t2 4 6
expect_tunnel t2 6 4 47
expect_tunnel t2 6 6 47
