#!/bin/bash
# The private directory below TMPDIR: one line where it cannot be made; what belongs to others, or is
# in use, or leads elsewhere, stays when leftovers are removed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"

TMPDIR=$scratch/nowhere run_tracepkt 127.0.0.1
expect_error ".*$scratch/nowhere.*"
mkdir "$scratch/readonly"
mount -t tmpfs -o ro none "$scratch/readonly"
TMPDIR=$scratch/readonly run_tracepkt 127.0.0.1
expect_error ".*$scratch/readonly.*"

# A leftover of ours goes, with what is in it, but not what a link in it leads to.
may_be_killed=1
mkdir -m 700 "$scratch/elsewhere" "$scratch/elsewhere/deep"
trace_start -c 0 127.0.0.1
wait_until "$limit" has_directory || fail 'no directory in TMPDIR'
kill -KILL "$tracer"
trace_wait 20
dead=$(leftovers)
[[ -d $dead && $(stat -c %a "$dead") == 700 ]] || fail "no directory of mode 700 was left: $dead"
mkdir -p "$dead/include/more"
ln -s "$scratch/elsewhere" "$dead/include/link"

# That of a run that is going on stays, and so does what only has such a name.
trace_start 127.0.0.1
in_use() {
	[[ $(leftovers) && $(leftovers) != "$dead" ]] # it removes the other one first
}
wait_until "$limit" in_use || fail 'no second directory'
kill -STOP "$tracer"
busy=$(leftovers)
[[ ! -e $dead ]] || fail 'the leftover is still there'
[[ -d $scratch/elsewhere/deep ]] || fail 'it went through a symbolic link'

theirs=("$TMPDIR"/tracepkt-{user00,mode00,file00,link00,a-users-own})
mkdir -m 700 "${theirs[0]}" "${theirs[4]}"
chown 65534 "${theirs[0]}"
mkdir -m 755 "${theirs[1]}"
touch "${theirs[2]}"
ln -s "$scratch/elsewhere" "${theirs[3]}"
stopped=$tracer
trace 127.0.0.1
expect_status 0
for kept in "$busy" "${theirs[@]}"; do
	[[ -e $kept ]] || fail "$kept was removed"
done
[[ -d $scratch/elsewhere/deep ]] || fail 'it went through a symbolic link'
rm -r "${theirs[@]}"

tracer=$stopped
kill -CONT "$tracer"
trace_wait
expect_status 0
expect_nothing_left
