#!/bin/bash
# Targets, interfaces and namespaces that are not there: one line that says which, status 2, before
# anything is compiled.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

need_ipv6
run_tracepkt no-such-host.invalid
expect_error ".*'no-such-host\.invalid'.*"
run_tracepkt 192.0.2.256
expect_error ".*'192\.0\.2\.256'.*"
run_tracepkt ''
expect_error '.*'
run_tracepkt -6 127.0.0.1
expect_error ".*'127\.0\.0\.1' as IPv6.*"
run_tracepkt -4 ::1
expect_error ".*'::1' as IPv4.*"

run_tracepkt 192.0.2.1
expect_error 'no route to 192\.0\.2\.1.*'
run_tracepkt 2001:db8::1
expect_error 'no route to 2001:db8::1.*'

ns_add a
veth a eth0 - here
addr a eth0 192.0.2.1/24
addr a eth0 fe80::1/64
run_tracepkt -N a 198.51.100.1
expect_error 'no route to 198\.51\.100\.1 in that namespace.*'
run_tracepkt -N a 192.0.2.255
expect_error '192\.0\.2\.255 is a broadcast address in that namespace; ping one host'
run_tracepkt -N a 0.0.0.1
expect_error '0\.0\.0\.1 is no address of a host: .*'
run_tracepkt -I eth9 127.0.0.1
expect_error "no interface 'eth9'.*"
run_tracepkt -I eth0 -N a ::1%lo9
expect_error ".*'lo9'.*"

run_tracepkt -N nowhere 127.0.0.1
expect_error "no network namespace 'nowhere'.*ip netns.*"
run_tracepkt -N 4194304 127.0.0.1
expect_error "no network namespace '4194304'.*"
run_tracepkt -N ../x 127.0.0.1
expect_error "no network namespace '\.\./x'.*"
touch "$scratch/file" /run/netns/plain
mkfifo "$scratch/fifo"
for path in "$scratch/file" "$scratch/fifo" "$scratch" /dev/null; do
	run_tracepkt -N "$path" 127.0.0.1
	expect_error "$path is not a network namespace.*"
done
run_tracepkt -N plain 127.0.0.1
expect_error '/run/netns/plain is not a network namespace.*'
run_tracepkt -N /proc/self/ns/mnt 127.0.0.1
expect_error '.*namespace.*'
