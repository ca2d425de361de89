#!/bin/bash
# A ping to this host itself, IPv4: out and in at lo, four times.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

trace 127.0.0.1
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
HOPS

trace -4 localhost # by name
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
HOPS
expect_nothing_left
