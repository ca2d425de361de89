#!/bin/bash
# Boots a kernel of kernels.txt under QEMU with the host's root, read-only below a scratch layer,
# and runs one command or scenario in it. Its output, kernel messages and exit status are passed on as
# they are.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
die_status=125
passed='CI TRACEPKT TRACEPKT_ARGS E2E_TOOLS E2E_LIMIT E2E_SCENARIO_LIMIT E2E_CACHE'

usage() {
	cat <<-'USAGE'
		usage: run.sh [OPTION]... LABEL SCENARIO
		       run.sh [OPTION]... LABEL [--] COMMAND [ARGUMENT]...
		  --headers      with the kernel's headers (/lib/modules/VERSION/build)
		  --docker       with Debian's Docker in /usr
		  --hide-btf     with an empty /sys/kernel/btf
		  --nic          with a network card (virtio_net, to be loaded) that nothing is connected to
		  --smp N        with N processors (1)
		  --max-smp N    and room for N (8)
		  --icount       with a clock that counts instructions, a nanosecond each, while there is
		                 something to do: what else the host does does not show
		  --timeout S    give up after S seconds (600; 0: never)
		  --quiet        no kernel messages on standard error
		  --interactive  on a terminal: the command gets it as its own
		The command runs as root in the checkout's folder, with the environment variables that
		test/e2e/lib.sh names, and those that TRACEPKT_VM_PASS names. There is no network but lo, and
		with --nic a card without a network. The program is $TRACEPKT (default: build/plain/tracepkt).
		Exit status: the command's; 124 if time is up; 125 if the guest died or could not be started.
	USAGE
}

parse_options() {
	headers='' docker='' hide_btf='' nic='' icount='' quiet='' interactive='' timeout=600 smp=1 max_smp=8
	while [[ ${1-} == -* ]]; do
		case $1 in
		--headers) headers=1 ;;
		--docker) docker=1 ;;
		--hide-btf) hide_btf=1 ;;
		--nic) nic=1 ;;
		--icount) icount=1 ;;
		--quiet) quiet=1 ;;
		--interactive) interactive=1 ;;
		--max-smp)
			max_smp=${2-}
			shift
			;;
		--smp | --timeout)
			printf -v "${1#--}" %s "${2-}"
			shift
			;;
		--timeout=*) timeout=${1#*=} ;;
		-h | --help) usage; exit 0 ;;
		*) usage >&2; exit "$die_status" ;;
		esac
		shift
	done
	[[ $timeout =~ ^[0-9]+$ ]] || die "--timeout wants a number of seconds"
	[[ $smp =~ ^[1-9][0-9]*$ && $max_smp =~ ^[1-9][0-9]*$ ]] ||
		die "--smp and --max-smp want a number of processors"
	label=${1-}
	shift || true
	if [[ $# -eq 1 ]] && script_of "$1" >/dev/null; then
		set -- -- "$vm_dir/scenarios.sh" "$1"
	fi
	[[ ${1-} != -- ]] || shift
	command=("$@")
	export TRACEPKT E2E_TOOLS E2E_LIMIT E2E_SCENARIO_LIMIT E2E_CACHE
	[[ $label && ${#command[@]} -gt 0 ]] || { usage >&2; exit "$die_status"; }
	require_label "$label"
}

# The trees to lay over the host's root, the uppermost last.
fetch_trees() {
	trees=("$label/tree")
	fetch_for "$label" ${headers:+--headers} ${docker:+--docker} >/dev/null || exit "$die_status"
	[[ -z $headers ]] || trees+=("$label-headers")
	[[ -z $docker ]] || trees+=(docker)
}

passed_environment() {
	local name
	printf '%s\0' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 "TERM=${TERM:-dumb}" "TRACEPKT_VM=$label"
	for name in $passed ${TRACEPKT_VM_PASS-}; do
		[[ ! -v $name ]] || printf '%s=%s\0' "$name" "${!name}"
	done
}

# What init and start are to find.
write_orders() {
	mkdir "$run/orders"
	printf '%s\n' "${trees[@]}" >"$run/orders/trees"
	printf '%s\0' "${command[@]}" >"$run/orders/command"
	passed_environment >"$run/orders/environment"
	printf '%s' "$repo_dir" >"$run/orders/directory"
	printf '%s' ":$repo_dir/:$cache_dir/" >"$run/orders/visible"
	[[ -z $interactive ]] || stty size | awk '{ print "rows", $1, "cols", $2 }' >"$run/orders/interactive"
}

# The pipes that QEMU writes to, and who reads them. QEMU writing to our standard output itself
# would truncate it, were it a file.
start_readers() {
	mkfifo "$run"/{out,err,console}.pipe
	cat "$run/out.pipe" &
	readers+=($!)
	cat "$run/err.pipe" >&2 &
	readers+=($!)
	sed -u -e 's/\r//g' -e '/sysrq: Resetting$/d' "$run/console.pipe" | tee "$run/console.log" >&"$console_fd" &
	readers+=($!)
}

# Readers of pipes that QEMU never opened see their end now.
finish_readers() {
	local pipe
	for pipe in "$run"/*.pipe; do
		: <>"$pipe"
	done
	wait "${readers[@]}" || true
}

# shellcheck disable=SC2054  # the commas are QEMU's
qemu_command() {
	# Nothing that costs time: no speculation fences, no five-level page tables, no watchdogs that
	# mistake a slow machine for a stuck one. An oops ends the guest: a trace must not cause any.
	local append="console=ttyS0 quiet panic=-1 oops=panic mitigations=off no5lvl nowatchdog"
	# QEMU translates code once for an address: the same in all processes, a program starts in a third
	# of the time.
	append+=" norandmaps"
	append+=" no_timer_check tsc=reliable rcupdate.rcu_cpu_stall_suppress=1 random.trust_cpu=on"
	append+=" apparmor=0 vm_run=${run##*/} vm_name=linux-${label//./-}${hide_btf:+ vm_hide_btf=1}"

	# Instructions can be counted in one thread only.
	local threads=multi
	[[ ! $icount ]] || threads=single
	# More processors may come than do: for kernels that make room by their number (kretprobes).
	# If this script is killed, timeout and QEMU go with it.
	qemu=(setpriv --pdeathsig KILL timeout ${interactive:+--foreground} -k 5 "$timeout"
		setpriv --pdeathsig KILL qemu-system-x86_64
		-nodefaults -no-user-config -no-reboot -display none -nic none
		-machine pc -accel "tcg,thread=$threads" -cpu max -smp "$smp,maxcpus=$max_smp" -m 2G
		-kernel "$cache_dir/$label/vmlinux" -initrd "$run/initramfs" -append "$append"
		-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"
		-virtfs "local,path=$cache_dir,mount_tag=cache,security_model=none,readonly=on"
		-device virtio-serial -chardev "file,id=status,path=$run/status"
		-device virtserialport,chardev=status,name=status)
	# The card has carrier and gets rid of what it is to send, but there is nothing it could go to. QEMU
	# warns of that. (At a hub with nothing else the packets would wait in the card for ever.)
	[[ ! $nic ]] || qemu+=(-device virtio-net-pci,romfile=)
	[[ ! $icount ]] || qemu+=(-icount shift=0)
	if [[ $interactive ]]; then
		qemu+=(-chardev stdio,id=console,signal=off -serial chardev:console)
	else
		qemu+=(-chardev "file,id=console,path=$run/console.pipe" -serial chardev:console
			-chardev "file,id=out,path=$run/out.pipe" -device virtserialport,chardev=out,name=out
			-chardev "file,id=err,path=$run/err.pipe" -device virtserialport,chardev=err,name=err)
	fi
}

boot() {
	local saved
	qemu_command
	if [[ $interactive ]]; then
		saved=$(stty -g)
		"${qemu[@]}" || qemu_status=$?
		stty "$saved"
	else
		start_readers
		"${qemu[@]}" </dev/null &
		qemu_pid=$!
		wait "$qemu_pid" || qemu_status=$?
		finish_readers
	fi
}

# Without a status from the guest, says why and shows its last words.
report() {
	local message
	if [[ -s $run/status ]]; then
		exit "$(<"$run/status")"
	fi
	case $qemu_status in
	124 | 137) message="no end after $timeout seconds"; qemu_status=124 ;;
	*) message="the guest died before the command ended"; qemu_status=125 ;;
	esac
	echo "run.sh: kernel $label: $message; its last words:" >&2
	[[ ! -e $run/console.log ]] || tail -n 60 "$run/console.log" | sed 's/^/  | /' >&2
	exit "$qemu_status"
}

# shellcheck disable=SC2317  # called by the trap
clean_up() {
	trap - EXIT
	kill ${qemu_pid:+"$qemu_pid"} "${readers[@]}" 2>/dev/null || true
	wait
	rm -rf "$run"
}

parse_options "$@"
need qemu-system-x86_64 timeout setpriv
fetch_trees
cache_dir=$(cd "$cache_dir" && pwd)
qemu_pid='' qemu_status=0 readers=()
# What a SIGKILL left, long ago.
find "$cache_dir" -maxdepth 1 \( -name 'run.*' -o -name '.fetch.*' \) -mmin +1440 -exec rm -rf {} +
run=$(mktemp -d "$cache_dir/run.XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [[ $quiet ]]; then
	exec {console_fd}>/dev/null
else
	exec {console_fd}>&2
fi
write_orders
"$vm_dir/image.sh" "$cache_dir/$label" "$run/initramfs"
boot
report
