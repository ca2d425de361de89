#!/bin/bash
# Docker with iptables-nft: see docker-test.sh.
exec "$(dirname "$0")/../docker-test.sh" nft
