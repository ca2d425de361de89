# shellcheck shell=bash
# What every scenario sources: it is moved into a world of its own, then has commands to build a
# network there, to run tracepkt, and to say what must come out.
#
# The world is a network namespace with nothing but lo, a mount namespace with a /run of its own (so
# `ip netns` names are private) and a process namespace, so that all ends with the scenario.
# In the environment:
#   TRACEPKT       the program
#   TRACEPKT_ARGS  options for every run, e.g. "--attach=tracepoint" or "--types=headers"
#   E2E_TOOLS      directory of the programs built from tools/*.c
#   E2E_LIMIT      seconds that one run may take (30)
#   CI             if "true", a missing tool is a failure and not a reason to skip
set -Eeuo pipefail

# Messages are compared, and wherever the tests are, /sbin belongs to the path.
export LC_ALL=C.UTF-8 PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

fail() {
	printf 'FAIL: %s:%s: %s\n' "$(basename "$0")" "$(caller_line)" "$*" >&2
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
	need_tool unshare ip jq ping
	[[ -x ${TRACEPKT-} ]] || fail 'TRACEPKT does not name the program'
	[[ -d ${E2E_TOOLS-} ]] || fail 'E2E_TOOLS does not name the directory of the helpers; use run.sh'
	TRACEPKT=$(readlink -f "$TRACEPKT") E2E_TOOLS=$(readlink -f "$E2E_TOOLS") E2E_WORLD=$$ \
		exec unshare --net --mount --pid --fork --kill-child --mount-proc -- bash "$0" "$@"
}

world_set_up() {
	trap 'exit 130' INT TERM # the first process of a namespace ignores what it does not handle
	trap 'printf "FAIL: %s:%s: %s\n" "$(basename "$0")" "$LINENO" "$BASH_COMMAND" >&2' ERR
	trap world_end EXIT
	mount -t tmpfs -o mode=755 tmpfs /run
	scratch=/run/scratch
	mkdir -p "$scratch" "$scratch/tmp"
	out=$scratch/stdout err=$scratch/stderr
	touch "$out" "$err"
	export TMPDIR=$scratch/tmp
	# A report of a sanitizer must not pass for "no reply came".
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99"
	export UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99:print_stacktrace=1"
	read -ra extra_args <<<"${TRACEPKT_ARGS-}"
	hide_tracefs
	[[ " ${TRACEPKT_ARGS-} " != *" --attach=tracepoint "* ]] || mount_tracefs
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

# So that nothing is there but what a scenario mounts: raw tracepoints need no tracefs.
hide_tracefs() {
	local dir
	for dir in /sys/kernel/debug /sys/kernel/tracing; do
		[[ ! -d $dir ]] || mount -t tmpfs -o ro none "$dir"
	done
}

mount_tracefs() {
	mount -t tracefs nodev /sys/kernel/tracing 2>/dev/null || skip 'this kernel has no tracefs'
}

# ---- networks: "-" is the world's own namespace ----------------------------------------------

declare -A ns_inode=()

in_ns() { # NS COMMAND...
	local ns=$1
	shift
	if [[ $ns == - ]]; then "$@"; else nsenter --net="/run/netns/$ns" "$@"; fi
}

ns_ip() { # NS ARGUMENT...
	in_ns "$1" ip "${@:2}"
}

# What is the same in all namespaces: no waiting for duplicate addresses, no foreign answers.
ns_prepare() { # NS
	local ns=$1
	ns_ip "$ns" link set lo up
	ns_inode[$ns]=$(in_ns "$ns" stat -Lc %i /proc/self/ns/net)
	ns_sysctl "$ns" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0
	[[ ! -d /proc/sys/net/ipv6 ]] ||
		ns_sysctl "$ns" net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0
}

ns_add() { # NS...
	local ns
	for ns; do
		ip netns add "$ns"
		ns_prepare "$ns"
	done
}

ns_sysctl() { # NS KEY=VALUE...
	local ns=$1 setting key
	shift
	for setting; do
		key=${setting%%=*}
		# shellcheck disable=SC2016
		in_ns "$ns" bash -c 'echo "$1" >"/proc/sys/$2"' - "${setting#*=}" "${key//.//}"
	done
}

router() { # NS...
	local ns
	for ns; do
		ns_sysctl "$ns" net.ipv4.ip_forward=1
		[[ ! -d /proc/sys/net/ipv6 ]] || ns_sysctl "$ns" net.ipv6.conf.all.forwarding=1
	done
}

need_ipv6() {
	[[ -e /proc/net/if_inet6 ]] || skip 'this kernel has no IPv6'
}

# A device that not every kernel has.
link_or_skip() { # NS NAME [link DEVICE] type KIND...
	local kind=' ' text
	[[ " $* " =~ ' type '([^ ]+) ]] && kind=${BASH_REMATCH[1]}
	text=$(ns_ip "$1" link add "${@:2}" 2>&1) && return
	[[ ! $text =~ 'Unknown device type'|'not supported' ]] ||
		skip "this kernel has no $kind devices (ip link: ${text%%$'\n'*})"
	fail "ip link add ${*:2}: $text"
}

up() { # NS DEVICE...
	local dev
	for dev in "${@:2}"; do
		ns_ip "$1" link set "$dev" up
	done
}

addr() { # NS DEVICE ADDRESS/LENGTH...
	local a
	for a in "${@:3}"; do
		if [[ $a == *:* ]]; then
			ns_ip "$1" addr add "$a" dev "$2" nodad
		else
			ns_ip "$1" addr add "$a" dev "$2"
		fi
	done
}

route() { # NS ROUTE...
	ns_ip "$1" route add "${@:2}"
}

veth() { # NS1 DEVICE1 NS2 DEVICE2
	local at=() to=()
	[[ $1 == - ]] || at=(netns "$1")
	[[ $3 == - ]] || to=(netns "$3")
	ip link add "$2" ${at[@]+"${at[@]}"} type veth peer name "$4" ${to[@]+"${to[@]}"}
	up "$1" "$2"
	up "$3" "$4"
}

# A tun or tap device whose other end answers pings; see tools/tunecho.c.
tunecho() { # NS OPTION... DEVICE
	local prefix=() log=$scratch/tunecho
	[[ $1 == - ]] || prefix=(nsenter --net="/run/netns/$1")
	[[ -c /dev/net/tun ]] || skip 'no /dev/net/tun'
	: >"$log"
	${prefix[@]+"${prefix[@]}"} "$E2E_TOOLS/tunecho" "${@:2}" >"$log" 2>&1 &
	tunecho=$!
	wait_until 10 grep -Eq 'ready|:' "$log" || fail "tunecho ${*:2} does not start"
	! grep -q 'TUNSETIFF: Invalid argument' "$log" ||
		skip "this kernel's tun devices cannot do ${*:2}"
	grep -q ready "$log" || fail "tunecho ${*:2}: $(cat "$log")"
}

tunecho_end() {
	kill "$tunecho"
	wait "$tunecho" 2>/dev/null || true
}

bridge_add() { # NS BRIDGE PORT...
	local port
	ns_ip "$1" link add "$2" type bridge
	up "$1" "$2"
	for port in "${@:3}"; do
		ns_ip "$1" link set "$port" master "$2"
	done
}

# The hardware address of a device.
mac() { # NS DEVICE
	ns_ip "$1" -j link show "$2" | jq -r '.[0].address'
}

# Waits until a condition holds, at most SECONDS; false if it never does.
wait_until() { # SECONDS COMMAND...
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.02
	done
}

# Until addresses, routes and neighbours are usable, which also makes them known.
wait_ping() { # NS ADDRESS [OPTION...]
	wait_until 10 in_ns "$1" ping -qnc1 -W1 "${@:3}" "$2" >/dev/null 2>&1 ||
		fail "the network is not usable: $1 cannot ping $2"
}

# ---- netfilter ---------------------------------------------------------------------------------

need_kprobes() {
	# as the program finds out; without, it says so and shows no chains
	[[ -e /sys/bus/event_source/devices/kprobe/type ]] || skip 'this kernel has no kprobes'
}

# Chains are traced if their module is there before the run begins, with types of it. The tools load
# it as they are used, here in a namespace that is gone at once.
need_netfilter() { # TOOL...
	local module
	need_kprobes
	need_tool "$@"
	unshare --net bash -c '
		iptables-legacy -S
		[[ ! -e /proc/net/if_inet6 ]] || ip6tables-legacy -S
		nft "add table inet t"' >/dev/null 2>&1 || true
	[[ ! -e /lib/modules/$(uname -r)/build/include/linux/kconfig.h ]] || return 0
	for module in ip_tables ip6_tables nf_tables; do
		[[ ! -e /sys/module/$module/initstate || -e /sys/kernel/btf/$module ]] ||
			skip "there are no types for netfilter: neither BTF of $module nor headers"
	done
}

# Only in a guest are modules loaded and unloaded by hand.
need_br_netfilter() {
	[[ ! ${TRACEPKT_VM-} || -e /sys/module/br_netfilter ]] || {
		modprobe br_netfilter
		unload_at_end=br_netfilter # for it changes the ways of all bridges
	}
	[[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] || skip 'br_netfilter is not loaded'
}

need_no_module() { # MODULE...
	local module
	for module; do
		[[ -e /sys/module/$module ]] || continue
		[[ ${TRACEPKT_VM-} && -e /sys/module/$module/initstate ]] || skip "$module is loaded"
		wait_until 20 unload "$module" || fail "$module cannot be unloaded"
	done
}

# With those that use it; false while there is a namespace that does.
unload() { # MODULE
	local user
	for user in "/sys/module/$1/holders/"*; do
		[[ ! -e $user ]] || unload "$(basename "$user")" || return
	done
	[[ ! -e /sys/module/$1 ]] || rmmod "$1" 2>/dev/null
}

# Rules as text, of iptables-save or nft.
rules() { # NS PROGRAM < RULES
	local program=$2
	case $program in
	nft) in_ns "$1" nft -f - ;;
	*) in_ns "$1" "$program-restore" -n ;;
	esac || fail "$program does not take the rules"
}

# The five tables with all their chains, which accept everything. The chains of nat see something
# only if there are connections, for which a rule must ask.
all_tables() { # NS PROGRAM
	local table chain chains
	for table in raw mangle nat filter security; do
		case $table in
		raw) chains='PREROUTING OUTPUT' ;;
		mangle) chains='PREROUTING INPUT FORWARD OUTPUT POSTROUTING' ;;
		nat) chains='PREROUTING INPUT OUTPUT POSTROUTING' ;;
		*) chains='INPUT FORWARD OUTPUT' ;;
		esac
		echo "*$table"
		for chain in $chains; do
			echo ":$chain ACCEPT [0:0]"
		done
		[[ $table != filter ]] || echo '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT'
		echo COMMIT
	done | rules "$1" "$2"
}

# ---- runs --------------------------------------------------------------------------------------

limit=${E2E_LIMIT:-30}

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
	# A background job of a script would ignore SIGINT, and tracepkt inherit that.
	env --default-signal=INT,QUIT "$TRACEPKT" ${extra_args[@]+"${extra_args[@]}"} -o json "$@" \
		>"$out" 2>"$err" &
	tracer=$!
}

# Has a file so many lines?
has_lines() { # FILE N
	(($(wc -l <"$1") >= $2))
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
	((status != 124 && status != 137)) || [[ ${may_be_killed-} ]] ||
		fail "tracepkt did not end within $limit s"
	((status != 99)) || fail 'a sanitizer found something'
	! grep -vq '^tracepkt: ' "$err" ||
		fail 'a line on standard error does not start with "tracepkt: "'
}

# ---- assertions ----------------------------------------------------------------------------------

expect_status() { # N
	[[ $status -eq $1 ]] || fail "exit status $status, expected $1"
}

expect_stderr_line() { # EXTENDED-REGULAR-EXPRESSION of a whole line, without "tracepkt: "
	grep -Eq "^tracepkt: ($1)\$" "$err" || fail "no line on standard error like: $1"
}

# Standard error without the note on chains that this machine does not let us show.
stderr_without_note() {
	local part='netfilter chains are not shown: this kernel has no kprobes \([^;]*\)'
	part+='|(ip|ip6)tables chains are not shown: (ip|ip6)_tables is not loaded \(modprobe (ip|ip6)_tables\)'
	part+='|nftables chains are not shown: nf_tables is not loaded \(modprobe nf_tables\)'
	part+='|(iptables|nftables|iptables and nftables) chains are not shown: '
	part+='the kernel has no BTF of their module; install [^;]*'
	grep -Exv "tracepkt: ($part)(; ($part))*" "$err" || true
}

# Nothing there but that note.
expect_no_stderr() {
	[[ ! $(stderr_without_note) ]] || fail 'something on standard error'
}

# An error as it should be: status 2, one line, no output.
expect_error() { # EXTENDED-REGULAR-EXPRESSION
	expect_status 2
	expect_stderr_line "$1"
	[[ $(stderr_without_note | wc -l) -eq 1 ]] || fail 'more than one line on standard error'
	[[ ! -s $out ]] || fail 'something on standard output'
}

expect_jq() { # FILTER ARGUMENT-OF-JQ...: must be true for the whole output, as an array
	jq -se "${@:2}" "$1" "$out" >/dev/null || fail "not so: $1 ${*:2}"
}

# {"4026531833": "name", ...}
netns_map() {
	local ns
	for ns in "${!ns_inode[@]}"; do
		printf '%s\t%s\n' "${ns_inode[$ns]}" "$ns"
	done | jq -Rn '[inputs / "\t" | {key: .[0], value: .[1]}] | from_entries'
}

# Each object has its keys, of the right types, in the order of time, and the summary is the last.
check_json() {
	local wrong
	wrong=$(jq -ser '
		def is(t): type == t;
		def natural: type == "number" and . >= 0 and floor == .;
		def chain: (.backend | IN("iptables", "nftables"))
			and (if .backend == "nftables" then .table_family | IN("ip", "ip6", "inet", "bridge", "netdev")
			     else has("table_family") | not end)
			and ([.table, .chain] | all(is("string") and . != ""))
			and (.hook | IN("prerouting", "input", "forward", "output", "postrouting", "ingress", "egress"))
			and (.backend == "nftables" or (.chain | ascii_downcase) == .hook)
			and (.verdict | is("string"));
		def hop: (.time_ns | natural) and (.seq | natural and . > 0) and (.cpu | natural)
			and (.netns | natural and . > 0)
			and has("netns_name") and (.netns_name | is("string") or . == null)
			and (.ifname | is("string") and . != "") and (.ifindex | natural and . > 0)
			and (.type | IN("request", "reply", "error")) and (.family | IN(4, 6))
			and (.src | is("string")) and (.dst | is("string"))
			and (.event != "device" or ((.probe | is("string")) and (.dir | IN("tx", "rx"))))
			and (.event != "netfilter" or chain);
		def summary: (.sent | natural) and (.received | natural)
			and has("rtt_ns") and (if .received == 0 then .rtt_ns == null else .rtt_ns | natural end)
			and (.outcome | is("string")) and (.lost_events | natural);
		(.[:-1][] | select(.event == "summary" or (hop | not)) | "wrong object: \(.)"),
		(.[-1] | select(.event != "summary" or (summary | not)) | "wrong last object: \(.)"),
		(.[:-1] | group_by(.seq)[]
			| select(map(.time_ns) as $t | $t != ($t | sort)) | "not in the order of time: \(.)")
		' "$out") || true
	[[ ! $wrong ]] || fail "$wrong"
}

# What the packet passed, in order, a line each; with KIND all, chains too:
#   NETNS IFNAME DIR   TYPE SRC DST
#   NETNS IFNAME chain TYPE SRC DST [FAMILY] TABLE.CHAIN[@HOOK] VERDICT
# FAMILY is there for nftables only, and @HOOK where the chain is not called as its hook. Where
# $only_devices is set (a list of names), what belongs to other devices is left out.
rows() { # device|all [SEQ]
	jq -r --arg kind "$1" --argjson seq "${2:-0}" --argjson map "$(netns_map)" \
		--arg only "${only_devices-}" '
		($only | split(" ")) as $only
		| select((.event == "device" or ($kind == "all" and .event == "netfilter"))
			and ($seq == 0 or .seq == $seq) and ($only == [] or (.ifname | IN($only[]))))
		| ($map["\(.netns)"] // "netns:\(.netns)") as $name
		| [(if .netns_name == null or .netns_name == $name then $name
		    else "\($name)(called \(.netns_name))" end),
		   .ifname, .dir // "chain", .type, .src, .dst]
		  + (if .event == "device" then [] else
		     [.table_family // empty, "\(.table).\(.chain)"
		      + (if (.chain | ascii_downcase) == .hook then "" else "@\(.hook)" end), .verdict] end)
		| join(" ")' "$out"
}

hops() { # [SEQ]
	rows device "$@"
}

# Compares with the lines on standard input; the columns there may be padded.
compare_rows() { # device|all [SEQ]
	check_json
	tr -s ' \t' ' ' | sed 's/^ //; s/ $//; /^#/d; /^$/d' >"$scratch/expected"
	rows "$@" >"$scratch/got"
	diff -U99 --label expected --label got "$scratch/expected" "$scratch/got" >"$scratch/diff" ||
		fail "other rows${2:+ of ping $2} than expected:"$'\n'"$(cat "$scratch/diff")"
}

# The devices alone.
expect_hops() { # [SEQ]
	compare_rows device "$@"
}

# Devices and chains.
expect_rows() { # [SEQ]
	compare_rows all "$@"
}

# No names from `ip netns` for what has none, and the names where there are.
expect_netns_names() {
	local missing
	missing=$(jq -r --argjson map "$(netns_map)" 'select(.event == "device")
		| select($map["\(.netns)"] != "-" and .netns_name != $map["\(.netns)"])' "$out")
	[[ ! $missing ]] || fail "no name of the namespace: $missing"
}

# ---- what is left behind -------------------------------------------------------------------------

tracepkt_processes() {
	local exe
	for exe in /proc/[0-9]*/exe; do
		[[ $(readlink "$exe" 2>/dev/null) != "$TRACEPKT" ]] || echo "${exe//[^0-9]/}"
	done
}

leftovers() {
	find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'tracepkt*'
}

# Has the run in the background made its directory, so that it is about to compile?
has_directory() {
	compgen -G "$TMPDIR/tracepkt-*" >/dev/null
}

# Our programs that the kernel holds now and did not at the start: "ID NAME". Those of other runs of
# tracepkt on this machine are among them.
new_programs() {
	"$E2E_TOOLS/bpfprogs" | grep ' on_' | grep -vxFf "$scratch/programs.before" || true
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
