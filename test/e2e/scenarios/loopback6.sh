#!/bin/bash
# A ping to this host itself, IPv6, also to a global address of its own.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_ipv6
addr - lo 2001:db8::1/128

trace ::1
expect_status 0
expect_hops <<'HOPS'
	- lo tx request ::1 ::1
	- lo rx request ::1 ::1
	- lo tx reply   ::1 ::1
	- lo rx reply   ::1 ::1
HOPS

trace -6 2001:db8::1
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 2001:db8::1 2001:db8::1
	- lo rx request 2001:db8::1 2001:db8::1
	- lo tx reply   2001:db8::1 2001:db8::1
	- lo rx reply   2001:db8::1 2001:db8::1
HOPS
