#!/bin/bash
# Payloads that go over lo in one piece, up to the largest, both families.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

for size in 20000 65000 65507; do
	trace -s $size 127.0.0.1
	expect_status 0
	expect_hops <<-'HOPS'
		- lo tx request 127.0.0.1 127.0.0.1
		- lo rx request 127.0.0.1 127.0.0.1
		- lo tx reply   127.0.0.1 127.0.0.1
		- lo rx reply   127.0.0.1 127.0.0.1
	HOPS
done

need_ipv6
for size in 20000 65487; do
	trace -s $size ::1
	expect_status 0
	expect_hops <<-'HOPS'
		- lo tx request ::1 ::1
		- lo rx request ::1 ::1
		- lo tx reply   ::1 ::1
		- lo rx reply   ::1 ::1
	HOPS
done
