#!/bin/bash
# Command lines that make no sense: status 2, one line that names the fault.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

wrong() { # REGULAR-EXPRESSION ARGUMENT...
	run_tracepkt "${@:2}"
	expect_error "$1"
}
wrong '.*no TARGET.*'
wrong ".*'192\.0\.2\.2'.*too many.*" 192.0.2.1 192.0.2.2
wrong '.*--count.*' -c -1 127.0.0.1
wrong '.*--count.*' -c 1x 127.0.0.1
wrong '.*--count.*' -c '' 127.0.0.1
wrong '.*--count.*' --count=99999999999999999999 127.0.0.1
wrong '.*--interval.*' -i -1 127.0.0.1
wrong '.*--interval.*' -i nan 127.0.0.1
wrong '.*--interval.*' -i inf 127.0.0.1
wrong '.*--interval.*' -i 1s 127.0.0.1
wrong '.*--timeout.*' -W 0 127.0.0.1
wrong '.*--timeout.*' -W 1e9 127.0.0.1
wrong '.*--size.*' -s 65528 127.0.0.1
wrong '.*--size.*' -s -1 127.0.0.1
wrong '.*--ttl.*' -t 0 127.0.0.1
wrong '.*--ttl.*' -t 256 127.0.0.1
wrong '.*--tos.*' -Q 256 127.0.0.1
wrong '.*--mark.*' -m 4294967296 127.0.0.1
wrong '.*--output.*table.*json.*' -o xml 127.0.0.1
wrong '.*--types.*btf.*' --types=dwarf 127.0.0.1
wrong '.*--attach.*raw.*' --attach=kprobe 127.0.0.1
wrong '.*-4 and -6.*' -4 -6 127.0.0.1
wrong '.*-c.*value.*' 127.0.0.1 -c
wrong '.*--bogus.*' --bogus 127.0.0.1
wrong '.*-X.*' -X 127.0.0.1

run_tracepkt --help
expect_status 0
grep -q -- '--probe-dir' "$out" || fail 'no help'
run_tracepkt --version
expect_status 0
[[ $(cat "$out") =~ ^'tracepkt '[0-9]+\.[0-9]+ ]] || fail 'no version'
