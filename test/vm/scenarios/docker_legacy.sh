#!/bin/bash
# Docker with iptables-legacy: see docker-test.sh.
exec "$(dirname "$0")/../docker-test.sh" legacy
