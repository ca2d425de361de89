#!/bin/bash
# A probe that does not compile: clang's message with the user's file and line, status 2.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
sed -i '0,/^\te\.probe = j->probe;$/s//\te.probe = no_such_thing;/' "$dir/device.c"
line=$(grep -n 'no_such_thing' "$dir/device.c" | cut -d : -f 1)
[[ $line ]] || fail 'the edit found no place'

trace --probe-dir="$dir" 127.0.0.1
expect_status 2
expect_stderr_line "$dir/device\\.c:$line:[0-9]+: error: use of undeclared identifier 'no_such_thing'.*"
[[ ! -s $out ]] || fail 'something on standard output'
expect_nothing_left

# In another file that the probes include.
run_tracepkt --dump-probes="$scratch/other"
sed -i 's/^static __always_inline int is_our_echo/nonsense here;\n&/' "$scratch/other/echo.h"
line=$(grep -n 'nonsense here' "$scratch/other/echo.h" | cut -d : -f 1)
trace --probe-dir="$scratch/other" 127.0.0.1
expect_status 2
expect_stderr_line "$scratch/other/echo\\.h:$line:[0-9]+: error: .*"

# Whole lines, also with -v and whatever they hold.
sed -i "s/no_such_thing/no_such_$(printf 'x%.0s' {1..2000})/" "$dir/device.c"
trace -v --probe-dir="$dir" 127.0.0.1
expect_status 2
