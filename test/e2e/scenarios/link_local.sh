#!/bin/bash
# Link-local addresses with a scope, also one that is the name of an interface of another namespace
# only, and by the number of the interface.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_ipv6
ns_add a b
veth - here a there
veth b left a right
addr - here fe80::1/64
addr a there fe80::2/64
addr a right fe80::3/64
addr b left fe80::4/64
wait_ping - fe80::2%here
wait_ping b fe80::3%left

trace fe80::2%here
expect_status 0
expect_hops <<'HOPS'
	- here  tx request fe80::1 fe80::2
	a there rx request fe80::1 fe80::2
	a there tx reply   fe80::2 fe80::1
	- here  rx reply   fe80::2 fe80::1
HOPS

trace -N b fe80::3%left # the world has no interface "left"
expect_status 0
expect_hops <<'HOPS'
	b left  tx request fe80::4 fe80::3
	a right rx request fe80::4 fe80::3
	a right tx reply   fe80::3 fe80::4
	b left  rx reply   fe80::3 fe80::4
HOPS

number=$(ifindex b left)
trace -N b "fe80::3%$number"
expect_status 0
expect_hops <<'HOPS'
	b left  tx request fe80::4 fe80::3
	a right rx request fe80::4 fe80::3
	a right tx reply   fe80::3 fe80::4
	b left  rx reply   fe80::3 fe80::4
HOPS

trace fe80::2 -I here # ping(8) takes the scope from -I too
expect_status 0
expect_hops <<'HOPS'
	- here  tx request fe80::1 fe80::2
	a there rx request fe80::1 fe80::2
	a there tx reply   fe80::2 fe80::1
	- here  rx reply   fe80::2 fe80::1
HOPS

run_tracepkt fe80::2%left
expect_error ".*fe80::2%left.*interface 'left'.*"
run_tracepkt -N b fe80::3%here
expect_error ".*fe80::3%here.*interface 'here'.*namespace.*"
run_tracepkt fe80::2
expect_error '.*fe80::2.*(scope|%).*'
