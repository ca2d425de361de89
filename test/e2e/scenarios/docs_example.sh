#!/bin/bash
# The worked example of docs/editing-probes.md: the line that it shows, put where it says, does what it
# says.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

docs=$(dirname "$0")/../../../docs/editing-probes.md
dir=$scratch/my-probes
line=$(sed -n '/^<!-- The test e2e docs_example/,/^```$/{/^```/d;/^<!--/d;p;}' "$docs")
[[ $line == *'e.extra'* ]] || fail "no line found in the document: '$line'"
command=$(sed -n 's/^Now `sudo tracepkt \(.*\)` prints$/\1/p' "$docs")
[[ $command == *--probe-dir=my-probes* ]] || fail "no command found in the document: '$command'"

run_tracepkt --dump-probes="$dir"
expect_status 0
LINE=$line perl -0pi -e 's/(\n\te\.dir = j->dir;\n)/$1$ENV{LINE}\n/' "$dir/device.c"
grep -qF "$line" "$dir/device.c" || fail 'device.c has no line "e.dir = j->dir;" to put it below'

cd "$scratch"
read -ra words <<<"$command"
run_tracepkt "${words[@]}"
expect_status 0
shown=$(sed -n '/^Now `sudo/,/^for the request/p' "$docs" | grep 'extra=')
strip='s/^\[ *[0-9]*\]//; s/ *[0-9]* extra=/ extra=/' # namespace and time differ
[[ $(sed -n 2p "$out" | sed "$strip") == $(sed "$strip" <<<"$shown") ]] ||
	fail "the document shows '$shown', the program '$(sed -n 2p "$out")'"
[[ $(grep -c 'extra=' "$out") -eq 2 ]] || fail 'not the two rows of the request'
