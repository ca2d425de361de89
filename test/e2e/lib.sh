# shellcheck shell=bash
# What every scenario sources: it is moved into a world of its own, then has commands to build a
# network there, to run tracepkt, and to say what must come out.
#
# The world is a network namespace with nothing but lo, a mount namespace with a /run of its own (so
# `ip netns` names are private) and a process namespace, so that all ends with the scenario.
# In an emulated machine a process costs 50 ms and more, so what every scenario does is done with few.
# In the environment:
#   TRACEPKT       the program
#   TRACEPKT_ARGS  options for every run, e.g. "--attach=tracepoint" or "--types=headers"
#   E2E_TOOLS      directory of the programs built from tools/*.c
#   E2E_LIMIT      seconds that one run may take (30)
#   E2E_CACHE      if 1, scenarios share what tracepkt has compiled, in /run/tracepkt
#   CI             if "true", a missing tool is a failure and not a reason to skip
set -Eeuo pipefail

# Messages are compared, and wherever the tests are, /sbin belongs to the path.
export LC_ALL=C.UTF-8 PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

fail() {
	printf 'FAIL: %s:%s: %s\n' "${0##*/}" "$(caller_line)" "$*" >&2
	show_last_run >&2
	exit 1
}

# The line of the scenario that led here.
caller_line() {
	local i
	for i in "${!BASH_SOURCE[@]}"; do
		[[ ${BASH_SOURCE[i]} == "$0" && ! ${ending-} ]] || continue
		echo "${BASH_LINENO[i - 1]}"
		return
	done
	echo end
}

show_last_run() {
	[[ ${ran-} ]] || return 0
	printf '  ran: %s\n  exit status: %s\n' "$ran" "${status:-(still running)}"
	sed -n '1,60s/^/  stdout: /p' "$out"
	sed -n '1,60s/^/  stderr: /p' "$err"
}

skip() {
	printf 'skip: %s\n' "$*"
	exit 77
}

# A missing program is a fault of the test machine, a missing kernel feature is not.
need_tool() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null && continue
		[[ ${CI-} != true ]] || fail "$tool is not installed; see test/e2e/packages.txt"
		skip "$tool is not installed"
	done
}

# ---- the world ---------------------------------------------------------------------------------

world_enter() {
	[[ $EUID -eq 0 ]] || skip 'not root'
	need_tool ip ping jq
	[[ -x ${TRACEPKT-} ]] || fail 'TRACEPKT does not name the program'
	[[ -x ${E2E_TOOLS-}/world ]] || fail 'E2E_TOOLS does not name the directory of the helpers; use run.sh'
	[[ $TRACEPKT == /* ]] || TRACEPKT=$PWD/$TRACEPKT
	[[ $E2E_TOOLS == /* ]] || E2E_TOOLS=$PWD/$E2E_TOOLS
	export TRACEPKT E2E_TOOLS
	E2E_WORLD=$$ exec "$E2E_TOOLS/world" enter bash "$0" "$@"
}

world_set_up() {
	trap 'exit 130' INT TERM # the first process of a namespace ignores what it does not handle
	trap 'printf "FAIL: %s:%s: %s\n" "${0##*/}" "$(caller_line)" "$BASH_COMMAND" >&2' ERR
	trap world_end EXIT
	scratch=/run/scratch
	mkdir "$scratch" "$scratch/tmp"
	out=$scratch/stdout err=$scratch/stderr
	: >"$out"
	: >"$err"
	export TMPDIR=$scratch/tmp
	# A report of a sanitizer must not pass for "no reply came".
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99"
	export UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99:print_stacktrace=1"
	read -ra extra_args <<<"${TRACEPKT_ARGS-}"
	[[ " ${TRACEPKT_ARGS-} " != *" --attach=tracepoint "* ]] || mount_tracefs
	exec {never}<> <(:) {ip_answers}<> <(:)
	ns_prepare -
	"$E2E_TOOLS/bpfprogs" >"$scratch/programs.before"
}

# Called at the end of every scenario: what is wrong for all of them.
world_end() {
	local result=$? dead ending=1
	trap - ERR EXIT
	[[ ! ${unload_at_end-} ]] || rmmod "$unload_at_end"
	[[ $result -eq 0 ]] || exit "$result"
	dead=$(tracepkt_processes)
	[[ ! $dead ]] || fail "tracepkt still runs as $dead"
	[[ ! $(leftovers) ]] || fail "left in TMPDIR: $(leftovers)"
	exit 0
}

mount_tracefs() {
	mount -t tracefs nodev /sys/kernel/tracing 2>/dev/null || skip 'this kernel has no tracefs'
}

# ---- networks and firewalls ----------------------------------------------------------------------

lib_dir=${BASH_SOURCE[0]%/*}
[[ $lib_dir == /* ]] || lib_dir=$PWD/$lib_dir
# shellcheck source-path=SCRIPTDIR source=net.sh
. "$lib_dir/net.sh"
# shellcheck source-path=SCRIPTDIR source=netfilter.sh
. "$lib_dir/netfilter.sh"

# ---- runs --------------------------------------------------------------------------------------

limit=${E2E_LIMIT:-30} digested=

# A run to its end: standard output in $out, standard error in $err, exit status in $status.
run_tracepkt() { # ARGUMENT...
	ran="tracepkt ${extra_args[*]-} $*"
	status=0
	timeout -k 5 "$limit" "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} "$@" >"$out" 2>"$err" ||
		status=$?
	check_run
}

trace() { # ARGUMENT...
	run_tracepkt -o json "$@"
}

# The same in the background, as $tracer.
trace_start() { # ARGUMENT...
	ran="tracepkt ${extra_args[*]-} -o json $* &"
	status=
	: >"$out" # what an earlier run wrote must not count
	: >"$err"
	# A background job of a script would ignore SIGINT, and tracepkt inherit that.
	env --default-signal=INT,QUIT "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o json "$@" \
		>"$out" 2>"$err" &
	tracer=$!
}

# Has a file so many lines?
has_lines() { # FILE N
	local n=0
	while ((n < $2)) && read -r; do
		n=$((n + 1))
	done <"$1"
	((n >= $2))
}

# Waits until the run in the background has shown so much.
wait_rows() { # N
	wait_until "$limit" has_lines "$out" "$1" || fail "no $1 rows within $limit s"
}

ended() { # PID
	! kill -0 "$1" 2>/dev/null
}

trace_wait() { # [SECONDS]
	wait_until "${1:-$limit}" ended "$tracer" || {
		kill -KILL "$tracer"
		fail "tracepkt does not end"
	}
	status=0
	wait "$tracer" || status=$?
	check_run
}

# What holds for every run.
check_run() {
	local line
	digested=
	((status != 124 && status != 137)) || [[ ${may_be_killed-} ]] ||
		fail "tracepkt did not end within $limit s"
	((status != 99)) || fail 'a sanitizer found something'
	while read -r line || [[ $line ]]; do
		[[ $line == 'tracepkt: '* ]] ||
			fail 'a line on standard error does not start with "tracepkt: "'
	done <"$err"
}

# ---- assertions ----------------------------------------------------------------------------------

expect_status() { # N
	[[ $status -eq $1 ]] || fail "exit status $status, expected $1"
}

expect_stderr_line() { # EXTENDED-REGULAR-EXPRESSION of a whole line, without "tracepkt: "
	local line
	while read -r line; do
		[[ ! $line =~ ^'tracepkt: '($1)$ ]] || return 0
	done <"$err"
	fail "no line on standard error like: $1"
}

# Standard error without the note on chains that this machine does not let us show.
stderr_without_note() {
	local line part='netfilter chains are not shown: this kernel has no kprobes \([^;]*\)'
	part+='|(ip|ip6)tables chains are not shown: (ip|ip6)_tables is not loaded \(modprobe (ip|ip6)_tables\)'
	part+='|nftables chains are not shown: nf_tables is not loaded \(modprobe nf_tables\)'
	part+='|(iptables|nftables|iptables and nftables) chains are not shown: '
	part+='the kernel has no BTF of their module; install [^;]*'
	while read -r line || [[ $line ]]; do
		[[ $line =~ ^'tracepkt: '($part)('; '($part))*$ ]] || printf '%s\n' "$line"
	done <"$err"
}

# Nothing there but that note.
expect_no_stderr() {
	[[ ! -s $err || ! $(stderr_without_note) ]] || fail 'something on standard error'
}

# An error as it should be: status 2, one line, no output.
expect_error() { # EXTENDED-REGULAR-EXPRESSION
	local lines
	expect_status 2
	expect_stderr_line "$1"
	mapfile -t lines < <(stderr_without_note)
	[[ ${#lines[@]} -eq 1 ]] || fail 'more than one line on standard error'
	[[ ! -s $out ]] || fail 'something on standard output'
}

expect_jq() { # FILTER ARGUMENT-OF-JQ...: must be true for the whole output, as an array
	jq -se "${@:2}" "$1" "$out" >/dev/null || fail "not so: $1 ${*:2}"
}

# Reads the output of the last run, once, by tools/rows.c: a row and what to choose it by in row_*[], and
# summary[KEY].
digest() {
	local kind seq rest event ifname called text pair ns netns=()
	[[ $digested != "$out" ]] || return 0
	row_seq=() row_event=() row_ifname=() row_called=() row_text=() outcomes=() outcome_pings=()
	declare -gA summary=()
	for ns in "${!ns_inode[@]}"; do
		netns+=("$ns" "${ns_inode[$ns]}")
	done
	"$E2E_TOOLS/rows" "$out" "${netns[@]}" >"$scratch/digest"
	while IFS=$'\t' read -r kind seq rest; do
		case $kind in
		row)
			IFS=$'\t' read -r event ifname called text <<<"$rest"
			row_seq+=("$seq") row_event+=("$event") row_ifname+=("$ifname") row_called+=("$called")
			row_text+=("$text")
			;;
		outcome)
			IFS=$'\t' read -r event ifname called text <<<"$seq"$'\t'"$rest"
			outcomes+=("$event $ifname: $text") outcome_pings+=("$called")
			;;
		summary)
			IFS=$'\t' read -ra rest <<<"$seq"$'\t'"$rest"
			for pair in "${rest[@]}"; do
				summary[${pair%%=*}]=${pair#*=}
			done
			;;
		*) fail "$seq" ;;
		esac
	done <"$scratch/digest"
	digested=$out
}

# Each object has its keys, of the right types, in the order of time, and the summary is the last.
check_json() {
	digest
}

# What the summary says, of "sent", "received" and "lost_events".
expect_counts() { # CONDITION, as in ((...))
	digest
	local sent=${summary[sent]} received=${summary[received]} lost_events=${summary[lost_events]}
	(($1)) || fail "not so: $1"
}

# What the packet passed, in order, a line each; with KIND all, chains too; with every, drops too; with
# drop, those alone:
#   NETNS IFNAME DIR   TYPE SRC DST
#   NETNS IFNAME chain TYPE SRC DST [FAMILY] TABLE.CHAIN[@HOOK] VERDICT
#   NETNS IFNAME drop  TYPE SRC DST REASON            REASON is - where the kernel has none
# Behind a row of a device come "in TUNNEL OUTER-SRC OUTER-DST PROTO[/PORT]" inside a tunnel, "fragment
# OFFSET" of a later fragment, and "icmp TYPE/CODE" of an error.
# FAMILY is there for nftables only, and @HOOK where the chain is not called as its hook. Where
# $only_devices is set (a list of names), what belongs to other devices is left out; with $without_errors
# rows of ICMP errors are.
rows() { # device|all|every|drop [SEQ]
	local n
	digest
	for n in "${!row_text[@]}"; do
		case $1:${row_event[n]} in
		every:* | all:device | all:netfilter | device:device | drop:drop) ;;
		*) continue ;;
		esac
		[[ ! ${2-} || ${row_seq[n]} == "$2" ]] || continue
		[[ ! ${without_errors-} || ${row_text[n]} != *' error '* ]] || continue
		[[ ! ${only_devices-} || " $only_devices " == *" ${row_ifname[n]} "* ]] || continue
		printf '%s\n' "${row_text[n]}"
	done
}

# Compares with the lines on standard input; the columns there may be padded.
compare_rows() { # device|all [SEQ]
	local words expected='' got=''
	while read -ra words || [[ ${words[*]-} ]]; do
		[[ ${#words[@]} -eq 0 || ${words[0]} == \#* ]] || expected+="${words[*]}"$'\n'
	done
	digest
	rows "$@" >"$scratch/got"
	IFS= read -rd '' got <"$scratch/got" || true
	[[ $got == "$expected" ]] || fail "other rows${2:+ of ping $2} than expected:"$'\n'"$(
		diff -U99 --label expected --label got <(printf '%s' "$expected") "$scratch/got" || true)"
}

# The devices alone.
expect_hops() { # [SEQ]
	compare_rows device "$@"
}

# Devices and chains.
expect_rows() { # [SEQ]
	compare_rows all "$@"
}

# Drops alone; where the kernel has no reasons, they are not compared.
expect_drops() { # [SEQ]
	if has_reasons; then
		compare_rows drop "$@"
	else
		compare_rows drop "$@" < <(sed -E 's/ [A-Z][A-Z0-9_]*( (in|fragment) .*)?$/ -\1/')
	fi
}

# Kernels tell why they drop since 5.17.
has_reasons() {
	kernel_since 5 17
}

kernel_since() { # MAJOR MINOR
	local release
	release=$(uname -r)
	[[ ! $release =~ ^([0-9]+)\.([0-9]+) ]] ||
		((BASH_REMATCH[1] > $1 || (BASH_REMATCH[1] == $1 && BASH_REMATCH[2] >= $2)))
}

# What is told in the end, a line for each of the words for programs and people: "OUTCOME CAUSE: TEXT",
# where CAUSE may be "-". Lines on standard input; none: there is nothing to tell.
expect_outcome() {
	local line expected='' got=''
	while read -r line || [[ $line ]]; do
		expected+=$line$'\n'
	done
	digest
	for line in ${outcomes[@]+"${outcomes[@]}"}; do
		got+=$line$'\n'
	done
	[[ $got == "$expected" ]] || fail "another outcome than expected:"$'\n'"$(
		diff -U99 --label expected --label got <(printf '%s' "$expected") <(printf '%s' "$got") || true)"
}

# The same as a user sees it: the last line of the table, of a run by run_tracepkt.
expect_last_line() { # TEXT
	local line last=
	while read -r line; do
		last=$line
	done <"$out"
	[[ $last == "$1" ]] || fail "the last line is: $last"
}

# The names from `ip netns` where there are. (A wrong one shows in the rows.)
expect_netns_names() {
	local n
	digest
	for n in "${!row_text[@]}"; do
		[[ ${row_text[n]} == '- '* || ${row_called[n]} == "${row_text[n]%% *}" ]] ||
			fail "no name of the namespace: ${row_text[n]}"
	done
}

# ---- what is left behind -------------------------------------------------------------------------

tracepkt_processes() {
	local exe
	for exe in /proc/[0-9]*/exe; do
		[[ ! $exe -ef $TRACEPKT ]] || echo "${exe//[^0-9]/}"
	done
}

leftovers() {
	compgen -G "$TMPDIR/tracepkt*" || true
}

# Has the run in the background made its directory, so that it is about to compile?
has_directory() {
	compgen -G "$TMPDIR/tracepkt-*" >/dev/null
}

# Our programs that the kernel holds now and did not at the start: "ID NAME". Those of other runs of
# tracepkt on this machine are among them.
new_programs() {
	local id name
	local -A before=()
	while read -r id name; do
		before[$id]=1
	done <"$scratch/programs.before"
	"$E2E_TOOLS/bpfprogs" | while read -r id name; do
		[[ $name != on_* || ${before[$id]-} ]] || echo "$id $name"
	done
}

all_gone() { # FILE with lines of new_programs
	! new_programs | grep -qxFf "$1"
}

# No process, no directory; and the programs that are loaded now end soon: ours are gone or being
# freed, those of scenarios beside us end with their runs.
expect_nothing_left() {
	local left
	left=$(tracepkt_processes)
	[[ ! $left ]] || fail "tracepkt still runs as $left"
	left=$(leftovers)
	[[ ! $left ]] || fail "left in TMPDIR: $left"
	new_programs >"$scratch/programs.now"
	[[ ! -s $scratch/programs.now ]] || wait_until "$limit" all_gone "$scratch/programs.now" ||
		fail "programs stay in the kernel: $(cat "$scratch/programs.now")"
}

if [[ ${E2E_WORLD-} ]]; then
	world_set_up
else
	world_enter "$@"
fi
