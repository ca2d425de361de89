# shellcheck shell=bash disable=SC2154
# For scenarios of lost pings, after lib.sh.

# one_link whose stations need not ask for each other.
two_stations() {
	one_link
	knows a eth0 192.0.2.2 b eth0
	knows b eth0 192.0.2.1 a eth0
}

mac() { # NS DEVICE
	local text
	text=$(ns_ip "$1" -o link show "$2")
	[[ $text =~ link/ether' '([0-9a-f:]+) ]] && echo "${BASH_REMATCH[1]}"
}

# A neighbour that is not asked for.
knows() { # NS DEVICE ADDRESS OF-NS OF-DEVICE
	ns_ip "$1" neigh replace "$3" lladdr "$(mac "$4" "$5")" dev "$2" nud permanent
}

# One ping is lost, and told why.
expect_lost() { # "lost: ..." ARGUMENT...
	run_tracepkt -W 0.3 "${@:2}"
	expect_status 1
	expect_last_line "$1"
}

# The same in the words for programs, too.
expect_told() { # "OUTCOME CAUSE: lost: ..." ARGUMENT...
	trace -W 0.3 "${@:2}"
	expect_status 1
	expect_outcome <<<"$1"
}

# Where the kernel has reasons, the first text, else the second.
by_reasons() { # WITH WITHOUT
	if has_reasons; then echo "$1"; else echo "$2"; fi
}

# Can the kernel do a part of a scenario? Else that is left out.
part() { # WHAT COMMAND...
	local text
	"${@:2}" >"$scratch/part" 2>&1 && return
	text=$(<"$scratch/part")
	kernel_lacks "$text" || fail "$1: $text"
	echo "without $1: ${text%%$'\n'*}"
	return 1
}

# A command in the machine's first network namespace; see the scenarios that use it.
in_first() { # COMMAND...
	nsenter --net="/proc/self/fd/$first" "$@"
}
