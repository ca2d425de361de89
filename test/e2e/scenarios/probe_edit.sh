#!/bin/bash
# --dump-probes, an edit, --probe-dir: the edited probe runs, and what it found is in the JSON.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
[[ ! -s $out && ! -s $err ]] || fail 'not silent'
[[ -f $dir/device.c && -f $dir/event.h ]] || fail 'device.c and event.h are not there'

edit='bpf_probe_read_kernel(\&e.extra, sizeof(e.extra), \&skb->mark);'
sed -i "s/^\te\.probe = j->probe;\$/&\n\t$edit/" "$dir/device.c"
grep -q 'skb->mark' "$dir/device.c" || fail 'the edit found no place'
rm "$dir/event.h" # the embedded one takes its place

trace --probe-dir="$dir" -m 42 127.0.0.1
expect_status 0
expect_hops <<'HOPS'
	- lo tx request 127.0.0.1 127.0.0.1
	- lo rx request 127.0.0.1 127.0.0.1
	- lo tx reply   127.0.0.1 127.0.0.1
	- lo rx reply   127.0.0.1 127.0.0.1
HOPS
expect_jq 'map(select(.event == "device") | .extra) == [42, 42, null, null]'

run_tracepkt --probe-dir="$dir" -m 42 127.0.0.1
expect_status 0
[[ $(grep -c 'request .* extra=42$' "$out") -eq 2 ]] || fail 'not in the table'

trace -m 42 127.0.0.1 # without the edit
expect_status 0
expect_jq 'all(.[]; has("extra") | not)'

# A second dump does not write over what was edited.
run_tracepkt --dump-probes="$dir"
expect_status 2
expect_stderr_line ".*$dir/device\\.c.*"
grep -q 'skb->mark' "$dir/device.c" || fail 'the edited file was overwritten'

run_tracepkt --probe-dir="$scratch/nowhere" 127.0.0.1
expect_error ".*$scratch/nowhere.*"
